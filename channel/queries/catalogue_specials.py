"""The report of special prices: every order line under an exception, beside the book's price."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.agreements import AgreementVersion
from channel.models.catalogue import PriceBook, PriceEntry, Product
from channel.models.exceptions import ExceptionRequest, Waiver
from channel.models.orders import Order, OrderLine
from channel.models.partners import Distributor
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible


def special_listing() -> Listing:
    """One row for each order line with a waiver; the book's price is that of the order date."""
    line, order, entry = OrderLine, Order, PriceEntry
    book = AgreementVersion.terms["price_book"].as_string()
    given = sa.case(
        (entry.id.is_not(None), (entry.gross_fen - line.unit_gross_fen) * line.quantity)
    )
    return Listing(
        name="special-prices",
        title=_l("Order lines under an exception"),
        identity=line.id,
        source=sa.join(line, order, order.id == line.order_id)
        .join(Distributor, Distributor.id == order.distributor_id)
        .join(Product, Product.id == line.product_id)
        .join(Waiver, Waiver.id == line.waiver_id)
        .join(ExceptionRequest, ExceptionRequest.id == Waiver.request_id)
        .outerjoin(AgreementVersion, AgreementVersion.id == order.agreement_version_id)
        .outerjoin(PriceBook, PriceBook.code == book)
        .outerjoin(
            entry,
            sa.and_(
                entry.book_id == PriceBook.id,
                entry.product_id == line.product_id,
                entry.approved_at.is_not(None),
                entry.valid_from <= order.order_date,
                sa.or_(entry.valid_to.is_(None), entry.valid_to > order.order_date),
            ),
        ),
        columns=[
            Column("order", _l("order"), order.number, "code"),
            Column("order_date", _l("order date"), order.order_date, "date"),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("product", _l("product"), Product.name),
            Column("quantity", _l("quantity"), line.quantity, "quantity", total=True),
            Column("special", _l("special price"), line.unit_gross_fen, "fen"),
            Column("book", _l("book price"), entry.gross_fen, "fen", wide=True),
            Column("given", _l("below the book"), given, "fen", total=True),
            Column("exception", _l("exception"), ExceptionRequest.number, "code", wide=True),
            Column("reason", _l("reason"), ExceptionRequest.reason, wide=True),
            Column("state", _l("state"), order.state, "state"),
        ],
        default_sort="-order_date",
        scope=lambda actor: visible(actor, order.distributor_id),
        filters=[
            Filter(
                "state",
                _l("state"),
                order.state,
                choices=[
                    ("confirmed", _l("confirmed")),
                    ("closed", _l("closed")),
                    ("cancelled", _l("cancelled")),
                    ("!cancelled", _l("not cancelled")),
                ],
            ),
            Filter("from", _l("ordered from"), order.order_date, kind="from"),
            Filter("to", _l("ordered to"), order.order_date, kind="to"),
        ],
        search=[order.number, Product.code, Product.name, Distributor.code, Distributor.name,
                ExceptionRequest.number],
        currency=order.currency,
        endpoint="catalogue.special_line",
        empty=_l("No order line under an exception: all were sold at the book's price."),
    )  # fmt: skip


def order_of_line(actor: Actor, line_id: int) -> int:
    """The order that a line belongs to, or NotVisible."""
    found = db.session.scalar(
        sa.select(Order.id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(OrderLine.id == line_id, visible(actor, Order.distributor_id))
    )
    if found is None:
        raise NotVisible
    return found
