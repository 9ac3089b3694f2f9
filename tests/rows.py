"""Prints each row of the mission with the tests that bear its mark and how they ended.

Reads the results that tests/plugin_rows.py wrote and ../shared/design/mission.md beside the
project; where the paper is absent the marks alone are listed.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MISSION = ROOT.parent / "shared" / "design" / "mission.md"
ROW = re.compile(r"^\|\s*(?P<id>[A-Z]\d{2})\s*\|(?P<cells>.*)\|\s*$")


@dataclass(frozen=True)
class Wish:
    """A row of the paper: its id, what it is called and its priority (C, S, P, X or '')."""

    id: str
    title: str
    priority: str


def read_mission(text: str) -> dict[str, Wish]:
    """Rows of the paper by id, in its order."""
    wishes: dict[str, Wish] = {}
    for line in text.splitlines():
        if match := ROW.match(line):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", match["cells"])]
            priority = next((c for c in cells[1:] if c in {"C", "S", "P", "X"}), "")
            wishes.setdefault(match["id"], Wish(match["id"], cells[0], priority))
    return wishes


def verdict(outcomes: list[str]) -> str:
    """One word for a row: only tests that all passed prove it."""
    if not outcomes:
        return "no test"
    if "failed" in outcomes:
        return "failed"
    return "skipped" if "skipped" in outcomes else "passed"


def report(wishes: dict[str, Wish], rows: dict[str, list[list[str]]]) -> list[str]:
    """Lines to print: each row with its tests, then the sums by priority."""
    lines: list[str] = []
    sums: Counter[tuple[str, str]] = Counter()
    known = {**wishes, **{id_: Wish(id_, "", "") for id_ in rows if id_ not in wishes}}
    for wish in known.values():
        tests = rows.get(wish.id, [])
        word = verdict([outcome for _, outcome in tests])
        sums[wish.priority, word] += 1
        lines.append(f"{wish.id}  {wish.priority or '-'}  {word:<8} {wish.title}".rstrip())
        lines += [f"        {outcome:<8} {test}" for test, outcome in tests]
    lines.append("")
    for priority in sorted({key[0] for key in sums}, key="CSPX".find):
        counts = ", ".join(
            f"{sums[priority, word]} {word}" for word in ("passed", "failed", "skipped", "no test")
        )
        lines.append(f"rows of priority {priority or '-'}: {counts}")
    return lines


def closing(totals: dict[str, int], passed: int = 0, failed: int = 0) -> str:
    """The one line that ends a run; checks beside the tests are counted with them."""
    return (
        f"{totals['passed'] + passed} passed, {totals['failed'] + failed} failed, "
        f"{totals['skipped']} skipped"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    parser.add_argument("--closing", nargs=2, type=int, metavar=("PASSED", "FAILED"))
    arguments = parser.parse_args()
    results = json.loads(arguments.results.read_text("utf-8"))
    if arguments.closing:
        print(closing(results["totals"], *arguments.closing))
        return
    wishes = read_mission(MISSION.read_text("utf-8")) if MISSION.exists() else {}
    if not wishes:
        print(f"{MISSION.name} is not beside the project: the marks alone are listed.\n")
    print("\n".join(report(wishes, results["rows"])))


if __name__ == "__main__":
    main()
