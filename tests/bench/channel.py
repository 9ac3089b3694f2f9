"""Reports of two years in the measured house: positions, standings, and the open period.

200 products, 24 months up to the November before the looked-at day; every tenth distributor
stopped filing two months earlier. One shipment a distributor left in the open period.
"""

from __future__ import annotations

from datetime import date

from tests.bench.bare import Bare
from tests.bench.dialects import INSTANT, Words
from tests.bench.scales import SCALES

PRODUCTS = 200
PERIODS = 24
#: Prefectures in which the distributors sit, in turn.
SEATS = ("110000", "310000", "320100", "330100", "350200", "370200", "420100", "440300",
         "500000", "510100", "511000", "530100")  # fmt: skip
LINES = 5


def months() -> list[tuple[int, date, date]]:
    """(number, first day, first day of the next), the oldest first; the last is November."""
    found = []
    for back in range(PERIODS - 1, -1, -1):
        place = 2026 * 12 + 10 - back
        year, month = divmod(place, 12)
        after, next_month = divmod(place + 1, 12)
        found.append((PERIODS - back, date(year, month + 1, 1), date(after, next_month + 1, 1)))
    return found


def fill(url: str, scale: str) -> None:
    """Write everything in one transaction; foreign keys hold by the formulas."""
    size = SCALES[scale]
    bare = Bare(url)
    words = Words("postgresql" if bare.is_postgresql else "sqlite")
    if bare.is_postgresql:
        bare.run("SET session_replication_role = replica")
    else:
        for pragma in ("foreign_keys = OFF", "journal_mode = OFF", "synchronous = OFF"):
            bare.rows(f"PRAGMA {pragma}")
    bare.begin()
    _seats(bare)
    _reports(bare, words, size.distributors)
    products = min(PRODUCTS, size.products)
    _positions(bare, words, products)
    _standings(bare, words)
    _shipments(bare, words, size.distributors, products)
    bare.commit()
    bare.run("ANALYZE")
    bare.close()


def _seats(bare: Bare) -> None:
    cases = " ".join(f"WHEN {n} THEN '{code}'" for n, code in enumerate(SEATS))
    bare.run(f"UPDATE distributor SET division_code = CASE id % {len(SEATS)} {cases} END")


def _reports(bare: Bare, words: Words, distributors: int) -> None:
    """One report a distributor and month, numbered so that the positions find it."""
    for number, start, end in months():
        stops = "WHERE n % 10 <> 0" if number > PERIODS - 2 else ""
        filed = f"{'date ' if words.is_postgresql else ''}'{end.replace(day=7)}'"
        days = [f"{'date ' if words.is_postgresql else ''}'{day}'" for day in (start, end)]
        bare.run(
            "INSERT INTO inventory_report (id, distributor_id, period_start, period_end, period,"
            " version_no, reason, filed_on, due_on, first_filed_on, late_days, created_at)"
            f" SELECT n * {PERIODS} + {number}, n, {days[0]}, {days[1]}, '{start:%Y-%m}', 1, '',"
            f" {filed}, {filed}, {filed}, 0, {INSTANT} FROM {words.series(distributors)} {stops}"
        )


def _positions(bare: Bare, words: Words, products: int) -> None:
    """In the order of the key, so that it grows at its end."""
    bare.run(
        "INSERT INTO stock_position (distributor_id, period_start, product_id, period_end,"
        " report_id, closing, saleable, in_transit, sold)"
        " SELECT r.distributor_id, r.period_start, n, r.period_end, r.id,"
        " (r.id * 31 + n * 7919) % 400, (r.id * 31 + n * 7919) % 400, NULL,"
        " (r.id * 17 + n * 104729) % 300"
        f" FROM inventory_report r CROSS JOIN {words.series(products)}"
        " ORDER BY r.distributor_id, r.period_start, n"
    )


def _standings(bare: Bare, words: Words) -> None:
    """The last report's positions, with a pace and a rate."""
    before = "r.period_end - 1" if words.is_postgresql else "date(r.period_end, '-1 day')"
    bare.run(
        "INSERT INTO stock_standing (distributor_id, product_id, report_id, period, last_day,"
        " filed_on, closing, saleable, in_transit, pace_sold, pace_days, method, kind, daily_e4,"
        " used, left_out)"
        " SELECT p.distributor_id, p.product_id, r.id, r.period,"
        f" {before},"
        " r.filed_on, p.closing, p.saleable, NULL, p.sold * 3, 91, 'mean', 'smooth',"
        " p.sold * 10000 / 30, 6, 0 FROM stock_position p JOIN inventory_report r"
        " ON r.id = p.report_id WHERE r.period_start = (SELECT max(n.period_start) FROM"
        " inventory_report n WHERE n.distributor_id = r.distributor_id)"
    )


def _shipments(bare: Bare, words: Words, distributors: int, products: int) -> None:
    """One of five products each, in the days since the last report."""
    first = bare.rows("SELECT coalesce(max(id), 0) FROM shipment")[0][0]
    line = bare.rows("SELECT coalesce(max(id), 0) FROM shipment_line")[0][0]
    order_line = bare.rows("SELECT min(id) FROM order_line")[0][0]
    series = words.series(distributors)
    bare.run(
        "INSERT INTO shipment (id, number, distributor_id, ship_date, currency, state,"
        " goods_gross_fen, freight_fen, created_at, row_version)"
        f" SELECT {first} + n, 'CH-' || n, n, {words.day('340 + n % 20')}, 'CNY', 'shipped',"
        f" 0, 0, {INSTANT}, 1 FROM {series}"
    )
    bare.run(
        "INSERT INTO shipment_line (id, shipment_id, line_no, order_line_id, product_id, quantity,"
        " gross_fen, is_free, batch)"
        f" SELECT {line} + n, {first} + (n - 1) / {LINES} + 1, (n - 1) % {LINES} + 1,"
        f" {order_line}, 1 + n * 7919 % {products}, 1 + n % 50, 0, false, ''"
        f" FROM {words.series(distributors * LINES)}"
    )
