"""Ageing of all debtors as of a past day beside one grouped scan of the items open that day."""

from __future__ import annotations

from typing import Any

from channel import clock
from channel.access import Actor, Role
from channel.db import db
from channel.queries import listing, receivables
from tests.bench.bare import Bare
from tests.bench.results import Result, at_most, race
from tests.bench.scales import AS_OF, SCALES, TODAY
from tests.bench.stores import open_app

ACTOR = Actor(2, "fin", Role.FINANCE)
#: What is open on the day, laid out flat: the least that any engine has to look at.
FLAT = f"""
    CREATE TABLE open_item AS
    SELECT i.distributor_id, i.currency, i.pay_by, i.gross_fen - coalesce(a.paid, 0) AS rest
    FROM invoice i LEFT JOIN (
        SELECT invoice_id, sum(amount_fen) AS paid FROM allocation
        WHERE allocated_on <= '{AS_OF}' GROUP BY invoice_id) a ON a.invoice_id = i.id
    WHERE i.invoice_date <= '{AS_OF}' AND i.gross_fen <> coalesce(a.paid, 0)
"""
SCAN = f"""
    SELECT distributor_id, currency,
        sum(CASE WHEN pay_by >= '{AS_OF}' THEN rest ELSE 0 END),
        sum(CASE WHEN pay_by < '{AS_OF}' AND pay_by >= ? THEN rest ELSE 0 END),
        sum(CASE WHEN pay_by < ? AND pay_by >= ? THEN rest ELSE 0 END),
        sum(CASE WHEN pay_by < ? AND pay_by >= ? THEN rest ELSE 0 END),
        sum(CASE WHEN pay_by < ? THEN rest ELSE 0 END), sum(rest)
    FROM open_item GROUP BY distributor_id, currency
"""
BOUNDS = ("2026-11-01", "2026-11-01", "2026-10-02", "2026-10-02", "2026-09-02", "2026-09-02")


def run(url: str, scale: str, backend: str) -> list[Result]:
    bare = Bare(url)
    bare.run("DROP TABLE IF EXISTS open_item")
    bare.run(FLAT)
    if bare.is_postgresql:
        bare.run("VACUUM ANALYZE open_item")
    [(items, debtors, total)] = bare.rows(
        "SELECT count(*), count(DISTINCT distributor_id), sum(rest) FROM open_item"
    )
    app = open_app(url)
    with app.app_context(), clock.at(TODAY):
        ours, scan, page = race(_all, lambda: bare.rows(SCAN, *BOUNDS), _page)
        rows = _all()
        assert sum(row.total for row in rows) == total, "the two add up to different sums"
        db.session.remove()
        db.engine.dispose()
    bare.run("DROP TABLE open_item")
    bare.close()
    words = f"ageing of {items:,} open items of {debtors:,} debtors as of {AS_OF}"
    invoices = SCALES[scale].invoices
    return [
        at_most(words, backend, ours, scan, 2, note=f"out of {invoices:,} invoices"),
        Result(f"{words}: first page with totals", backend, page, "s"),
    ]


def _all() -> list[Any]:
    """Every debtor's row, as the export takes them."""
    db.session.rollback()
    return list(listing.stream(receivables.ageing_listing(AS_OF), ACTOR, {}))


def _page() -> Any:
    db.session.rollback()
    return listing.fetch(receivables.ageing_listing(AS_OF), ACTOR, {})
