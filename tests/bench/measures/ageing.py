"""Ageing of all debtors as of a past day beside one grouped scan of the items open that day."""

from __future__ import annotations

from typing import Any

from channel import clock
from channel.access import Actor, Role
from channel.db import db
from channel.queries import listing, receivables
from tests.bench.bare import Bare
from tests.bench.results import Result, at_most, race
from tests.bench.scales import AS_OF, TODAY
from tests.bench.stores import open_app

ACTOR = Actor(2, "fin", Role.FINANCE)
#: Every movement of an open item, laid out flat: an ageing as of a past day must look at each.
FLAT = """
    CREATE TABLE movement AS
    SELECT distributor_id, currency, pay_by, invoice_date AS on_date, gross_fen AS fen FROM invoice
    UNION ALL
    SELECT i.distributor_id, i.currency, i.pay_by, a.allocated_on, -a.amount_fen
    FROM allocation a JOIN invoice i ON i.id = a.invoice_id
"""
SCAN = f"""
    SELECT distributor_id, currency,
        sum(CASE WHEN pay_by >= '{AS_OF}' THEN fen ELSE 0 END),
        sum(CASE WHEN pay_by < '{AS_OF}' AND pay_by >= ? THEN fen ELSE 0 END),
        sum(CASE WHEN pay_by < ? AND pay_by >= ? THEN fen ELSE 0 END),
        sum(CASE WHEN pay_by < ? AND pay_by >= ? THEN fen ELSE 0 END),
        sum(CASE WHEN pay_by < ? THEN fen ELSE 0 END), sum(fen)
    FROM movement WHERE on_date <= '{AS_OF}' GROUP BY distributor_id, currency
"""
COUNT = f"""
    SELECT count(*), count(DISTINCT distributor_id), sum(rest) FROM (
        SELECT i.distributor_id, i.gross_fen - coalesce(sum(a.amount_fen), 0) AS rest
        FROM invoice i LEFT JOIN allocation a
            ON a.invoice_id = i.id AND a.allocated_on <= '{AS_OF}'
        WHERE i.invoice_date <= '{AS_OF}' GROUP BY i.id) AS item
    WHERE rest <> 0
"""
BOUNDS = ("2026-11-01", "2026-11-01", "2026-10-02", "2026-10-02", "2026-09-02", "2026-09-02")


def run(url: str, scale: str, backend: str) -> list[Result]:
    bare = Bare(url)
    bare.run("DROP TABLE IF EXISTS movement")
    bare.run(FLAT)
    if bare.is_postgresql:
        bare.run("VACUUM ANALYZE movement")
    [(moves,)] = bare.rows("SELECT count(*) FROM movement")
    [(items, debtors, total)] = bare.rows(COUNT)
    app = open_app(url)
    with app.app_context(), clock.at(TODAY):
        ours, scan, page = race(_all, lambda: bare.rows(SCAN, *BOUNDS), _page)
        rows = _all()
        assert sum(row.total for row in rows) == total, "the two add up to different sums"
        db.session.remove()
        db.engine.dispose()
    bare.run("DROP TABLE movement")
    bare.close()
    words = f"ageing of {items:,} open items of {debtors:,} debtors as of {AS_OF}"
    note = f"bare: one grouped scan of {moves:,} movements"
    return [
        at_most(words, backend, ours, scan, 2, note=note),
        Result(f"{words}: page with totals", backend, page, "s"),
    ]


def _all() -> list[Any]:
    """Every debtor's row, as the export takes them."""
    db.session.rollback()
    return list(listing.stream(receivables.ageing_listing(AS_OF), ACTOR, {}))


def _page() -> Any:
    db.session.rollback()
    return listing.fetch(receivables.ageing_listing(AS_OF), ACTOR, {})
