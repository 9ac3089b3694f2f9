"""Imports in the browser: hand in, name the columns, look at what would change, confirm."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from channel.access import Permission, may
from channel.messages.uploads import KIND_NAMES
from channel.queries import audit
from channel.queries import uploads as reads
from channel.services import uploads as service
from channel.services import uploads_joins as seconds
from channel.services.steps.importing.files import load
from channel.services.steps.importing.planners import PLANNERS
from channel.services.steps.importing.recipe import Recipe
from channel.services.work import Refused
from channel.tabular.kinds import KINDS
from channel.tabular.mapping import Mapping, mapping_findings
from channel.tabular.tables import TableRefused
from channel.tabular.templates import template as empty_file
from channel.web import lists
from channel.web.forms.uploads import (
    GiveUpForm,
    NewForm,
    column_rows,
    filter_of,
    typed_mapping,
    typed_recipe,
)
from channel.web.pages import actor, download, flash_refusal, page, see_other, seen_version, show

bp = Blueprint("uploads", __name__)

#: Where the records of a kind are looked at.
LISTS = {
    "divisions": "territories.index",
    "working_days": "catalogue.calendar",
    "vat_rates": "catalogue.vat",
    "product_groups": "catalogue.groups",
    "products": "catalogue.products",
    "prices": "catalogue.price_books",
    "distributors": "partners.index",
    "ship_tos": "partners.index",
    "credit_limits": "credit.index",
    "opening_balances": "receivables.ageing",
    "invoices": "receivables.invoices",
    "receipts": "receivables.receipts",
    "bank_lines": "bank.index",
    "price_reports": "market.price_reports",
    "trace_codes": "diversions.codes",
    "orders": "orders.index",
}


def _lang() -> str:
    return "zh" if str(get_locale() or "zh").startswith("zh") else "en"


def _kinds() -> list[str]:
    """The kinds whose records the actor may write."""
    return [kind for kind, (_plan, needed) in PLANNERS.items() if may(actor(), needed)]


@page(bp, "/imports", Permission.IMPORTS)
def index() -> Any:
    action = {"url": url_for("uploads.new"), "icon": "upload", "label": _("Import a file")}
    return lists.answer(reads.UPLOADS, actions=[action])


@page(bp, "/imports/new", Permission.IMPORTS, methods=("GET", "POST"))
def new() -> Any:
    form = NewForm()
    kinds = _kinds()
    form.kind.choices = [("", _("choose")), *((k, KIND_NAMES[k]) for k in kinds)]
    if request.method == "GET" and request.args.get("kind") in kinds:
        form.kind.data = request.args["kind"]
    refused = None
    if form.validate_on_submit():
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            form.file.errors = [_("Choose the file to import.")]
        else:
            try:
                settings = _settings(form)
                got = service.receive(actor(), form.kind.data, sent.filename, sent.read(), settings)
            except Refused as error:
                refused = error
            else:
                return _after_receipt(got)
    status = 422 if refused or form.errors else 200
    found = refused.findings if refused else []
    return show("uploads/new.html", form=form, kinds=kinds, names=KIND_NAMES, found=found), status


def _settings(form: NewForm) -> Mapping:
    kind = KINDS[form.kind.data]
    names = [entry.name for entry in kind.fields]
    constants = {}
    if form.currency.data and "currency" in names:
        constants["currency"] = form.currency.data
    dates = [entry.name for entry in kind.fields if entry.type == "date"]
    chosen = form.date_order.data
    orders = dict.fromkeys(dates, str(chosen)) if chosen else {}
    return Mapping(constants=constants, date_orders=orders)


def _after_receipt(got: service.Received) -> Any:
    if got.is_known:
        flash(_("This very file is here already; nothing was doubled."), "info")
        return see_other("uploads.record", id=got.upload_id)
    upload, table, columns = load(actor(), got.upload_id)
    if not service.is_mapped(upload.kind, table, columns):
        return see_other("uploads.columns", id=got.upload_id)
    return _check(got.upload_id)


def _check(upload_id: int) -> Any:
    """Check at once, or as a job when the file is large."""
    upload = reads.get_upload(actor(), upload_id)
    if service.is_large(upload):
        job = service.order(actor(), upload_id, "check", upload.row_version)
        return see_other("jobs.record", id=job)
    service.check(actor(), upload_id)
    return see_other("uploads.record", id=upload_id)


@page(bp, "/imports/template/<kind>", Permission.IMPORTS)
def template(kind: str) -> Any:
    """An empty file with the columns of the kind in the reader's language."""
    if kind not in PLANNERS:
        return see_other("uploads.new")
    name = KINDS[kind].zh if _lang() == "zh" else kind
    return download(empty_file(KINDS[kind], _lang()), f"{name}.xlsx", lists.XLSX)


