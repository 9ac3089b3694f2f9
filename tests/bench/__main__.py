"""`bin/bench`: measures each work in a process of its own and prints one table.

Trust the ratios: the bare engine runs in turns with ours, but other work on the machine slows the
two by what it takes. The load is printed so that a reader can judge.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any

from tests.bench.measures import (
    ageing,
    channel,
    decisions,
    imports,
    orders,
    pages,
    papers,
    rebates,
    reports,
)
from tests.bench.results import Result, table
from tests.bench.stores import Stores

#: In this order: what changes the database comes after what only reads it.
MEASURES: dict[str, Callable[..., list[Result]]] = {
    "pages": pages.run,
    "ageing": ageing.run,
    "rebates": rebates.run,
    "orders": orders.run,
    "imports": imports.run,
    "reports": reports.run,
    "papers": papers.run,
    "decisions": decisions.run,
    "channel": channel.run,
}
BACKENDS = ("sqlite", "postgresql")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/bench", description="Measure the work that matters beside the bare engines."
    )
    parser.add_argument(
        "--scale", choices=("small", "full"), default="full",
        help="full: 5,000 distributors and a million invoice lines (default)",
    )  # fmt: skip
    parser.add_argument("--backend", choices=(*BACKENDS, "both"), default="both")
    parser.add_argument(
        "--only", choices=tuple(MEASURES), action="append",
        help="measure this alone; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--million", action="store_true",
        help="age a million open items, too (some minutes the first time)",
    )  # fmt: skip
    parser.add_argument(
        "--ten-million", action="store_true",
        help="run rebates over ten million invoice lines, too (ten minutes the first time)",
    )  # fmt: skip
    return parser.parse_args()


def _tell(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def _apart(measure: Callable[..., list[Result]], *arguments: Any) -> list[Result]:
    """Run a measure in a fresh process, so that none inherits the memory of another."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, *arguments).result()


def _measure_backend(backend: str, wishes: argparse.Namespace, names: list[str]) -> list[Result]:
    stores = Stores(backend, _tell)
    url = stores.copy(wishes.scale)
    found = []
    for name in names:
        _tell(f"{name} on {backend}")
        more = (stores.copy("tiny"),) if name in ("pages", "channel") else ()
        found += _apart(MEASURES[name], url, wishes.scale, backend, *more)
    if wishes.million:
        _tell(f"a million open items on {backend}")
        found += _apart(ageing.run, stores.copy("items"), "items", backend)
    if wishes.ten_million:
        _tell(f"ten million invoice lines on {backend}")
        found += _apart(rebates.run, stores.copy("lines"), "lines", backend)
    return found


def _machine() -> str:
    """One line about where and when; what is needed to read the table."""
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {os.cpu_count()} cores ({platform.machine()}) · "
        f"Python {platform.python_version()} · SQLite {sqlite3.sqlite_version} · load {load}"
    )


def main() -> None:
    wishes = _arguments()
    names = wishes.only or list(MEASURES)
    backends = BACKENDS if wishes.backend == "both" else (wishes.backend,)
    before = _machine()
    found: list[Result] = []
    with_database = [name for name in names if name != "papers"]
    if with_database or wishes.million or wishes.ten_million:
        for backend in backends:
            found += _measure_backend(backend, wishes, with_database)
    if "papers" in names:
        _tell("papers")
        found += _apart(papers.run)
    print(f"\n{before}, after {os.getloadavg()[0]:.1f}; scale {wishes.scale}.")
    print("The best of several runs in turns; on a shared machine trust the ratios.\n")
    print(table(found))
    missed = [result.name for result in found if result.is_met is False]
    verdict = f"{len(missed)} of {len(found)} rows miss their floor" if missed else "all floors met"
    print(f"\n{verdict}.")


if __name__ == "__main__":
    main()
