"""Reads of the market's registers: reported resale prices, outlets, promotions and their logs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel import clock
from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.catalogue import Product
from channel.models.market import Evidence, Incident, PriceReport, Promotion, PromotionLog
from channel.models.partners import Distributor
from channel.queries.listing import Column, Filter, Listing
from channel.queries.market_areas import month_choices, month_of
from channel.queries.scope import get_visible, visible


def reports_listing() -> Listing:
    """Every reported price with the band of its day; there is no freight in it anywhere."""
    r = PriceReport
    return Listing(
        name="price-reports",
        title=_l("Reported resale prices"),
        identity=r.id,
        source=sa.join(r, Distributor, Distributor.id == r.distributor_id).join(
            Product, Product.id == r.product_id
        ),
        columns=[
            Column("number", _l("number"), r.number, "code"),
            Column("product", _l("product"), Product.name),
            Column("place", _l("place"), r.place),
            Column("distributor", _l("distributor"), Distributor.name, wide=True),
            Column("seen_on", _l("seen on"), r.seen_on, "date"),
            Column("price", _l("price seen"), r.price_fen, "fen"),
            Column("floor", _l("band from"), r.floor_fen, "fen", wide=True),
            Column("ceiling", _l("band to"), r.ceiling_fen, "fen", wide=True),
            Column("verdict", _l("verdict"), _verdict(), "state"),
        ],
        default_sort="-number",
        scope=lambda actor: visible(actor, r.distributor_id),
        filters=[
            Filter(
                "verdict",
                _l("verdict"),
                r.verdict,
                choices=[
                    ("below", _l("below floor")),
                    ("above", _l("above ceiling")),
                    ("inside", _l("inside the band")),
                    ("no_band", _l("no band")),
                ],
            ),
            Filter("month", _l("month"), month_of(r.seen_on),
                   choices=lambda: month_choices(clock.today(), 24)),
            Filter("from", _l("seen from"), r.seen_on, kind="from"),
            Filter("to", _l("seen to"), r.seen_on, kind="to"),
        ],
        search=[r.number, r.place, Product.code, Product.name, Distributor.code, Distributor.name],
        endpoint="market.price_report",
        empty=_l("No resale price reported yet: report what a shop asks for a product."),
    )  # fmt: skip


def _verdict() -> Any:
    """below → price_below and so on: the words of the badge."""
    return sa.literal("price_") + PriceReport.verdict


def get_report(actor: Actor, report_id: int) -> PriceReport:
    found: PriceReport = get_visible(
        actor,
        PriceReport,
        report_id,
        joinedload(PriceReport.distributor),
        joinedload(PriceReport.product),
    )
    return found


def incident_of(column: Any, record_id: int) -> Incident | None:
    """The incident that a report or a log opened."""
    return db.session.scalar(sa.select(Incident).where(column == record_id))


def promotions_listing() -> Listing:
    p = Promotion
    return Listing(
        name="promotions",
        title=_l("Promotions"),
        identity=p.id,
        source=sa.join(p, Distributor, Distributor.id == p.distributor_id),
        columns=[
            Column("number", _l("number"), p.number, "code"),
            Column("title", _l("title"), p.title),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("approval", _l("approval number"), p.approval_number, "code", wide=True),
            Column("starts_on", _l("first day"), p.starts_on, "date"),
            Column("ends_on", _l("last day"), p.ends_on, "date", wide=True),
            Column("budget", _l("budget"), p.budget_fen, "fen", total=True),
            Column("spent", _l("spent"), p.spent_fen, "fen", total=True, wide=True),
            Column(
                "state",
                _l("state"),
                sa.case((p.state == "filed", "promotion_filed"), else_=p.state),
                "state",
            ),
        ],
        default_sort="-number",
        scope=lambda actor: visible(actor, p.distributor_id),
        filters=[
            Filter(
                "state",
                _l("state"),
                p.state,
                choices=[
                    ("filed", _l("filed")),
                    ("approved", _l("approved")),
                    ("rejected", _l("rejected")),
                    ("closed", _l("closed")),
                ],
            ),
            Filter("from", _l("starts from"), p.starts_on, kind="from"),
            Filter("to", _l("starts to"), p.starts_on, kind="to"),
        ],
        search=[p.number, p.title, p.approval_number, Distributor.code, Distributor.name],
        currency=p.currency,
        endpoint="market.promotion",
        empty=_l("No promotion filed yet: file one before it begins."),
    )


def logs_listing() -> Listing:
    g = PromotionLog
    return Listing(
        name="promotion-logs",
        title=_l("Promotions that took place"),
        identity=g.id,
        source=sa.join(g, Distributor, Distributor.id == g.distributor_id),
        columns=[
            Column("took_place_on", _l("day"), g.took_place_on, "date"),
            Column("place", _l("place"), g.place),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("what", _l("what took place"), g.what, wide=True),
            Column("stated", _l("approval number stated"), g.stated_number, "code", wide=True),
            Column("verdict", _l("stored as"), sa.literal("log_") + g.verdict, "state"),
        ],
        default_sort="-took_place_on",
        scope=lambda actor: visible(actor, g.distributor_id),
        filters=[
            Filter(
                "verdict",
                _l("stored as"),
                g.verdict,
                choices=[("evidence", _l("kept as evidence")), ("incident", _l("incident"))],
            ),
            Filter("from", _l("from"), g.took_place_on, kind="from"),
            Filter("to", _l("to"), g.took_place_on, kind="to"),
        ],
        search=[g.place, g.what, g.stated_number, Distributor.code, Distributor.name],
        endpoint="market.promotion_log",
        empty=_l("Nothing logged yet."),
    )


def get_promotion(actor: Actor, promotion_id: int) -> Promotion:
    found: Promotion = get_visible(
        actor, Promotion, promotion_id, joinedload(Promotion.distributor)
    )
    return found


def get_log(actor: Actor, log_id: int) -> PromotionLog:
    found: PromotionLog = get_visible(
        actor, PromotionLog, log_id, joinedload(PromotionLog.distributor)
    )
    return found


def logs_of(promotion_id: int) -> list[PromotionLog]:
    g = PromotionLog
    statement = sa.select(g).where(g.promotion_id == promotion_id).order_by(g.took_place_on, g.id)
    return list(db.session.scalars(statement))


def get_evidence(actor: Actor, evidence_id: int) -> tuple[str, str, bytes]:
    """(file name, kind, bytes) of a photo or paper, or NotVisible."""
    row = db.session.execute(
        sa.select(Evidence.filename, Evidence.mimetype, Evidence.data).where(
            Evidence.id == evidence_id, visible(actor, Evidence.distributor_id)
        )
    ).one_or_none()
    if row is None:
        raise NotVisible
    return row.filename, row.mimetype, row.data
