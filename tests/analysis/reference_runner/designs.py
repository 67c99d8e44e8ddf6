"""The design of a case, built and weighted by the module under test."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from analysis.codes import to_frame
from analysis.design import Design, describe_design, narrow
from analysis.formulas import build_matrix
from analysis.replicates import Kind, give_replicates, make_replicates
from analysis.weighting import calibrate, poststratify, rake, trim
from tests.analysis.reference_runner.cases import Case, read_table
from tests.analysis.reference_runner.expressions import evaluate
from tests.analysis.reference_runner.syntax import parse

KINDS: dict[str, Kind] = {"JK1": "JK1", "JKn": "JKn", "BRR": "BRR", "Fay": "Fay"}


def build_design(case: Case) -> Design:
    """The design of a case; built once for all cases of a file that share it."""
    name = case.spec["design"]
    if name not in case.cache:
        case.cache[name] = _build(case)
    made: Design = case.cache[name]
    return made


def _build(case: Case) -> Design:
    spec = case.design
    frame = case.read_data(spec["data"])
    for column, text in spec.get("derive", {}).items():
        frame = frame.with_columns(evaluate(parse(text), frame).alias(column))
    design = describe_design(
        frame,
        units=_as_list(spec.get("ids")),
        strata=_as_list(spec.get("strata")),
        populations=_as_list(spec.get("fpc")),
        weight=spec.get("weights"),
        nest=bool(spec.get("nest", False)),
        lonely=spec.get("lonely", "fail"),
        adjust_domain_lonely=bool(spec.get("adjust_domain_lonely", False)),
    )
    for step in spec.get("steps", []):
        design = take_step(design, step)
    if design.replicates is not None and design.replicates.kind == "given":
        design = _read_replicates(case, design)
    return design


def take_step(design: Design, step: Mapping[str, Any]) -> Design:
    """The design after one step of the specification."""
    kind = step["op"]
    if kind == "postStratify":
        ((term, totals),) = read_margins([step]).items()
        return poststratify(design, term, totals)
    if kind == "rake":
        return rake(design, read_margins(step["margins"]), unweighted_residuals=True)
    if kind == "calibrate":
        low, high = step.get("bounds", (-np.inf, np.inf))
        return calibrate(
            design,
            step["formula"],
            _name_totals(design, step),
            method=step["calfun"],
            bounds=(low, high),
        )
    if kind == "trimWeights":
        return trim(
            design,
            upper=_number(step.get("upper"), np.inf),
            lower=_number(step.get("lower"), 0.0),
            strict=bool(step.get("strict", False)),
        )
    if kind == "subset":
        inside = evaluate(parse(step["expr"]), design.data).fill_null(value=False)
        return narrow(design, inside.cast(pl.Boolean).to_numpy())
    if kind == "as.svrepdesign":
        return _replicate(design, step)
    raise ValueError(f"The runner does not know the step {kind}")


def _name_totals(design: Design, step: Mapping[str, Any]) -> dict[str, float]:
    """Totals by column; a bare list is in the order of the model matrix."""
    totals = step["totals"]
    if isinstance(totals, Mapping):
        return dict(totals)
    names = build_matrix(design.data, step["formula"]).names
    return dict(zip(names, totals, strict=True))


def _replicate(design: Design, step: Mapping[str, Any]) -> Design:
    """Replicates of our own where they are determined, otherwise those of the file."""
    if step["type"] in ("JK1", "JKn"):
        return make_replicates(design, KINDS[step["type"]], centred=bool(step.get("mse", False)))
    weight = design.weights.final
    return give_replicates(design, weight[:, None], scale=1.0, rscales=np.ones(1))


def _read_replicates(case: Case, design: Design) -> Design:
    spec = case.design
    table = read_table(case.directory / spec["replicate_weights_file"]).to_numpy()
    whole = np.zeros((len(design.data), table.shape[1]))
    rows = np.flatnonzero(design.inside) if len(table) < len(whole) else np.arange(len(whole))
    whole[rows] = table
    weighted = replace(design, weights=replace(design.weights, final=whole[:, 0]))
    rscales = np.broadcast_to(np.asarray(spec["replicate_rscales"], float), table.shape[1] - 1)
    return give_replicates(
        weighted,
        whole[:, 1:],
        scale=float(spec["replicate_scale"]),
        rscales=rscales,
        centred=bool(spec["replicate_mse"]),
    )


def read_margins(margins: Sequence[Mapping[str, Any]]) -> dict[Any, dict[Any, float]]:
    """Margins as the weighting room takes them."""
    found: dict[Any, dict[Any, float]] = {}
    for margin in margins:
        variables = tuple(_as_list(margin["vars"]))
        columns = [_as_list(margin["levels"][name]) for name in variables]
        totals = _as_list(margin["totals"])
        found[variables] = dict(zip(zip(*columns, strict=True), totals, strict=True))
    return found


def add_column(design: Design, name: str, values: pl.Series) -> Design:
    """The design with one more column to estimate from."""
    return replace(design, data=to_frame(design.data.with_columns(values.alias(name))))


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _number(value: Any, default: float) -> float:
    return float(value) if isinstance(value, int | float) else default
