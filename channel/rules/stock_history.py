"""Lines held against the distributor's own past, and goods that are past their day.

Robust: the middle is the median of the past periods, the spread the median of the distances
from it (MAD); one wild month moves neither. Too little past says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from channel.rules.stock_row import RowFinding, StockRow, plain
from contracts.values.findings import Fact, Finding, Severity, info
from contracts.values.periods import Period

#: So many periods of the past must be known.
HISTORY_MIN = 6
#: A figure further off than so many robust standard deviations is unusual …
SIGMAS = Decimal("3.5")
#: … (for a normal distribution one standard deviation is so many MADs) …
MAD_TO_SIGMA = Decimal("1.4826")
#: … and it must be off by at least half the median and so many units.
SHARE_MIN = Decimal("0.5")
UNITS_MIN = 10
#: A batch with less than this share of its life left is near its expiry.
NEAR = (1, 3)


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle and the spread of a past: `median` and `mad` in units a period."""

    median: Decimal
    mad: Decimal
    count: int

    @property
    def limit(self) -> Decimal:
        """How far from the median a figure may lie."""
        return max(self.mad * MAD_TO_SIGMA * SIGMAS, self.median * SHARE_MIN, Decimal(UNITS_MIN))


def median(values: Sequence[int | Decimal]) -> Decimal:
    """The middle of the sorted values, the mean of the two middle ones of an even number."""
    if not values:
        raise ValueError("no median of nothing")
    ordered = sorted(Decimal(v) for v in values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def spread(past: Sequence[int]) -> Spread | None:
    """None: fewer than `HISTORY_MIN` periods."""
    if len(past) < HISTORY_MIN:
        return None
    middle = median(past)
    return Spread(middle, median([abs(v - middle) for v in past]), len(past))


def check_outliers(
    rows: Sequence[StockRow], past: Mapping[str, Sequence[int]]
) -> Iterator[RowFinding]:
    """Goods whose sell-out is unusual for this distributor; it stands on the first line.

    `past` is code → net sell-out of each earlier period of the same length. Needs a reason.
    """
    lines: dict[str, list[StockRow]] = {}
    for row in rows:
        lines.setdefault(row.product, []).append(row)
    for product, own in lines.items():
        before = spread(past.get(product, ()))
        if before is None or any(row.sell_out is None for row in own):
            continue
        sold = sum((row.sell_out or 0) - (row.returns_in or 0) for row in own)
        if abs(sold - before.median) <= before.limit:
            continue
        explained = any(row.has_reason for row in own)
        finding = Finding(
            "stock.outlier",
            Severity.WARN if explained else Severity.BLOCK,
            product,
            {
                "product": product,
                "sold": plain(sold),
                "median": plain(before.median),
                "mad": plain(before.mad),
                "limit": plain(before.limit.quantize(Decimal("0.1"))),
                "periods": before.count,
            },
        )
        yield RowFinding(own[0].row_number, "sell_out", finding)


def check_expiry(rows: Sequence[StockRow], period: Period) -> Iterator[RowFinding]:
    """Saleable stock past its day and goods sold past it need a reason; near ones are told.

    A batch may be sold on its expiry day and no later. Sold after it for certain: it expired
    before the period; possibly: it expired within the period.
    """
    for row in rows:
        if row.expires_on is None:
            continue
        left = (row.closing or 0) - (row.held or 0) - (row.damaged or 0)
        if row.expires_on < period.start and row.sell_out:
            yield _at(row, "sell_out", "stock.expired_sold", row.sell_out)
        elif row.expires_on < period.last_day and row.sell_out:
            note = info("stock.expired_sold_possible", row.product, **_facts(row, row.sell_out))
            yield RowFinding(row.row_number, "sell_out", note)
        if left <= 0:
            continue
        if row.expires_on <= period.last_day:
            yield _at(row, "closing", "stock.expired", left)
        elif is_near(row, period):
            note = info("stock.near_expiry", row.product, **_facts(row, left))
            yield RowFinding(row.row_number, "closing", note)


def is_near(row: StockRow, period: Period) -> bool:
    """Whether less than a third of the batch's life is left at the end of the period."""
    if row.expires_on is None or row.produced_on is None:
        return False
    times, of = NEAR
    left = (row.expires_on - period.last_day).days
    return left * of < (row.expires_on - row.produced_on).days * times


def _facts(row: StockRow, quantity: int | Decimal) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "product": row.product,
        "batch": row.batch or "—",
        "quantity": plain(quantity),
    }
    if row.expires_on is not None:
        facts["expires"] = row.expires_on
    return facts


def _at(row: StockRow, column: str, code: str, quantity: int | Decimal) -> RowFinding:
    severity = Severity.WARN if row.has_reason else Severity.BLOCK
    finding = Finding(code, severity, row.product, _facts(row, quantity))
    return RowFinding(row.row_number, column, finding)
