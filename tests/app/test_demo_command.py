"""The whole main job through the command, on a twentieth of the demo's dossiers."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROW = re.compile(r"^.{58} +(\d+\.\d\d) +(\d+\.\d\d) +(\d+\.\d\d)$", re.MULTILINE)


def run_demo(var: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "app", "demo", "--once", "--scale", "0.05", "--cases", "300"],
        env=environment | {"SIPAS_VAR": str(var), "SIPAS_PORT": "18477"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_demo_ends_with_a_table_and_finds_its_database_again(tmp_path: Path) -> None:
    first = run_demo(tmp_path)
    rows = ROW.findall(first)
    assert len(rows) > 20
    assert all(0 <= float(low) <= float(index) <= float(high) <= 100 for index, low, high in rows)
    assert "answers are simulated" in first
    assert "Wrote 300 simulated reflections of a year" in first
    assert "With network: 5 taps stored. Without: 5 taps wait." in first
    assert "Sent twice for want of an answer: 5 stored, then 5 the same." in first
    assert re.findall(r"waiting +(\d+) +last number +(\d+) +lost (\d+)", first) == [
        ("0", "5", "0"), ("5", "0", "0"), ("0", "5", "0"), ("0", "5", "0"),
    ]  # fmt: skip
    second = run_demo(tmp_path)
    assert "Two kiosks enrol" not in second
    assert "simulated reflections" not in second
    assert "Writing the register" not in second
    assert ROW.findall(second) == rows
