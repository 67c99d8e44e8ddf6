"""svymean, svytotal, svyratio, svyvar, and svyby of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from scipy import stats

from analysis.arrays import Bools
from analysis.codes import to_frame
from analysis.design import Design
from analysis.estimates import (
    Estimates,
    Missing,
    Quantiles,
    WoodruffMethod,
    estimate_covariances,
    estimate_level_shares,
    estimate_level_totals,
    estimate_means,
    estimate_quantiles,
    estimate_ratios,
    estimate_totals,
    estimate_variances,
)
from analysis.intervals import find_critical_value
from analysis.replicates import count_df
from tests.analysis.reference_runner.cases import Case
from tests.analysis.reference_runner.designs import add_column, build_design
from tests.analysis.reference_runner.expressions import evaluate, read_vector
from tests.analysis.reference_runner.syntax import (
    Call,
    Constant,
    Expression,
    Name,
    deparse,
    parse,
)

Rows = list[dict[str, Any]]
QUANTILES: dict[str, WoodruffMethod] = {
    "mean": "t",
    "xlogit": "logit",
    "asin": "arcsine",
    "beta": "korn_graubard",
}


def read_call(case: Case) -> Call:
    """The R call of a case."""
    call = parse(case.spec["r_call"])
    if not isinstance(call, Call):
        raise TypeError(f"{case.id} is no call")
    return call


def split_terms(formula: Expression | None) -> list[Expression]:
    """Terms of a one-sided formula, joined by plus signs."""
    if formula is None:
        return []
    if isinstance(formula, Call) and formula.function == "~":
        return split_terms(formula.arguments[-1][1])
    if isinstance(formula, Call) and formula.function == "+" and len(formula.arguments) == 2:
        return [term for _, part in formula.arguments for term in split_terms(part)]
    return [formula]


def add_terms(design: Design, terms: Sequence[Expression]) -> tuple[Design, list[str]]:
    """The design with a column for every term that is not one already; the columns' names."""
    names = []
    for term in terms:
        name = term.name if isinstance(term, Name) else deparse(term)
        if name not in design.data.columns:
            values = evaluate(term, design.data)
            if values.dtype == pl.Boolean:
                # R makes a factor of a logical column.
                values = values.cast(pl.String).str.to_uppercase()
            design = add_column(design, name, values)
        names.append(name)
    return design, names


def design_df(design: Design) -> int:
    """Degrees of freedom as R's degf() counts them."""
    return design.df if design.replicates is None else count_df(design.replicates)


def read_flag(call: Call, name: str) -> Any:
    """The value of a named constant argument, None where it is not given."""
    value = call.get(99, name)
    return value.value if isinstance(value, Constant) else None


def make_rows(
    estimates: Estimates | Quantiles, df: float, components: Sequence[str] | None = None
) -> Rows:
    """Rows with both intervals of the reference."""
    rows = []
    names = list(estimates.table["component"]) if components is None else list(components)
    normal = stats.norm.ppf(0.975)
    student = float(find_critical_value(0.95, float(df)))
    for place, record in enumerate(estimates.table.iter_rows(named=True)):
        estimate, se = _real(record["estimate"]), _real(record["se"])
        row = {
            "component": names[place],
            "estimate": estimate,
            "se": se,
            "ci95_normal": [estimate - normal * se, estimate + normal * se],
            "ci95_t": [estimate - student * se, estimate + student * se],
        }
        if estimates.by:
            row["domain"] = {name: record[name] for name in estimates.by}
        if "deff" in record:
            row["deff"] = record["deff"]
        rows.append(row)
    return rows


def _real(value: float | None) -> float:
    return np.nan if value is None else value


def is_category(design: Design, name: str) -> bool:
    """Whether R would make a factor of the column."""
    return not design.data[name].dtype.is_numeric() and design.data[name].dtype != pl.Boolean


def keep_rows(design: Design) -> Bools:
    """Rows as R keeps them: a calibrated design has those outside a later subset, without weight."""
    calibrations = design.weights.calibrations
    return np.asarray(calibrations[0].before != 0) if calibrations else design.inside


def count_rows(design: Design) -> int:
    """How many rows R keeps."""
    return int(np.count_nonzero(keep_rows(design)))


def keep_levels(design: Design) -> Design:
    """The design without labels in rows that R does not keep: a level found only there is none."""
    kept = pl.Series(keep_rows(design))
    texts = [name for name in design.data.columns if is_category(design, name)]
    columns = [pl.when(kept).then(pl.col(name)).alias(name) for name in texts]
    return replace(design, data=to_frame(design.data.with_columns(columns)))


def estimate_statistic(
    design: Design, statistic: str, call: Call, by: Sequence[str] = ()
) -> Estimates:
    """Means, totals or ratios of the call's first formula."""
    missing: Missing = "complete" if read_flag(call, "na.rm") else "fail"
    deff = {True: "without", "replace": "with"}.get(read_flag(call, "deff"))
    terms = split_terms(call.arguments[0][1])
    design, names = add_terms(design, terms)
    options: dict[str, Any] = {"missing": missing, "deff": deff}
    if statistic == "svyratio":
        below = call.get(2, "denominator") if by else call.get(1, "denominator")
        design, denominators = add_terms(design, split_terms(below))
        pairs = [(above, under) for under in denominators for above in names]
        return estimate_ratios(design, pairs, by, **options)
    if statistic == "svyciprop":
        (term,) = terms
        design = add_column(design, names[0], evaluate(term, design.data).cast(pl.Float64))
        return estimate_means(design, names, by)
    if statistic == "svyvar":
        return recount_rows(estimate_variances(design, names, by, missing=missing))
    levels = [is_category(design, name) for name in names]
    if any(levels) and not all(levels):
        design, names = indicate_levels(design, names)
        levels = []
    if any(levels) and statistic == "svytotal":
        return estimate_level_totals(design, names, by, missing=missing)
    functions: dict[str, Callable[..., Estimates]] = {
        "svymean": estimate_level_shares if any(levels) else estimate_means,
        "svytotal": estimate_totals,
    }
    return functions[statistic](design, names, by, **options)


