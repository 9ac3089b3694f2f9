"""What `bin/test rows` says of a row is what its tests did, and nothing better."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import rows

ROOT = Path(__file__).resolve().parents[2]
PAPER = """
| ID | What | Source | Feature | For | Pri | Test |
|---|---|---|---|---|---|---|
| **A** | **Contract** | | | | | |
| A00 | Contract as control | S2 | a \\| b | cm | C | do it |
| A01 | Territory | S2 | x | cm, di | S | try |
| X01 | Not ours | S2 | x | - | X | none |
"""
EXAMPLE = """
import pytest

@pytest.mark.row("A00", "A01")
def test_good(): pass

@pytest.mark.row("A01")
def test_bad(): assert False

@pytest.mark.row("B02")
def test_absent(): pytest.skip("no data")

def test_plain(): pass
"""


def run(folder: Path, source: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_example.py").write_text(source, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = row(*ids): rows\n")
    env = os.environ | {"PYTHONPATH": str(ROOT), "WEIR_TEST_RESULTS": str(folder / "r.json")}
    env.pop("PYTEST_XDIST_WORKER", None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.plugin_rows", *options]
    return subprocess.run(command, cwd=folder, env=env, text=True, capture_output=True)


def test_mission_is_read_by_row() -> None:
    wishes = rows.read_mission(PAPER)
    assert list(wishes) == ["A00", "A01", "X01"]
    assert wishes["A00"] == rows.Wish("A00", "Contract as control", "C")
    assert [wish.priority for wish in wishes.values()] == ["C", "S", "X"]


@pytest.mark.parametrize(
    ("outcomes", "word"),
    [
        ([], "no test"),
        (["passed", "passed"], "passed"),
        (["passed", "failed"], "failed"),
        (["skipped", "failed"], "failed"),
        (["passed", "skipped"], "skipped"),
    ],
)
def test_one_failure_unproves_a_row(outcomes: list[str], word: str) -> None:
    assert rows.verdict(outcomes) == word


@pytest.mark.parametrize("workers", [["-n", "2"], ["-p", "no:xdist"]], ids=["two", "one"])
def test_outcomes_come_back_from_the_tests(tmp_path: Path, workers: list[str]) -> None:
    assert run(tmp_path, EXAMPLE, *workers).returncode == 1
    results = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert results["totals"] == {"passed": 2, "skipped": 1, "failed": 1}
    assert results["rows"] == {
        "A00": [["test_example.py::test_good", "passed"]],
        "A01": [
            ["test_example.py::test_bad", "failed"],
            ["test_example.py::test_good", "passed"],
        ],
        "B02": [["test_example.py::test_absent", "skipped"]],
    }
    lines = rows.report(rows.read_mission(PAPER), results["rows"])
    assert "A01  S  failed   Territory" in lines
    assert "X01  X  no test  Not ours" in lines
    assert "B02  -  skipped" in lines
    assert "rows of priority C: 1 passed, 0 failed, 0 skipped, 0 no test" in lines
    assert rows.closing(results["totals"], 3, 1) == "5 passed, 2 failed, 1 skipped"


def test_a_file_that_cannot_be_collected_counts_as_failed(tmp_path: Path) -> None:
    assert run(tmp_path, "import nothing_of_that_name").returncode == 2
    totals = json.loads((tmp_path / "r.json").read_text("utf-8"))["totals"]
    assert totals == {"passed": 0, "skipped": 0, "failed": 1}


def test_a_wrong_row_stops_the_run(tmp_path: Path) -> None:
    done = run(tmp_path, 'import pytest\n@pytest.mark.row("d2")\ndef test_x(): pass\n')
    assert done.returncode == 4
    assert "row takes ids" in done.stderr
