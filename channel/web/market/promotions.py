"""Promotions: filed before, approved with a number, logged as they happen, closed with a result."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.models.market import Incident
from channel.queries import audit, market_areas, partners, territories
from channel.queries import market_prices as reads
from channel.services import market_promotions as service
from channel.services.market_promotions import Happened, PromotionPlan
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.fields import Form, MoneyField, TextField
from channel.web.forms.market import LogForm, PromotionForm
from channel.web.forms.refusals import show_refusal
from channel.web.market.blueprint import bp, sent_files, tabs
from channel.web.market.prices import PLACES as PLACED
from channel.web.market.prices import offer_places
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show

PLACES = PLACED | {
    "promotion.span": "ends_on",
    "promotion.in_future": "took_place_on",
    "incident.what_needed": "what",
}


class ResultForm(Form):
    """What came of a promotion and what it cost."""

    text = TextField()
    spent_fen = MoneyField()


def _actions() -> list[dict[str, Any]]:
    if not may(actor(), Permission.MARKET_FILE):
        return []
    return [
        {"url": url_for("market.new_promotion"), "icon": "plus", "label": _("File a promotion")},
        {"url": url_for("market.new_log"), "icon": "camera", "label": _("Log one that took place")},
    ]


@page(bp, "/market/promotions", Permission.MARKET_READ)
def promotions() -> Any:
    more = {
        "url": url_for("market.promotion_logs"),
        "icon": "list-details",
        "label": _("What took place"),
    }
    return lists.answer(
        reads.promotions_listing(), actions=[*_actions(), more], tabs=tabs("market.promotions")
    )


@page(bp, "/market/promotions/logs", Permission.MARKET_READ)
def promotion_logs() -> Any:
    return lists.answer(
        reads.logs_listing(), actions=_actions()[1:], tabs=tabs("market.promotions")
    )


@page(bp, "/market/promotions/new", Permission.MARKET_FILE, methods=("GET", "POST"))
def new_promotion() -> Any:
    form = PromotionForm()
    form.distributor_id.choices = [("", _("choose")), *partners.choices(actor())]
    if not form.is_submitted():
        form.distributor_id.data = actor().distributor_id
    elif form.validate():
        wish = PromotionPlan(**{n: form[n].data for n in PromotionPlan.__dataclass_fields__})
        try:
            promotion_id = service.file_promotion(actor(), wish, sent_files())
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Filed: a channel manager approves it and gives it a number."), "success")
            return see_other("market.promotion", id=promotion_id)
    status = 422 if form.is_submitted() else 200
    return show("market/promotion_form.html", form=form), status


@page(bp, "/market/promotions/<int:id>", Permission.MARKET_READ)
def promotion(id: int) -> Any:
    record = reads.get_promotion(actor(), id)
    names = territories.names([record.division_code], clock.today())
    staff = not actor().is_distributor
    return show(
        "market/promotion.html",
        promotion=record,
        division=f"{record.division_code} {names[record.division_code]}".strip(),
        logs=reads.logs_of(id),
        proofs=market_areas.evidence_of("promotion", id),
        entries=audit.history("promotion", id) if staff else [],
    )


@page(bp, "/market/promotions/<int:id>/act", Permission.MARKET_READ, methods=("POST",))
def promotion_act(id: int) -> Any:
    """Approve, reject or close; each use case demands its own permission."""
    chosen, form = request.form.get("act", ""), ResultForm()
    form.validate()
    text = form.text.data or ""
    try:
        if chosen in ("approve", "reject"):
            service.decide_promotion(actor(), id, chosen == "approve", text, seen_version())
        elif chosen == "close":
            if form.spent_fen.errors:
                flash(str(form.spent_fen.errors[0]), "danger")
                return see_other("market.promotion", id=id)
            service.close_promotion(actor(), id, text, form.spent_fen.data, seen_version())
        flash(_("Done."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("market.promotion", id=id)


@page(bp, "/market/promotions/logs/new", Permission.MARKET_FILE, methods=("GET", "POST"))
def new_log() -> Any:
    """Log a promotion as it took place, with its approval number if it has one."""
    form = LogForm()
    offer_places(form)
    if not form.is_submitted():
        form.took_place_on.data = clock.today()
        form.stated_number.data = request.args.get("number", "")
    elif form.validate():
        happened = Happened(**{n: form[n].data for n in Happened.__dataclass_fields__})
        try:
            log_id = service.log_promotion(actor(), happened, sent_files())
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            return see_other("market.promotion_log", id=log_id)
    status = 422 if form.is_submitted() else 200
    return show("market/log_form.html", form=form), status


@page(bp, "/market/promotions/logs/<int:id>", Permission.MARKET_READ)
def promotion_log(id: int) -> Any:
    record = reads.get_log(actor(), id)
    names = territories.names([record.division_code], clock.today())
    return show(
        "market/log.html",
        log=record,
        division=f"{record.division_code} {names[record.division_code]}".strip(),
        promotion=reads.get_promotion(actor(), record.promotion_id)
        if record.promotion_id
        else None,
        incident=reads.incident_of(Incident.promotion_log_id, id),
        proofs=market_areas.evidence_of("promotion_log", id),
    )
