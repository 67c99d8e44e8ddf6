"""What people of the probability sample would have answered, learnt from the volunteers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from analysis.arrays import Floats
from analysis.codes import Columns
from analysis.design import Design, describe_design
from analysis.errors import DataError
from analysis.models import fit_regression
from analysis.models.families import FAMILIES, Family
from analysis.selection.pairing import Pair, check_answers, pair_samples


@dataclass(frozen=True, eq=False)
class Outcome:
    """Predicted answers of both samples.

    Attributes
    ----------
    pair : Pair
    answers : (m,) float
        The volunteers' own.
    volunteers, reference : (m,), (n,) float
        Predictions.
    leverage : (m,) float
        What the imputed mean moves by per unit of a volunteer's residual; 0 by neighbours, where
        the volunteers are taken to be many more than the probability sample.
    """

    pair: Pair
    answers: Floats
    volunteers: Floats
    reference: Floats
    leverage: Floats


def impute_by_model(
    volunteers: Columns,
    reference: Design,
    formula: str,
    answers: npt.ArrayLike,
    *,
    family: Family = "gaussian",
) -> Outcome:
    """Answers predicted by a regression on the volunteers.

    Parameters
    ----------
    volunteers : frame or mapping of columns
    reference : Design
    formula : str
        Right-hand side.
    answers : (m,) float
        The volunteers' answers.
    family : {"gaussian", "binomial", "poisson"}

    Raises
    ------
    DataError
        If the samples do not fit each other or the model cannot be fitted.

    References
    ----------
    Kim, Park, Chen & Wu (2021), Journal of the Royal Statistical Society A 184, 941-963.
    """
    pair = pair_samples(volunteers, reference, formula)
    y = check_answers(answers, pair)
    columns = {f"x{place}": column for place, column in enumerate(pair.volunteers.T[1:])}
    # As a sample of the volunteers themselves every one of them counts the same.
    design = describe_design(columns or {"x": np.zeros(len(y))})
    model = fit_regression(design, f"y ~ {' + '.join(columns) or '1'}", family, response=y)
    curve = FAMILIES[family]
    own, others = (side @ model.coefficients for side in (pair.volunteers, pair.reference))
    pull = (pair.weight * curve.slope(others)) @ pair.reference / pair.size
    bread = (pair.volunteers * curve.slope(own)[:, None]).T @ pair.volunteers
    leverage = pair.volunteers @ np.linalg.solve(bread, pull)
    return Outcome(pair, y, curve.mean(own), curve.mean(others), leverage)


def impute_by_neighbours(
    volunteers: Columns,
    reference: Design,
    formula: str,
    answers: npt.ArrayLike,
    *,
    count: int = 5,
    standardise: bool = True,
) -> Outcome:
    """Answers predicted by the mean of the nearest volunteers.

    Parameters
    ----------
    volunteers : frame or mapping of columns
    reference : Design
    formula : str
        Columns of the distance.
    answers : (m,) float
    count : int
        Neighbours.
    standardise : bool
        Measure every column in its standard deviations among the volunteers.

    Raises
    ------
    DataError
        If the samples do not fit each other or there are fewer volunteers than neighbours.

    References
    ----------
    Yang, Kim & Hwang (2021), Survey Methodology 47, 29-58; Rivers (2007), Sampling for web
    surveys, Proceedings of the Joint Statistical Meetings.
    """
    pair = pair_samples(volunteers, reference, formula)
    y = check_answers(answers, pair)
    if not 0 < count < len(y):
        raise DataError(f"{count} neighbours cannot be found among {len(y)} volunteers.")
    scale = pair.volunteers[:, 1:].std(axis=0) if standardise else np.ones(len(pair.names) - 1)
    own, others = (side[:, 1:] / scale for side in (pair.volunteers, pair.reference))
    tree = KDTree(own)
    near = np.reshape(tree.query(others, k=count)[1], (len(others), count))
    # A volunteer is nearest to themselves; their own answer does not predict it.
    beside = np.reshape(tree.query(own, k=count + 1)[1], (len(own), count + 1))[:, 1:]
    reference_mean = np.where(pair.weight > 0, y[near].mean(axis=1), 0.0)
    return Outcome(pair, y, y[beside].mean(axis=1), reference_mean, np.zeros(len(y)))
