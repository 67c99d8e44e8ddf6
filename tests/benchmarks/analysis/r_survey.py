"""The same job by R's `survey`, where it is installed: time, and agreement to many digits.

R takes each agency in turn through all rows, so it is run for a few agencies and the time of all
of them is extrapolated from the slope.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

from analysis.estimates import DomainMeans
from tests.benchmarks.analysis.respondents import (
    KNOWN,
    SCORES,
    Respondents,
    code_columns,
    draw_respondents,
    estimate_indices,
    score_items,
)
from tests.benchmarks.analysis.rounds import Line, take_turns, write_line

FEW, MORE = 2, 8
PATIENCE = 120
SCRIPT = """
suppressMessages(library(survey))
folder <- commandArgs(TRUE)[1]
counts <- as.integer(commandArgs(TRUE)[2:3])
rows <- read.csv(file.path(folder, "rows.csv"), stringsAsFactors = TRUE)
totals <- read.csv(file.path(folder, "totals.csv"))
clock <- function(expression) system.time(expression)[["elapsed"]]
seconds <- c(calibrate = clock({
  design <- svydesign(ids = ~unit, strata = ~stratum, weights = ~w, data = rows)
  terms <- colnames(model.matrix(~age + sex + area, rows[1:10, ]))
  known <- setNames(totals$total, totals$term)[terms]
  design <- calibrate(design, ~age + sex + area, known, calfun = "raking", epsilon = 1e-12)
}))
by <- function(count) {
  svyby(SCORES, ~agency, subset(design, agency < count), svymean)
}
seconds["few"] <- clock(by(counts[1]))
seconds["more"] <- clock(found <- by(counts[2]))
write.csv(format(found, digits = 17), file.path(folder, "found.csv"), row.names = FALSE)
cat(seconds)
""".replace("SCORES", "~" + " + ".join(SCORES))


def measure() -> list[Line]:
    """R's time for 30,000 rows beside ours and the largest relative difference; or a word why."""
    if missing := find_missing():
        print(f"  {missing}, so R is not compared.")
        return []
    people = draw_respondents(30_000)
    coded, scores = code_columns(people), score_items(people)
    ours = median(take_turns({"job": lambda: estimate_indices(coded, scores)}, 9)["job"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_rows(folder, people, scores)
        try:
            calibrated, few, more = run_script(folder)
        except subprocess.TimeoutExpired:
            print(f"  R took more than {PATIENCE} s, so it is not compared.")
            return []
        found = pl.read_csv(folder / "found.csv")
    slope = (more - few) / (MORE - FEW)
    whole = calibrated + few + slope * (coded.agencies - FEW)
    reference = (
        f"our {ours:.3f} s; R EXTRAPOLATED from {slope:.3f} s an agency ({FEW} and {MORE} run)"
    )
    worst = compare_values(estimate_indices(coded, scores), found)
    return [
        write_line("r_survey_30k_extrapolated", whole, "s", reference, whole / ours),
        write_line("r_survey_30k_largest_difference", worst, "relative"),
    ]


def find_missing() -> str:
    """What R lacks, as the start of a sentence; empty when nothing."""
    if shutil.which("Rscript") is None:
        return "Rscript is not installed"
    asked = "quit(status = !requireNamespace('survey', quietly = TRUE))"
    done = subprocess.run(["Rscript", "-e", asked], check=False, capture_output=True)
    return "R has no package survey" if done.returncode else ""


def write_rows(folder: Path, people: Respondents, scores: np.ndarray) -> None:
    """The rows with their scores, and the totals by the names that R gives to terms."""
    columns = dict(zip(SCORES, scores.T, strict=True))
    rows = people.frame.select("stratum", "unit", "agency", *KNOWN, "w").with_columns(**columns)
    rows.write_csv(folder / "rows.csv")
    terms = {"(Intercept)": sum(people.totals["sex"].values())}
    for variable, known in people.totals.items():
        terms |= {f"{variable}{level}": total for level, total in known.items()}
    table = pl.DataFrame({"term": list(terms), "total": list(terms.values())})
    table.write_csv(folder / "totals.csv")


def run_script(folder: Path) -> tuple[float, float, float]:
    """Seconds of calibration, of a few agencies and of some more."""
    script = folder / "job.R"
    script.write_text(SCRIPT)
    done = subprocess.run(
        ["Rscript", str(script), str(folder), str(FEW), str(MORE)],
        check=True, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    calibrated, few, more = map(float, done.stdout.split())
    return calibrated, few, more


def compare_values(ours: DomainMeans, found: pl.DataFrame) -> float:
    """Largest relative difference of the estimates and standard errors that R gave."""
    agency = found["agency"].to_numpy()
    estimates = found.select(SCORES).to_numpy().astype(np.float64)
    errors = found.select(f"se.{name}" for name in SCORES).to_numpy().astype(np.float64)
    return max(
        float(np.abs(ours.estimate[agency] / estimates - 1).max()),
        float(np.abs(ours.se[agency] / errors - 1).max()),
    )
