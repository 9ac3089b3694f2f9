"""Pages of inventory reports: file, review by bad cells, confirm, and what a report gives back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.stock import COLUMNS
from channel.models.partners import Distributor
from channel.models.stock import InventoryReport
from channel.queries import (
    audit,
    catalogue,
    partners,
    stock_advice,
    stock_advice_fifo,
    stock_advice_levels,
    stock_codes,
    stock_facts,
    stock_quality,
    stock_trend,
)
from channel.queries import stock as reports
from channel.queries import stock_lines as record_lines
from channel.queries.scope import get_visible
from channel.rules.stock_filing import due_on, late_days
from channel.services import stock as service
from channel.services import stock_checks as check_service
from channel.services import stock_codes as code_service
from channel.services.steps.stock_sheet import FIELDS, LEFT_OUT
from channel.services.work import Refused
from channel.web import lists, stock_files
from channel.web.forms import stock_codes as code_forms
from channel.web.forms import stock_review
from channel.web.forms.stock import (
    AdviceForm,
    ChooseForm,
    ConfirmForm,
    FileForm,
    column_choices,
    last_month,
    month_asked,
    period_choices,
)
from channel.web.pages import actor, download, flash_refusal, page, see_other, seen_version, show
from channel.web.stock_tabs import tabs as _tabs
from contracts.values.periods import Period

bp = Blueprint("stock", __name__)

#: Lines of a report on its page, unless all are asked for.
ROWS_SHOWN = 500
#: Disagreements on the page of a report; the page of its checks has all.
DOUBTS_SHOWN = 12


def _actions() -> list[dict[str, str]]:
    if not may(actor(), Permission.STOCK_FILE):
        return []
    return [{"url": url_for("stock.file"), "icon": "upload", "label": _("File a report")}]


@page(bp, "/stock", Permission.STOCK_READ)
def index() -> Any:
    return lists.answer(reports.REPORTS, actions=_actions(), tabs=_tabs("stock.index"))


@page(bp, "/stock/files", Permission.STOCK_FILE)
def files() -> Any:
    return lists.answer(reports.FILES_IN_WORK, actions=_actions(), tabs=_tabs("stock.files"))


@page(bp, "/stock/missing", Permission.STOCK_READ)
def missing() -> Any:
    """Who has not filed the last month; the due date and how late it is by now."""
    period = month_asked(request.args.get("period", ""), clock.today())
    calendar = catalogue.work_calendar()
    due = due_on(period, calendar)
    note = _("Period %(period)s, due on %(due)s.", period=period.label, due=due.isoformat())
    if late := late_days(due, clock.today(), calendar):
        note += " " + _("By now late by %(n)s working days.", n=late)
    listing = reports.not_filed(period)
    return lists.answer(listing, actions=_actions(), tabs=_tabs("stock.missing"), subtitle=note)


def _chosen() -> tuple[ChooseForm, Distributor | None, Period | None]:
    """Whose report of which period the address asks for."""
    form = ChooseForm(request.values)
    form.period.choices = period_choices(clock.today())
    who = actor()
    form.distributor_id.choices = [("", _("choose")), *partners.choices(who)]
    if who.is_distributor:
        form.distributor_id.data = who.distributor_id
    if not form.period.data:
        form.period.data = last_month(clock.today()).label
    try:
        period = Period.parse(form.period.data)
    except ValueError:
        period = None
    chosen = form.distributor_id.data
    distributor = get_visible(who, Distributor, chosen) if chosen else None
    return form, distributor, period


@page(bp, "/stock/file", Permission.STOCK_FILE, methods=("GET", "POST"))
def file() -> Any:
    choose, distributor, period = _chosen()
    form, refused = FileForm(), None
    if form.validate_on_submit() and distributor and period:
        sent = stock_files.handed_in(form.pasted.data or "", period.label)
        if sent is None:
            form.file.errors = [_("Choose the file that you filled in.")]
        else:
            try:
                got = service.receive_report(actor(), distributor.id, period, *sent)
            except Refused as error:
                refused = error
            else:
                if got.is_known:
                    flash(_("This very file is here already; nothing was doubled."), "info")
                return see_other("stock.review", id=got.upload_id)
    facts = {}
    if distributor and period:
        facts = {
            "due": due_on(period, catalogue.work_calendar()),
            "versions": stock_facts.versions_of(distributor.id, period),
            "lines": stock_facts.form_lines(distributor.id, period),
            "before": stock_facts.previous_report(distributor.id, period),
        }
    status = 422 if refused or form.errors else 200
    return show(
        "stock/file.html", choose=choose, form=form, distributor=distributor, period=period,
        found=refused.findings if refused else [], accepted=stock_files.ACCEPTED, **facts,
    ), status  # fmt: skip


@page(bp, "/stock/template", Permission.STOCK_FILE)
def template() -> Any:
    """The empty form with the distributor's own goods and last closings."""
    _form, distributor, period = _chosen()
    if distributor is None or period is None:
        return see_other("stock.file")
    lines = stock_facts.form_lines(distributor.id, period)
    return stock_files.form(lines, f"{distributor.code}-{period.label}")


