"""Pytest plugin: remembers which rows of the mission each test proves, and how each test ended.

When WEIR_TEST_RESULTS names a file, the controlling process writes there at the end
`{"totals": {...}, "rows": {"D02": [[test, outcome], ...]}}`; tests/rows.py reads it.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROW_ID = re.compile(r"[A-Z]\d{2}")
PROPERTY = "mission_row"
# The worse outcome of set-up, call and tear-down stands for the test.
RANK = {"passed": 0, "skipped": 1, "failed": 2}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks become properties of the test, which travel from the workers to the controller."""
    for item in items:
        for mark in item.iter_markers("row"):
            wrong = [row for row in mark.args if not ROW_ID.fullmatch(str(row))]
            if wrong or not mark.args or mark.kwargs:
                raise pytest.UsageError(f"{item.nodeid}: row takes ids like 'D02', not {mark}")
            item.user_properties.extend((PROPERTY, row) for row in mark.args)


def pytest_configure(config: pytest.Config) -> None:
    file = os.environ.get("WEIR_TEST_RESULTS")
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(Path(file)), "weir-recorder")


class Recorder:
    """Collects the reports of all workers and writes them once."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.outcomes: dict[str, str] = {}
        self.rows: dict[str, set[str]] = defaultdict(set)
        file.unlink(missing_ok=True)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        before = self.outcomes.get(report.nodeid, "passed")
        self.outcomes[report.nodeid] = max(before, report.outcome, key=RANK.__getitem__)
        for name, value in report.user_properties:
            if name == PROPERTY:
                self.rows[str(value)].add(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        # A file that cannot be collected is a failure, a file that skips itself a skip.
        if report.outcome != "passed":
            self.outcomes[report.nodeid or "collection"] = report.outcome

    def pytest_sessionfinish(self) -> None:
        totals = dict.fromkeys(RANK, 0)
        for outcome in self.outcomes.values():
            totals[outcome] += 1
        rows = {
            row: [[test, self.outcomes[test]] for test in sorted(tests)]
            for row, tests in sorted(self.rows.items())
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(
            json.dumps({"totals": totals, "rows": rows}, indent=1, ensure_ascii=False), "utf-8"
        )
