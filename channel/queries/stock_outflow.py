"""Hidden outflow by distributor, good and quarter: what came less what the reports account for.

Worked out in the database for a whole quarter at once; the figures of one row are those of
`channel.rules.stock_outflow`, and a test holds the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.catalogue import Product
from channel.models.orders import Shipment, ShipmentLine
from channel.models.partners import Distributor
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries.listing import Column, Filter, Listing
from channel.queries.market_areas import days_between
from channel.queries.scope import get_visible, visible
from channel.queries.stock_evidence import is_current
from channel.queries.stock_facts import TRANSIT_DAYS
from channel.queries.stock_flows import GONE, flows, of_quarter
from channel.rules.stock_outflow import Flow
from contracts.values.periods import Period, containing

#: From this share of what came on (tenths of a per cent) outflow is a signal of risk.
SIGNAL_E1 = 50
_GOODS, _QUARTERS = 1_000_000, 10_000


def key_of(distributor_id: Any, product_id: Any, quarter: Period) -> Any:
    """One number for a row of the list, for its address: distributor, good, quarter."""
    place = quarter.start.year * 4 + (quarter.start.month - 1) // 3
    return (distributor_id * _GOODS + product_id) * _QUARTERS + place


def split_key(key: int) -> tuple[int, int, Period]:
    """(distributor id, product id, quarter); NotVisible for a number that is no key."""
    pair, place = divmod(key, _QUARTERS)
    owner, product = divmod(pair, _GOODS)
    year, quarter = divmod(place, 4)
    if not 1990 <= year <= 2100:
        raise NotVisible
    return owner, product, Period.quarter(year, quarter + 1)


def latest_quarter(on: date) -> Period:
    """The quarter of the newest report that begins by the day; the day's own without one."""
    newest = db.session.scalar(
        sa.select(sa.func.max(InventoryReport.period_start)).where(
            InventoryReport.period_start <= on, is_current()
        )
    )
    return containing(newest or on, "quarter")


def outflow_listing(quarter: Period) -> Listing:
    """Every good of every distributor in a quarter, the largest unexplained share first."""
    f = flows(quarter).c
    state = sa.case(
        (f.has_gaps, "gaps"),
        (f.certain > 0, "certain"),
        (f.possible > 0, "possible"),
        else_="explained",
    )
    return Listing(
        name="hidden-outflow",
        title=_l("Hidden outflow"),
        identity=key_of(f.distributor_id, f.product_id, quarter),
        source=sa.join(
            f.distributor_id.table, Distributor, Distributor.id == f.distributor_id
        ).join(Product, Product.id == f.product_id),
        columns=[
            Column("distributor", _l("distributor"), Distributor.name),
            Column("product", _l("product"), Product.code + " " + Product.name),
            Column("opening", _l("opening stock"), f.opening, "quantity", wide=True),
            Column("shipped", _l("shipped by us"), f.shipped, "quantity", wide=True),
            Column("out", _l("reported out"), f.out, "quantity", wide=True),
            Column("losses", _l("losses"), f.losses, "quantity", wide=True),
            Column("returned", _l("returned"), f.returned, "quantity", wide=True),
            Column("closing", _l("stock"), f.closing, "quantity", wide=True),
            Column("certain", _l("unexplained"), f.certain, "quantity"),
            Column("share", _l("% of what came"), f.share_e1, "e1"),
            Column("state", _l("state"), state, "state", wide=True),
        ],
        default_sort="-share",
        scope=lambda actor: visible(actor, f.distributor_id),
        filters=[
            Filter(
                "state", _l("state"), state,
                choices=[
                    ("certain", _l("certain")), ("possible", _l("possible")),
                    ("explained", _l("explained")), ("gaps", _l("reports are missing")),
                ],
            ),
            Filter(
                "share", _l("share"), sa.type_coerce(f.share_e1 >= SIGNAL_E1, sa.Boolean),
                choices=[("1", _l("5 % or more")), ("0", _l("less than 5 %"))],
            ),
        ],
        search=[Distributor.code, Distributor.name, Product.code, Product.name],
        endpoint="stock_checks.flow",
        fixed={"quarter": quarter.label},
        empty=_l("No report begins in this quarter."),
    )  # fmt: skip


def signal(on: date, only: int | None) -> dict[int, int]:
    """Distributor → goods of the last reported quarter of which 5 % or more went unexplained."""
    f = flows(latest_quarter(on), only, on).c
    rows = db.session.execute(
        sa.select(f.distributor_id, sa.func.count())
        .where(f.certain > 0, f.share_e1 >= SIGNAL_E1, sa.not_(f.has_gaps))
        .group_by(f.distributor_id)
    )
    return dict(rows.all())


@dataclass(frozen=True)
class Opened:
    """One row of the list with what it is made of."""

    distributor: Distributor
    product: Product
    quarter: Period
    flow: Flow
    first: date
    last: date
    has_gaps: bool
    #: (report, summed row figures) in order, and our shipments (day, number, quantity, id).
    reports: list[Any]
    shipments: list[Any]


def opened(actor: Actor, key: int) -> Opened:
    """The row behind an address, or NotVisible."""
    owner, product_id, quarter = split_key(key)
    distributor: Distributor = get_visible(actor, Distributor, owner)
    product = db.session.get(Product, product_id)
    f = flows(quarter, owner).c
    found = db.session.execute(sa.select(*f).where(f.product_id == product_id)).one_or_none()
    if product is None or found is None:
        raise NotVisible
    flow = Flow(**{name: int(getattr(found, name)) for name in Flow.__dataclass_fields__})
    return Opened(
        distributor, product, quarter, flow, found.first, found.last, bool(found.has_gaps),
        _reports(owner, product_id, quarter), _shipments(owner, product_id, found),
    )  # fmt: skip


def _reports(owner: int, product_id: int, quarter: Period) -> list[Any]:
    report, row = InventoryReport, InventoryRow
    names = ("opening", "receipts", "returns_in", "transfers_in", "adj_plus", "sell_out",
             "transfers_out", "losses", "returns_out", "closing")  # fmt: skip
    return list(
        db.session.execute(
            sa.select(
                report.id,
                report.period,
                *(sa.func.sum(sa.func.coalesce(getattr(row, n), 0)).label(n) for n in names),
            )
            .join(row, row.report_id == report.id)
            .where(of_quarter(quarter, owner, None), row.product_id == product_id)
            .group_by(report.id, report.period, report.period_start)
            .order_by(report.period_start)
        )
    )


def _shipments(owner: int, product_id: int, found: Any) -> list[Any]:
    return list(
        db.session.execute(
            sa.select(
                Shipment.id,
                Shipment.number,
                Shipment.ship_date,
                sa.func.sum(ShipmentLine.quantity).label("quantity"),
                (days_between(Shipment.ship_date, found.last) <= TRANSIT_DAYS).label("is_late"),
            )
            .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
            .where(
                Shipment.distributor_id == owner,
                ShipmentLine.product_id == product_id,
                Shipment.state.in_(GONE),
                Shipment.ship_date >= found.first,
                Shipment.ship_date < found.last,
            )
            .group_by(Shipment.id, Shipment.number, Shipment.ship_date)
            .order_by(Shipment.ship_date, Shipment.id)
        )
    )
