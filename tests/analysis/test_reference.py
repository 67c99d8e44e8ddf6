"""Every case of the reference files, within its tolerance; none left out."""

import pytest

from analysis.errors import AnalysisError
from tests.analysis.reference_estimators import ESTIMATORS
from tests.analysis.reference_runner.cases import Case, find_directory, read_cases
from tests.analysis.reference_runner.comparing import compare
from tests.analysis.reference_runner.reporting import Report


def run_case(case: Case) -> list[str]:
    """What is wrong with one case."""
    try:
        rows, extra = ESTIMATORS[case.estimator](case)
    except AnalysisError as error:
        return [] if case.spec.get("expect_error") else [f"{type(error).__name__}: {error}"]
    except Exception as error:  # noqa: BLE001 - one broken case must not hide the others
        lines = str(error).strip().splitlines() or [""]
        return [f"{type(error).__name__}: {lines[0]}"]
    if case.spec.get("expect_error"):
        return ["gave figures where R refuses"]
    return compare(case, rows, extra)


@pytest.mark.reference
def test_every_case_equals_r(capsys: pytest.CaptureFixture[str]) -> None:
    cases = read_cases(find_directory())
    assert cases, f"there are no expected_*.json in {find_directory()}"
    report = Report()
    for case in cases:
        if case.estimator not in ESTIMATORS:
            report.add(case.file, case.estimator, "not supported")
            continue
        problems = run_case(case)
        report.add(case.file, case.estimator, "failed" if problems else "passed")
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            report.problems.append(f"{case.file} {case.id}: {problems[0]}{more}")
    with capsys.disabled():
        print("\n" + report.render())
    assert not report.problems, "\n".join(report.problems)
    unsupported = {key[1] for key in report.counts if key[2] == "not supported"}
    assert not unsupported