@page(bp, "/stock/uploads/<int:id>", Permission.STOCK_FILE)
def review(id: int) -> Any:
    return _review(id, ConfirmForm())


def _review(id: int, form: ConfirmForm, found: list[Any] | None = None) -> Any:
    upload, review = service.preview(actor(), id, request.args.get("rows") == "all")
    if upload.state == "confirmed":
        return see_other("stock.record", id=reports.report_of_upload(id))
    if review is None:
        return see_other("jobs.record", id=reports.job_of_upload(id))
    period = Period.parse(upload.options["period"])
    goods = stock_codes.goods() if review.codes or review.units else []
    return show(
        "stock/review.html",
        upload=upload,
        review=review,
        period=period,
        form=form,
        refused=found or [],
        distributor=get_visible(actor(), Distributor, upload.distributor_id or 0),
        versions=stock_facts.versions_of(upload.distributor_id or 0, period),
        offers=[code_forms.offered(asked, goods) for asked in review.codes],
        packs=stock_codes.packs({asked.product for asked in review.units}),
        columns=COLUMNS,
        fields=FIELDS,
        accepted=stock_files.ACCEPTED,
        transit_days=stock_facts.TRANSIT_DAYS,
    )


@page(bp, "/stock/uploads/<int:id>/file", Permission.STOCK_READ)
def original(id: int) -> Any:
    """The file exactly as it came."""
    upload = reports.get_upload(actor(), id)
    return download(upload.data, upload.filename, "application/octet-stream")


@page(bp, "/stock/uploads/<int:id>/columns", Permission.STOCK_FILE, methods=("POST",))
def columns(id: int) -> Any:
    _upload, review = service.preview(actor(), id)
    if review is None:
        return see_other("stock.review", id=id)
    # The order of the file's header, not of the stored map: PostgreSQL keeps no order of keys.
    labels = column_choices(request.form, [label.text for label in review.labels])
    try:
        service.map_columns(actor(), id, labels, seen_version())
    except Refused as refused:
        flash_refusal(refused)
        return see_other("stock.review", id=id)
    flash(_("The columns are read as you said, and remembered for the next file."), "success")
    return see_other("stock.review", id=id)


@page(bp, "/stock/uploads/<int:id>/words", Permission.STOCK_FILE, methods=("POST",))
def words(id: int) -> Any:
    """The answers to the codes and units that the file asks about."""
    _upload, review = service.preview(actor(), id)
    codes, units = code_forms.typed_answers(request.form, review) if review else ([], [])
    if not codes and not units:
        flash(_("Nothing was decided."), "info")
        return see_other("stock.review", id=id)
    try:
        code_service.decide(actor(), id, codes, units, seen_version())
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("Remembered for every further report."), "success")
    return see_other("stock.review", id=id)


@page(bp, "/stock/uploads/<int:id>/fill", Permission.STOCK_FILE, methods=("POST",))
def fill(id: int) -> Any:
    """Fill blanks from what we know ourselves, or leave them blank again."""
    service.fill_blanks(actor(), id, request.form.getlist("fill"), seen_version())
    flash(_("The file is checked again."), "success")
    return see_other("stock.review", id=id)