@page(bp, "/imports/<int:id>", Permission.IMPORTS)
def record(id: int) -> Any:
    upload = reads.get_upload(actor(), id)
    return show(
        "uploads/record.html",
        upload=upload,
        name=KIND_NAMES[upload.kind],
        person=reads.uploader_name(upload),
        summary=upload.summary or {},
        is_large=service.is_large(upload),
        may_write=may(actor(), PLANNERS[upload.kind][1]),
        give_up=GiveUpForm(),
        target=LISTS[upload.kind],
        entries=audit.history("upload", id),
    )


@page(bp, "/imports/<int:id>/file", Permission.IMPORTS)
def original(id: int) -> Any:
    """The file exactly as it came."""
    upload = reads.get_upload(actor(), id, with_data=True)
    return download(upload.data, upload.filename, "application/octet-stream")


@page(bp, "/imports/<int:id>/columns", Permission.IMPORTS, methods=("GET", "POST"))
def columns(id: int) -> Any:
    """What the columns mean, with sample values as they would be understood."""
    try:
        upload, table, said = load(actor(), id)
    except TableRefused as refusal:
        flash_refusal(Refused([refusal.finding()]))
        return see_other("uploads.record", id=id)
    if upload.state not in ("received", "checked"):
        return see_other("uploads.record", id=id)
    kind, recipe = KINDS[upload.kind], Recipe.from_json(upload.options or {})
    found: list[Any] = []
    if request.method == "POST":
        said = typed_mapping(kind, request.form, table.header)
        recipe = typed_recipe(request.form, table, recipe)
        found = mapping_findings(kind, table, said)
        if not found:
            try:
                service.map_columns(actor(), id, said, recipe, seen_version())
                if request.form.get("act") == "look":
                    return see_other("uploads.columns", id=id)
                return _check(id)
            except Refused as refused:
                found = list(refused.findings)
    elif not service.is_mapped(upload.kind, table, said):
        found = mapping_findings(kind, table, said)
    return show(
        "uploads/columns.html",
        upload=upload,
        name=KIND_NAMES[upload.kind],
        table=table,
        rows=column_rows(kind, table, said, _lang()),
        unmapped=said.unmapped(table.header),
        filter=filter_of(recipe),
        joins=recipe.joins,
        second=seconds.second_table(upload),
        found=found,
    ), 422 if request.method == "POST" else 200


@page(bp, "/imports/<int:id>/second", Permission.IMPORTS, methods=("POST",))
def second(id: int) -> Any:
    """A second file beside the first, for columns that are found by key."""
    sent = request.files.get("second")
    if sent is None or not sent.filename:
        flash(_("Choose the file to import."), "danger")
    else:
        try:
            seconds.add_second(actor(), id, sent.filename, sent.read(), seen_version())
        except Refused as refused:
            flash_refusal(refused)
    return see_other("uploads.columns", id=id)


@page(bp, "/imports/<int:id>/second/join", Permission.IMPORTS, methods=("POST",))
def join(id: int) -> Any:
    form = request.form
    try:
        seconds.join_second(
            actor(),
            id,
            form.get("on", ""),
            form.get("key", ""),
            form.getlist("take"),
            seen_version(),
        )
    except Refused as refused:
        flash_refusal(refused)
    return see_other("uploads.columns", id=id)


@page(bp, "/imports/<int:id>/second/leave", Permission.IMPORTS, methods=("POST",))
def leave(id: int) -> Any:
    try:
        seconds.leave_second(actor(), id, seen_version())
    except Refused as refused:
        flash_refusal(refused)
    return see_other("uploads.columns", id=id)


@page(bp, "/imports/<int:id>/check", Permission.IMPORTS, methods=("POST",))
def check(id: int) -> Any:
    try:
        return _check(id)
    except (Refused, TableRefused) as error:
        refused = error if isinstance(error, Refused) else Refused([error.finding()])
        flash_refusal(refused)
        return see_other("uploads.record", id=id)


@page(bp, "/imports/<int:id>/confirm", Permission.IMPORTS, methods=("POST",))
def confirm(id: int) -> Any:
    """The second step: only now something is saved."""
    upload = reads.get_upload(actor(), id)
    if service.is_large(upload):
        job = service.order(actor(), id, "confirm", seen_version())
        return see_other("jobs.record", id=job)
    try:
        service.confirm(actor(), id, seen_version())
    except Refused as refused:
        if any(f.code == "import.not_now" for f in refused.findings):
            flash_refusal(refused)
        else:
            service.check(actor(), id)
            flash(_("Something changed since the check; look at the new findings."), "warning")
        return see_other("uploads.record", id=id)
    flash(_("The file is imported."), "success")
    return see_other("uploads.record", id=id)


@page(bp, "/imports/<int:id>/discard", Permission.IMPORTS, methods=("POST",))
def discard(id: int) -> Any:
    form = GiveUpForm()
    form.validate()
    try:
        service.discard(actor(), id, form.reason.data or "", seen_version())
    except Refused as refused:
        flash_refusal(refused)
        return see_other("uploads.record", id=id)
    flash(_("The file is given up; nothing of it was saved."), "success")
    return see_other("uploads.record", id=id)
