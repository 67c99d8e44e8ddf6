import numpy as np
import pytest

from analysis.selection import (
    estimate_by_imputation,
    estimate_by_weighting,
    estimate_doubly_robust,
    fit_selection,
    impute_by_model,
)
from tests.analysis.selection_cases import FORMULA, draw, estimate_all


@pytest.fixture(scope="module")
def repeated() -> dict[str, list[tuple[float, float, bool]]]:
    """Error, variance and coverage of every estimator over 250 draws."""
    results: dict[str, list[tuple[float, float, bool]]] = {}
    for seed in range(250):
        drawn = draw(seed)
        naive = float(drawn.volunteers["y"].to_numpy().mean()) - drawn.truth
        results.setdefault("naive", []).append((naive, 0.0, False))
        for name, found in estimate_all(drawn).items():
            low, high = found.interval()
            held = low <= drawn.truth <= high
            results.setdefault(name, []).append((found.estimate - drawn.truth, found.se**2, held))
    return results


ESTIMATORS = ["weighting", "population", "calibrated", "imputation", "robust", "robust population"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ESTIMATORS)
def test_volunteers_are_mended_and_their_error_is_known(
    repeated: dict[str, list[tuple[float, float, bool]]], name: str
) -> None:
    error, variance, held = (np.array(column) for column in zip(*repeated[name], strict=True))
    naive = np.mean([row[0] for row in repeated["naive"]])
    assert naive > 0.4
    assert abs(error.mean()) < naive / 20
    # 250 draws tell a variance to about 9 %.
    assert variance.mean() == pytest.approx(error.var(), rel=0.25)
    assert 0.91 <= held.mean() <= 0.985


@pytest.mark.slow
def test_predictions_save_what_wrong_propensities_spoil() -> None:
    errors: dict[str, list[float]] = {"weighting": [], "robust": []}
    for seed in range(40):
        drawn = draw(seed)
        y = drawn.volunteers["y"]
        wrong = fit_selection(drawn.volunteers, drawn.reference, "urban")
        outcome = impute_by_model(drawn.volunteers, drawn.reference, FORMULA, y)
        errors["weighting"].append(estimate_by_weighting(wrong, y).estimate - drawn.truth)
        errors["robust"].append(estimate_doubly_robust(wrong, outcome).estimate - drawn.truth)
    assert abs(np.mean(errors["weighting"])) > 0.2
    assert abs(np.mean(errors["robust"])) < 0.04


@pytest.mark.slow
def test_propensities_save_what_wrong_predictions_spoil() -> None:
    errors: dict[str, list[float]] = {"imputation": [], "robust": []}
    for seed in range(40):
        drawn = draw(seed, curved=0.5)
        y = drawn.volunteers["y"]
        selection = fit_selection(drawn.volunteers, drawn.reference, FORMULA)
        outcome = impute_by_model(drawn.volunteers, drawn.reference, FORMULA, y)
        errors["imputation"].append(estimate_by_imputation(outcome).estimate - drawn.truth)
        robust = estimate_doubly_robust(selection, outcome)
        errors["robust"].append(robust.estimate - drawn.truth)
    assert abs(np.mean(errors["robust"])) < 0.5 * abs(np.mean(errors["imputation"]))
