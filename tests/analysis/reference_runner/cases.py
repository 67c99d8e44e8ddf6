"""Cases and designs as the files hold them."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

DEFAULT = Path(__file__).parent.parent / "reference"


def find_directory() -> Path:
    """The directory of the cases: REFERENCE_DIR, or the one beside the tests."""
    return Path(os.environ.get("REFERENCE_DIR", DEFAULT))


@dataclass(frozen=True, eq=False)
class Case:
    """One call with the values that R gave."""

    file: str
    directory: Path
    spec: Mapping[str, Any]
    design: Mapping[str, Any]
    cache: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.spec["id"])

    @property
    def estimator(self) -> str:
        return str(self.spec["estimator"])

    def read_data(self, name: str) -> pl.DataFrame:
        """A table of the data folder, `NA` for missing."""
        return read_table(self.directory / "data" / name)


def read_table(path: Path) -> pl.DataFrame:
    """A CSV file with `NA` for missing values; TRUE and FALSE stay logical."""
    return pl.read_csv(path, null_values=["NA"], infer_schema_length=None)


def read_cases(directory: Path) -> list[Case]:
    """Every case of every `expected_*.json`, in a fixed order."""
    cases = []
    for path in sorted(directory.glob("expected_*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        cache: dict[str, Any] = {}
        cases += [
            Case(path.name, directory, spec, content["designs"][spec["design"]], cache)
            for spec in content["cases"]
        ]
    return cases
