"""What follows from a count: each line held against the report, follow-ups, and their mails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _

from channel.access import Permission
from channel.messages import sentence
from channel.models.catalogue import Product
from channel.models.channel_stock import StockCount, StockCountLine, StockFollowUp
from channel.queries import accounts as people
from channel.queries.stock_counts import Basis
from channel.queries.stock_facts import TRANSIT_DAYS
from channel.rules.channel_stock import ESTIMATE_DAYS, carry, gap_of
from channel.services.work import Work
from contracts.values.findings import Finding, warn

#: product id → (day, quantity) of what we shipped since the report.
Shipped = Mapping[int, Sequence[tuple[date, int]]]


def hold_against(
    count: StockCount, basis: Basis | None, shipped: Shipped, line: StockCountLine
) -> None:
    """Write the report's figure, the figure of the count's day, and both gaps.

    The figure of the count's day judges where there is one: the place must hold all that the
    report names, and the product must have a forecast. Else the reported figure judges.
    """
    reported = basis.reported(line.product_id, line.location) if basis else None
    if basis is None or reported is None:
        return
    plain = gap_of(line.counted, reported)
    line.reported, line.gap, line.gap_bp = reported, plain.gap, plain.share_bp
    line.judged_gap, line.judged_bp = plain.gap, plain.share_bp
    days = (count.counted_on - basis.last_day).days
    rate = basis.rates.get(line.product_id)
    if not 0 < days <= ESTIMATE_DAYS or not basis.is_whole(line.product_id, line.location):
        return
    moved = carry(
        reported, basis.told.get(line.product_id), shipped.get(line.product_id, []), rate,
        basis.last_day, count.counted_on, TRANSIT_DAYS,
    )  # fmt: skip
    line.came, line.sold, line.moved = moved.came, moved.sold, moved.stock
    if moved.stock is not None:
        judged = gap_of(line.counted, moved.stock)
        line.judged_gap, line.judged_bp = judged.gap, judged.share_bp


def gap_finding(line: StockCountLine, product: Product, bound_bp: int) -> Finding:
    """The gap in words, with the figure that judges."""
    gap = gap_of(line.counted, expected_of(line))
    return warn(
        "count.gap",
        product.name,
        product=product.name,
        counted=line.counted,
        expected=expected_of(line),
        gap=f"{gap.gap:+d}".replace("-", "−"),
        percent=str(gap.percent),
        bound=f"{bound_bp / 100:g}",
    )


def expected_of(line: StockCountLine) -> int:
    """The figure that judges: moved to the count's day where it was, else the reported one."""
    return line.reported or 0 if line.moved is None else line.moved


def open_follow_up(w: Work, line: StockCountLine) -> StockFollowUp:
    """One per line; of a repeated gap it is a case."""
    record = StockFollowUp(
        number=w.draw("SF", w.today),
        line_id=line.id,
        distributor_id=line.distributor_id,
        product_id=line.product_id,
        is_case=line.is_repeated,
        state="open",
        opened_on=w.today,
        row_version=1,
    )
    w.session.add(record)
    w.session.flush()  # the audit entry needs its id
    w.audit("stock_follow_up:open", record, label=record.number)
    return record


def tell(w: Work, count: StockCount, above: Sequence[tuple[StockCountLine, Product]]) -> None:
    """One mail per count to each channel manager; of a repeated gap to the owner, too."""
    is_case = any(line.is_repeated for line, _product in above)
    roles = ("channel_manager", "owner") if is_case else ("channel_manager",)
    for user in people.people_with(Permission.STOCK_COUNTS_CLEAR, roles):
        with force_locale(user.locale):
            title = _("Repeated gap in a stock count") if is_case else _("Gap in a stock count")
            lines = [sentence(gap_finding(line, p, count.bound_bp)) for line, p in above]
            name = f"{count.distributor.code} {count.distributor.name}"
        w.mail(
            user.email,
            f"{title} {count.number}: {name}",
            "\n".join([*lines, ""]),
            key=f"stock_count:{count.id}:{user.id}",
        )
