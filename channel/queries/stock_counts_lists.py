"""Lists of counts with their gaps, the worst first, and of the follow-ups that they opened."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.models.accounts import User
from channel.models.catalogue import Product
from channel.models.channel_stock import StockCount, StockCountLine, StockFollowUp
from channel.models.partners import Distributor
from channel.queries import partners
from channel.queries.catalogue import product_choices
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible
from contracts.values.money import round_half_up

PLACE = next(f for f in partners.DISTRIBUTORS.filters if isinstance(f, partners.PlaceFilter))


def _state() -> Any:
    line = StockCountLine
    return sa.case(
        (line.judged_bp.is_(None), "gap_unknown"),
        (line.is_repeated.is_(True), "gap_repeated"),
        (line.is_above.is_(True), "gap_above"),
        else_="gap_none",
    )


STATES = [
    ("gap_above", _l("above the bound")),
    ("gap_repeated", _l("above again")),
    ("gap_none", _l("within the bound")),
    ("gap_unknown", _l("not in the report")),
]


class Share(sa.TypeDecorator[Decimal]):
    """Basis points as percent to one decimal; below zero there is none."""

    impl = sa.Integer
    cache_ok = True

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None or value < 0 else round_half_up(Decimal(value) / 100, 1)


def counts_list() -> Listing:
    """Every line of every count, the largest gap first."""
    line, head = StockCountLine, StockCount
    # NULLs come first on one database and last on the other: what has no gap is the smallest.
    size = sa.type_coerce(sa.func.coalesce(line.judged_bp, -1), Share)
    return Listing(
        name="stock-counts",
        title=_l("Counts of our own people"),
        identity=line.id,
        source=sa.join(line, head, head.id == line.count_id)
        .join(Distributor, Distributor.id == line.distributor_id)
        .join(Product, Product.id == line.product_id)
        .outerjoin(User, User.id == head.counted_by_id),
        columns=[
            Column("number", _l("number"), head.number, "code"),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("product", _l("product"), Product.code + " " + Product.name),
            Column("location", _l("location"), line.location, wide=True),
            Column("counted_on", _l("counted on"), head.counted_on, "date"),
            Column("by", _l("by"), User.name, wide=True),
            Column("counted", _l("quantity counted"), line.counted, "quantity"),
            Column("reported", _l("reported"), line.reported, "figure"),
            Column("moved", _l("moved to that day"), line.moved, "figure", wide=True),
            Column("gap", _l("gap"), line.judged_gap, "figure"),
            Column("size", _l("gap (%)"), size, "figure"),
            Column("state", _l("state"), _state(), "state"),
        ],
        default_sort="-size",
        scope=lambda actor: visible(actor, line.distributor_id),
        filters=[
            PLACE,
            Filter("product", _l("product"), line.product_id, choices=product_choices),
            Filter("state", _l("state"), _state(), choices=STATES),
            Filter("from", _l("counted since"), head.counted_on, kind="from"),
            Filter("to", _l("counted to"), head.counted_on, kind="to"),
        ],
        search=[head.number, Distributor.code, Distributor.name, Product.code, Product.name],
        endpoint="stock_counts.line",
        empty=_l("Nothing counted yet: count a distributor's stock on your next visit."),
    )


def follow_ups_list() -> Listing:
    """What a channel manager has to clear, cases first."""
    f, line, head = StockFollowUp, StockCountLine, StockCount
    state = sa.case(
        (f.state == "closed", "closed"), (f.is_case.is_(True), "follow_case"), else_="follow_open"
    )
    return Listing(
        name="stock-follow-ups",
        title=_l("Follow-ups of counts"),
        identity=f.id,
        source=sa.join(f, line, line.id == f.line_id)
        .join(head, head.id == line.count_id)
        .join(Distributor, Distributor.id == f.distributor_id)
        .join(Product, Product.id == f.product_id),
        columns=[
            Column("number", _l("number"), f.number, "code"),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("product", _l("product"), Product.code + " " + Product.name),
            Column("counted_on", _l("counted on"), head.counted_on, "date", wide=True),
            Column("gap", _l("gap"), line.judged_gap, "figure"),
            Column("size", _l("gap (%)"), sa.type_coerce(line.judged_bp, Share), "figure"),
            Column("opened_on", _l("follow-up opened on"), f.opened_on, "date", wide=True),
            Column("state", _l("state"), state, "state"),
        ],
        default_sort="-number",
        scope=lambda actor: visible(actor, f.distributor_id),
        filters=[
            Filter(
                "state",
                _l("state"),
                state,
                choices=[
                    ("follow_open,follow_case", _l("open and cases")),
                    ("follow_case", _l("case")),
                    ("closed", _l("closed")),
                ],
            ),
            PLACE,
        ],
        search=[f.number, Distributor.code, Distributor.name, Product.code, Product.name],
        endpoint="stock_counts.follow_up",
        empty=_l("No count was above the bound."),
    )