def indicate_levels(design: Design, names: Sequence[str]) -> tuple[Design, list[str]]:
    """An indicator per level in place of every category."""
    made = []
    for name in names:
        if not is_category(design, name):
            made.append(name)
            continue
        column = design.data[name]
        for level in column.drop_nulls().unique().sort():
            design = add_column(design, f"{name}{level}", (column == level).cast(pl.Float64))
            made.append(f"{name}{level}")
    return design, made


def run_plain(case: Case) -> tuple[Rows, dict[str, Any]]:
    """svymean, svytotal and svyratio of the whole design."""
    design = build_design(case)
    call = read_call(case)
    estimates = estimate_statistic(design, call.function, call)
    df = design_df(design)
    extra: dict[str, Any] = {"df": df}
    if len(estimates.table) > 1:
        extra["vcov"] = estimates.covariance()
    return make_rows(estimates, df), extra


def run_by(case: Case) -> tuple[Rows, dict[str, Any]]:
    """svyby: the same by domain; R names the rows by level, and by variable if several."""
    design = build_design(case)
    call = read_call(case)
    by_terms = split_terms(call.arguments[1][1])
    design, by = add_terms(design, by_terms)
    statistic = [value.name for _, value in call.arguments[2:] if isinstance(value, Name)][-1]
    estimates: Estimates | Quantiles
    if statistic == "svyquantile":
        design, names = add_terms(design, split_terms(call.arguments[0][1]))
        estimates = estimate_points(design, names, call, by)
    else:
        estimates = estimate_statistic(design, statistic, call, by)
    components = name_rows(estimates.table, by)
    df = design_df(design)
    rows = make_rows(estimates, df, components)
    # R counts the units of the whole domain, those without an answer too.
    counted = estimate_totals(
        add_column(design, "one", pl.repeat(1.0, len(design.data), eager=True)), ["one"], by
    )
    known = {
        record[: len(by)]: record[len(by) + 3]
        for record in counted.table.select(*by, pl.exclude(by)).rows()
    }
    for row in rows:
        row["df_domain"] = known[tuple(row["domain"].values())]
    extra: dict[str, Any] = {"df": df}
    if "vcov" in case.spec and isinstance(estimates, Estimates):
        extra["vcov"] = estimates.covariance()
    return rows, extra


def name_rows(table: pl.DataFrame, by: Sequence[str]) -> list[str]:
    """Names of svyby's rows: the level, and what is estimated where that is more than one."""
    several = table["component"].n_unique() > 1
    points = "p" in table.columns and table["p"].n_unique() > 1
    names = []
    for record in table.iter_rows(named=True):
        level = ".".join(str(record[name]) for name in by)
        what = record["component"] + (f".{record['p']:g}" if points else "")
        names.append(f"{level}:{what}" if several or points else level)
    return names


def estimate_points(
    design: Design, names: Sequence[str], call: Call, by: Sequence[str] = ()
) -> Quantiles:
    """The quantiles of a call, of the rule and with the interval that it names."""
    asked = call.get(99, "quantiles") if by else call.get(2, "quantiles")
    levels = [0.25, 0.5, 0.75] if asked is None else [float(str(x)) for x in read_vector(asked)]
    alpha = read_flag(call, "alpha")
    return estimate_quantiles(
        design,
        names,
        levels,
        by,
        interval=QUANTILES[read_flag(call, "interval.type") or "mean"],
        rule=read_flag(call, "qrule") or "math",
        missing="complete" if read_flag(call, "na.rm") else "fail",
        confidence=0.95 if alpha is None else 1 - alpha,
    )


def recount_rows(estimates: Estimates) -> Estimates:
    """Variances with R's n / (n - 1), in which n counts rows without an answer too."""
    used, missing = (estimates.table[name].cast(pl.Float64) for name in ("n", "missing"))
    rows = used + missing
    factor = (used - 1) / used * rows / (rows - 1)
    table = estimates.table.with_columns(pl.col("estimate") * factor, pl.col("se") * factor)
    return replace(estimates, table=table)


def run_variance(case: Case) -> tuple[Rows, dict[str, Any]]:
    """svyvar: one variance with its standard error, or a covariance matrix."""
    design = build_design(case)
    call = read_call(case)
    design, names = add_terms(design, split_terms(call.arguments[0][1]))
    missing: Missing = "complete" if read_flag(call, "na.rm") else "fail"
    estimates = estimate_covariances(design, names, missing=missing)
    df = design_df(design)
    estimates = recount_rows(estimates)
    if len(names) == 1:
        return make_rows(estimates, df), {"df": df}
    matrix = np.zeros((len(names), len(names)))
    place = 0
    for row in range(len(names)):
        for column in range(row, len(names)):
            matrix[row, column] = matrix[column, row] = estimates.estimate[place]
            place += 1
    return [{"component": "covariance", "matrix": matrix}], {"df": df}


ESTIMATORS = {
    "svymean": run_plain,
    "svytotal": run_plain,
    "svyratio": run_plain,
    "svyby": run_by,
    "svyvar": run_variance,
}
