"""Population means from volunteers: by weights, by imputation, and by both."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.arrays import Floats
from analysis.errors import DataError
from analysis.selection.outcomes import Outcome
from analysis.selection.pairing import Pair, check_answers
from analysis.selection.propensity import Selection
from analysis.variance import estimate_covariance

Denominator = Literal["estimated", "population"]


@dataclass(frozen=True, eq=False)
class VolunteerEstimate:
    """A population mean estimated from volunteers, with the variance of both samples.

    Attributes
    ----------
    method : {"weighting", "imputation", "doubly robust"}
    estimate, se : float
    variance_volunteers, variance_reference : float
        What either sample adds to the variance.
    answers : (m,) float
    influence, thinning : (m,) float
        Linearised variable of each volunteer, and the factor of its square: 1 - propensity where
        volunteering is the random part, 1 where the answer is.
    counter_influence : (n,) float
        Linearised variable of the probability sample, to be totalled with its weights.
    pair : Pair
    """

    method: str
    estimate: float
    se: float
    variance_volunteers: float
    variance_reference: float
    answers: Floats
    influence: Floats
    thinning: Floats
    counter_influence: Floats
    pair: Pair

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Normal confidence interval."""
        reach = float(stats.norm.ppf((1 + confidence) / 2)) * self.se
        return self.estimate - reach, self.estimate + reach


def estimate_by_weighting(
    selection: Selection, answers: npt.ArrayLike, *, denominator: Denominator = "estimated"
) -> VolunteerEstimate:
    """Mean of the volunteers' answers with their pseudo-weights.

    Parameters
    ----------
    selection : Selection
    answers : (m,) float
    denominator : {"estimated", "population"}
        Divide by the sum of the pseudo-weights, or by that of the probability sample's weights.

    Raises
    ------
    DataError
        If there is not one answer per volunteer.

    References
    ----------
    Chen, Li & Wu (2020), JASA 115, 2011-2021: the estimators IPW1 and IPW2 and their plug-in
    variance, with volunteers as a Poisson sample.
    """
    pair = selection.pair
    y = check_answers(answers, pair)
    w = selection.weight
    own = denominator == "estimated"
    size = float(w.sum()) if own else pair.size
    mean = float(w @ y) / size
    influence, counter = _weighted_part(selection, y - mean if own else y, size)
    if not own:
        counter = counter - mean / size
    linear = _Linear(influence, 1 - selection.volunteers, counter)
    return _conclude("weighting", mean, y, linear, pair)


def estimate_by_imputation(outcome: Outcome) -> VolunteerEstimate:
    """Mean of the probability sample's predicted answers.

    Parameters
    ----------
    outcome : Outcome

    References
    ----------
    Kim, Park, Chen & Wu (2021), Journal of the Royal Statistical Society A 184, 941-963; by
    neighbours: Yang, Kim & Hwang (2021), Survey Methodology 47, 29-58.
    """
    pair = outcome.pair
    mean = float(pair.weight @ outcome.reference) / pair.size
    influence = outcome.leverage * (outcome.answers - outcome.volunteers)
    counter = (outcome.reference - mean) / pair.size
    linear = _Linear(influence, np.ones_like(influence), counter)
    return _conclude("imputation", mean, outcome.answers, linear, pair)


def estimate_doubly_robust(
    selection: Selection, outcome: Outcome, *, denominator: Denominator = "estimated"
) -> VolunteerEstimate:
    """Mean that is right when either the propensities or the predictions are.

    Parameters
    ----------
    selection : Selection
    outcome : Outcome
        Of the same volunteers and probability sample.
    denominator : {"estimated", "population"}
        Of the weighted residuals, as in `estimate_by_weighting`.

    Raises
    ------
    DataError
        If the two do not speak of the same samples.

    References
    ----------
    Chen, Li & Wu (2020), JASA 115, 2011-2021: the estimators DR1 and DR2. The variance holds
    when the propensities are right.
    """
    pair = selection.pair
    if len(outcome.answers) != len(selection.weight) or outcome.pair.design is not pair.design:
        raise DataError("Selection and outcome come from different samples: use the same two.")
    w, residual = selection.weight, outcome.answers - outcome.volunteers
    own = denominator == "estimated"
    size = float(w.sum()) if own else pair.size
    lift = float(w @ residual) / size
    imputed = float(pair.weight @ outcome.reference) / pair.size
    influence, counter = _weighted_part(selection, residual - lift if own else residual, size)
    counter = counter + (outcome.reference - imputed) / pair.size
    if not own:
        counter = counter - lift / size
    linear = _Linear(influence, 1 - selection.volunteers, counter)
    return _conclude("doubly robust", lift + imputed, outcome.answers, linear, pair)


def _weighted_part(selection: Selection, deviation: Floats, size: float) -> tuple[Floats, Floats]:
    """Linearised sum of weighted deviations over both samples, the fitted weights included."""
    pull = ((selection.weight - 1) * deviation) @ selection.pair.volunteers
    slope = np.linalg.solve(selection.information, pull)
    influence = (deviation * selection.weight - selection.score @ slope) / size
    return influence, -(selection.counter_score @ slope) / size


@dataclass(frozen=True, eq=False)
class _Linear:
    """The linearised mean: terms of the volunteers, their thinning, terms of the reference."""

    influence: Floats
    thinning: Floats
    counter: Floats


def _conclude(
    method: str, mean: float, answers: Floats, linear: _Linear, pair: Pair
) -> VolunteerEstimate:
    first, second = add_variances(linear.influence, linear.thinning, linear.counter, pair)
    return VolunteerEstimate(
        method=method,
        estimate=mean,
        se=float(np.sqrt(first + second)),
        variance_volunteers=first,
        variance_reference=second,
        answers=answers,
        influence=linear.influence,
        thinning=linear.thinning,
        counter_influence=linear.counter,
        pair=pair,
    )


def add_variances(
    influence: Floats, thinning: Floats, counter: Floats, pair: Pair
) -> tuple[float, float]:
    """Variance that the volunteers and that the probability sample adds."""
    inside = np.where(pair.weight > 0, counter, 0.0)
    reference = float(estimate_covariance(pair.design, inside[:, None])[0, 0])
    return float(thinning @ influence**2), reference