@page(bp, "/stock/uploads/<int:id>/cells", Permission.STOCK_FILE, methods=("POST",))
def mend(id: int) -> Any:
    _upload, review = service.preview(actor(), id)
    repairs = stock_review.typed_repairs(request.form, review) if review else {}
    if repairs:
        service.mend_cells(actor(), id, repairs, seen_version())
        flash(_("The file is checked again with your corrections."), "success")
    else:
        flash(_("Nothing was changed."), "info")
    return see_other("stock.review", id=id)


@page(bp, "/stock/uploads/<int:id>/rows/<int:row>", Permission.STOCK_FILE, methods=("POST",))
def restore(id: int, row: int) -> Any:
    """Take a row in again that was left out."""
    service.mend_cells(actor(), id, {row: {LEFT_OUT: ""}}, seen_version())
    return see_other("stock.review", id=id)


@page(bp, "/stock/uploads/<int:id>/confirm", Permission.STOCK_FILE, methods=("POST",))
def confirm(id: int) -> Any:
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _review(id, form), 422
    reason = form.reason.data or ""
    try:
        if service.is_long(actor(), id):
            job = service.order_filing(actor(), id, seen_version(), reason)
            return see_other("jobs.record", id=job)
        report_id = service.accept_report(actor(), id, seen_version(), reason)
    except Refused as refused:
        rowless = [
            f for f in refused.findings if f.code.startswith("stock.") and "row" not in f.facts
        ]
        return _review(id, form, rowless), 422
    flash(_("The report is filed."), "success")
    return see_other("stock.record", id=report_id)


@page(bp, "/stock/<int:id>", Permission.STOCK_READ)
def record(id: int) -> Any:
    report = reports.get_report(actor(), id)
    found = record_lines.lines(report)
    if request.args.get("format") in ("csv", "xlsx"):
        return stock_files.export(report, found, request.args["format"])
    form = AdviceForm(request.args)
    form.product_id.choices = [
        ("", _("all goods")),
        *sorted({(str(r.product_id), f"{r.product.code} {r.product.name}") for r in report.rows}),
    ]
    today = clock.today()
    facts = stock_advice.ground(report, today)
    advice = stock_advice.advise(report, *_days(form, report), today, facts)
    suggested = [good for good in advice.goods if good.suggestion.quantity]
    return show(
        "stock/record.html",
        report=report,
        upto=report.period_end - timedelta(days=1),
        lines=found if request.args.get("rows") == "all" else found[:ROWS_SHOWN],
        line_count=len(found),
        totals=record_lines.totals(found),
        shown=record_lines.used_columns(found),
        columns=COLUMNS,
        versions=reports.versions(report),
        upload=reports.find_upload(report.upload_id),
        form=form,
        advice=advice,
        rulings=stock_advice_levels.rulings(report, today, facts),
        fifo=stock_advice_fifo.judge(report, advice),
        later=stock_trend.later_openings(report),
        quality=stock_quality.kept(id),
        doubts=check_service.look(actor(), id)[1].findings[:DOUBTS_SHOWN],
        chart=stock_files.chart(stock_trend.months(report, form.product_id.data)),
        links={
            "orders.new": url_for(
                "orders.new",
                distributor=report.distributor_id,
                product=[good.product.id for good in suggested],
                quantity=[int(good.suggestion.quantity) for good in suggested],
            ),
            "exceptions.new": url_for("exceptions.new", type="minimum"),
        },
        entries=audit.history(("inventory_report", id), ("upload", report.upload_id)),
    )


def _days(form: AdviceForm, report: InventoryReport) -> tuple[int | Mapping[int, int], int]:
    """(safety days, days an order covers) as asked for, else each product's own or the house's."""
    own = stock_advice_levels.safety_days(report.distributor_id, clock.today())
    if not form.validate():
        return own, stock_advice.COVER_DAYS
    asked, cover = form.safety_days.data, form.cover_days.data
    given = asked is not None and "safety_days" in request.args
    return asked if given else own, cover or stock_advice.COVER_DAYS
