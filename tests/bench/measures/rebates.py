"""Rebate runs over all distributors beside the one aggregate that they cannot do without."""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence

from channel import clock
from channel.access import Actor, Role
from channel.db import db
from channel.services import rebates
from contracts.values.periods import Period
from tests.bench.bare import Bare
from tests.bench.loading import FOUR
from tests.bench.results import Result, at_most, forget_peak, peak_mib, race
from tests.bench.scales import SCALES, TODAY
from tests.bench.stores import open_app

ACTOR = Actor(2, "fin", Role.FINANCE)
#: The sums alone, added up by the engine so that nothing is carried over to Python.
BASE = """
    SELECT count(*), sum(total) FROM (
        SELECT distributor_id, currency, {by} sum(net_e4) AS total, count(*) AS lines
        FROM invoice_line
        WHERE counts_on >= ? AND counts_on < ? AND NOT is_free AND group_id <> 1
        GROUP BY distributor_id, currency {by_last}) AS sums
"""


def run(url: str, scale: str, backend: str) -> list[Result]:
    bare = Bare(url)
    found, peaks = [], []
    app = open_app(url)
    with app.app_context(), clock.at(TODAY):
        # The year first: the page cache of SQLite is then as full for the quarter.
        found.append(_four(bare, scale, backend))
        for period, what in ((Period.year(2026), "a year, everybody"),
                             (Period.quarter(2026, 3), "a quarter, by agreement")):  # fmt: skip
            found.append(_row(_one(bare, backend, period), what, scale, backend))
            gc.collect()
            forget_peak()
            rebates.propose(ACTOR, period)
            peaks.append(peak_mib())
        db.session.remove()
        db.engine.dispose()
    bare.close()
    growth = peaks[0] - peaks[1]
    found.append(
        Result("rebate run: peak memory, year over quarter", backend, peaks[0], "MiB", peaks[1],
               "flat", growth < 32, note=f"{growth:+.0f} MiB for four times the lines")
    )  # fmt: skip
    return found


def _four(bare: Bare, scale: str, backend: str) -> Result:
    """Half a year under four policies each, beside the four sums that they cannot do without."""
    period = Period.half(2026, 1)
    span = (period.start.isoformat(), period.end.isoformat())
    sums = [
        BASE.format(by="", by_last="").replace("group_id <> 1", f"group_id <> {n}")
        for n in range(1, FOUR + 1)
    ]
    ours, alone = race(
        lambda: rebates.propose(ACTOR, period),
        lambda: [bare.rows(one, *span) for one in sums],
    )
    lines = SCALES[scale].line_count
    name = f"rebate run of half a year, four policies each ({lines:,} lines a year)"
    return Result(name, backend, ours, "s", alone, note="bare: the four sums by distributor")


def _one(bare: Bare, backend: str, period: Period) -> list[float]:
    """(ours, the bare sums by quarter and group, the bare sums by distributor), in seconds."""
    span = (period.start.isoformat(), period.end.isoformat())
    month = "extract(month FROM counts_on)"
    if backend == "sqlite":
        month = "substr(counts_on, 6, 2)"
    quarter = f"(CAST({month} AS int) + 2) / 3"
    alone = BASE.format(by="", by_last="")
    by_group = BASE.format(by=f"group_id, {quarter},", by_last=f", group_id, {quarter}")
    return race(
        lambda: rebates.propose(ACTOR, period),
        lambda: bare.rows(by_group, *span),
        lambda: bare.rows(alone, *span),
    )


def _row(figures: Sequence[float], what: str, scale: str, backend: str) -> Result:
    ours, wide, same = figures
    lines = SCALES[scale].line_count
    name = f"rebate run of {what} ({lines:,} lines a year)"
    note = f"bare: sums by quarter and group; by distributor alone {same:.2f} s"
    if "quarter" in what:
        # No floor: writing 5,000 statements takes longer than adding a quarter of the lines.
        return Result(name, backend, ours, "s", wide, note=note)
    return at_most(name, backend, ours, wide, 2, note=note)


def profile(url: str) -> float:
    """One proposal of the year, for a profiler."""
    app = open_app(url)
    with app.app_context(), clock.at(TODAY):
        started = time.perf_counter()
        rebates.propose(ACTOR, Period.year(2026))
        return time.perf_counter() - started
