"""Pages of the checks of reports: score, causes, versions, hidden outflow, the filing calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, current_app, flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission
from channel.messages.stock import COLUMNS
from channel.messages.stock_checks import PART_WORDS
from channel.models.partners import Distributor
from channel.queries import partners, stock_filing, stock_outflow, stock_quality, stock_versions
from channel.queries import stock as reports
from channel.queries.scope import get_visible
from channel.services import stock_checks as service
from channel.services import stock_filing as reminding  # noqa: F401  # registers its chore
from channel.services.work import Refused
from channel.web import lists
from channel.web.pages import actor, flash_refusal, page, see_other, show
from channel.web.stock_tabs import tabs
from contracts.values.periods import Period, preceding

bp = Blueprint("stock_checks", __name__)


@page(bp, "/stock/<int:id>/checks", Permission.STOCK_READ)
def record(id: int) -> Any:
    """The score with its parts, the rows behind a part, and every disagreement with its cause."""
    report, checks = service.look(actor(), id)
    score = stock_quality.kept(id)
    is_kept = score is not None
    if score is None:
        score = stock_quality.measure(report)
    asked = request.args.get("part", "")
    part = next((p for p in score.parts if p.name == asked), None)
    numbers = set(part.rows) if part else set()
    return show(
        "stock/checks.html",
        report=report,
        checks=checks,
        score=score,
        is_kept=is_kept,
        part=part,
        rows=[r for r in report.rows if r.row_number in numbers],
        words=PART_WORDS,
        columns=COLUMNS,
        versions=reports.versions(report),
        weeks=stock_quality.over_periods(actor(), report.distributor_id),
    )


@page(bp, "/stock/<int:id>/difference", Permission.STOCK_READ)
def difference(id: int) -> Any:
    """What this version changed, and what was built on the one before."""
    report = reports.get_report(actor(), id)
    before = stock_versions.before(report)
    if before is None:
        return see_other("stock.record", id=id)
    return show(
        "stock/difference.html",
        report=report,
        before=before,
        changes=stock_versions.difference(before, report),
        touched=stock_versions.touched(actor(), report),
        columns=COLUMNS,
        has_claims="exchanges.record" in current_app.view_functions,
    )


@page(bp, "/stock/<int:id>/accept", Permission.STOCK_ACCEPT, methods=("POST",))
def accept(id: int) -> Any:
    try:
        service.accept_version(actor(), id, request.form.get("note", ""))
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("The report is accepted."), "success")
    return see_other("stock_checks.record", id=id)


@page(bp, "/stock/<int:id>/return", Permission.STOCK_ACCEPT, methods=("POST",))
def send_back(id: int) -> Any:
    try:
        service.send_back(actor(), id, request.form.get("note", ""))
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("The report is sent back; the version before counts again."), "success")
    return see_other("stock_checks.record", id=id)


@page(bp, "/stock/quality", Permission.STOCK_READ)
def quality() -> Any:
    return lists.answer(
        stock_quality.scores_listing(),
        tabs=tabs("stock_checks.quality"),
        subtitle=_("Points lost by each report; a row opens the parts, and a part its rows."),
    )


@page(bp, "/stock/outflow", Permission.RISK_READ)
def outflow() -> Any:
    """Goods that left without anybody saying where to, for a quarter."""
    quarter = _quarter()
    before = preceding(quarter.start, "quarter")
    return lists.answer(
        stock_outflow.outflow_listing(quarter),
        template="stock/outflow.html",
        tabs=tabs("stock_checks.outflow"),
        subtitle=_(
            "%(quarter)s: opening + shipped + other in − out − losses − returned − stock. "
            "Goods of the last %(days)s days may be on the road and are not held against anybody.",
            quarter=quarter.label,
            days=stock_outflow.TRANSIT_DAYS,
        ),
        quarter=quarter,
        earlier=before,
        later=Period.parse(_after(quarter)) if quarter.end <= clock.today() else None,
    )


def _quarter() -> Period:
    """The quarter of the address, else the last that was reported."""
    try:
        asked = Period.parse(request.args.get("quarter", ""))
    except ValueError:
        return stock_outflow.latest_quarter(clock.today())
    if asked.kind == "quarter" and 1990 <= asked.start.year <= 2100:
        return asked
    return stock_outflow.latest_quarter(clock.today())


def _after(quarter: Period) -> str:
    day: date = quarter.end
    return f"{day.year}Q{(day.month + 2) // 3}"


@page(bp, "/stock/outflow/<int:id>", Permission.RISK_READ)
def flow(id: int) -> Any:
    """The balance of one good in a quarter with the reports and shipments that it is made of."""
    return show("stock/flow.html", one=stock_outflow.opened(actor(), id))


@page(bp, "/stock/calendar", Permission.STOCK_READ)
def calendar() -> Any:
    """For the house the months with their counts; for one distributor its own months."""
    who, today = actor(), clock.today()
    asked = request.args.get("distributor_id", "")
    own = who.distributor_id if who.is_distributor else (int(asked) if asked.isdecimal() else None)
    if own is not None and own > 2**62:
        abort(404)
    distributor = get_visible(who, Distributor, own) if own else None
    return show(
        "stock/calendar.html",
        tabs=tabs("stock_checks.calendar"),
        today=today,
        distributor=distributor,
        months=stock_filing.own_months(own, today) if own else (),
        reminders=stock_filing.reminders_of(own) if own else {},
        house=[] if own else stock_filing.house(who, today),
        choices=[] if who.is_distributor else partners.choices(who),
    )
