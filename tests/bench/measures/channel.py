"""Stock in the channel of a full house beside the same sums in bare SQL; no history is read.

The statements are counted in a house of a few distributors too and must be as many; none of
them names the tables of the past.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.access import SYSTEM, Actor, Role
from channel.db import db
from channel.models.stock import InventoryReport
from channel.queries import channel_stock, listing
from channel.queries.channel_stock_lists import areas_list, goods_list, positions_list
from channel.services.steps import channel_stock as steps
from channel.services.work import work
from tests.bench import channel as house
from tests.bench.bare import Bare
from tests.bench.results import Result, at_most, race
from tests.bench.scales import TODAY
from tests.bench.stores import open_app

ACTOR = Actor(1, "cm", Role.CHANNEL_MANAGER)
#: What a view must not read: the reports of the past and their positions.
PAST = ("stock_position", "inventory_row", "inventory_report")
FLOOR_MS = 30

#: The figures of the first page by one pass over what stands: the same sums and conditions.
SUMS = """
    sum(CASE WHEN s.filed_on >= ? THEN s.closing ELSE 0 END),
    sum(CASE WHEN s.filed_on < ? THEN s.closing ELSE 0 END),
    sum(CASE WHEN s.filed_on >= ? AND s.saleable * s.pace_days < 7 * s.pace_sold
        THEN 1 ELSE 0 END),
    sum(CASE WHEN s.filed_on >= ? AND s.saleable * s.pace_days > 60 * s.pace_sold
        THEN 1 ELSE 0 END)
"""
BY_AREA = f"""
    SELECT substr(d.division_code, 1, 2), {SUMS} FROM stock_standing s
    JOIN distributor d ON d.id = s.distributor_id GROUP BY 1
"""
BY_PRODUCT = f"SELECT s.product_id, {SUMS} FROM stock_standing s GROUP BY 1"


def run(url: str, scale: str, backend: str, tiny_url: str) -> list[Result]:
    house.fill(tiny_url, "tiny")
    house.fill(url, scale)
    few = _measure(tiny_url, None)
    bare = Bare(url)
    [(standings,)] = bare.rows("SELECT count(*) FROM stock_standing")
    [(positions,)] = bare.rows("SELECT count(*) FROM stock_position")
    many = _measure(url, bare)
    bare.close()
    size = f"{standings:,} standings, {positions:,} positions behind them"
    found = []
    for name, (ours, scan, statements) in many.items():
        same = statements == few[name][2]
        note = f"{statements} statements" + ("" if same else f", {few[name][2]} when small")
        words = f"channel view, {name}"
        if scan is None:
            found.append(Result(words, backend, ours, "s", note=f"{note}; {size}"))
            continue
        result = at_most(words, backend, ours, scan, 2, note=f"{note}; bare: one grouped scan")
        found.append(result if same else Result(words, backend, ours, "s", scan, result.floor,
                                                False, result.note))  # fmt: skip
    return found


def _measure(url: str, bare: Bare | None) -> dict[str, tuple[float, float | None, int]]:
    """view → (seconds, seconds of the bare scan where there is one, statements)."""
    app = open_app(url)
    found: dict[str, tuple[float, float | None, int]] = {}
    with app.app_context(), clock.at(TODAY):
        bound = TODAY.fromordinal(TODAY.toordinal() - channel_stock.house().old_days).isoformat()
        bounds = (bound,) * 4
        views: dict[str, tuple[Callable[[], Any], str | None]] = {
            "by area, with totals": (lambda: _page(areas_list(ACTOR, TODAY)), BY_AREA),
            "by product, with totals": (lambda: _page(goods_list(ACTOR, TODAY)), BY_PRODUCT),
            "first page of all positions": (lambda: _page(positions_list(TODAY)), None),
            "one distributor": (lambda: _standings(), None),
            "a report kept in the snapshot": (lambda: _keep(), None),
        }
        for name, (act, scan) in views.items():
            statements = _statements(act, may_read_past=name.startswith("a report"))
            if bare is None:
                found[name] = (0, None, statements)
            elif scan is None:
                found[name] = (race(act, repeat=2)[0], None, statements)
            else:
                ours, base = race(act, lambda s=scan: bare.rows(s, *bounds), repeat=3)
                found[name] = (ours, base, statements)
        db.session.remove()
        db.engine.dispose()
    return found


def _statements(act: Callable[[], Any], *, may_read_past: bool) -> int:
    """How many statements an act asks; none may name a table of the past."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    act()
    sa.event.remove(db.engine, "before_cursor_execute", note)
    if not may_read_past:
        read = [table for table in PAST for text in seen if f" {table} " in text.replace("\n", " ")]
        assert not read, f"the view reads {read}"
    return len(seen)


def _page(view: Any) -> Any:
    db.session.rollback()
    return listing.fetch(view, ACTOR, {})


def _standings() -> Any:
    db.session.rollback()
    found = channel_stock.standings(ACTOR, 1, TODAY)
    db.session.expire_all()
    return found


def _keep() -> None:
    """What accepting a report adds: its positions, and where 200 products stand."""
    with work(SYSTEM) as w:
        report = w.session.scalars(
            sa.select(InventoryReport)
            .where(InventoryReport.distributor_id == 1)
            .order_by(InventoryReport.period_end.desc())
            .limit(1)
        ).one()
        steps.stand(w, report.distributor_id)
