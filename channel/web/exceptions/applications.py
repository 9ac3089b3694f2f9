"""Applying: from a refusal everything that is known stands there already."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission
from channel.messages.coded import EXCEPTION_TYPES
from channel.messages.credit_policies import POINTS
from channel.queries import agreements, catalogue, partners
from channel.queries import exceptions as reads
from channel.queries.credit_policies import firm_points
from channel.queries.scope import get_visible
from channel.services import exceptions as service
from channel.services.steps.agreements import check_version
from channel.services.steps.applications import GROUNDS
from channel.services.work import Refused
from channel.web.applying import TYPE_OF
from channel.web.exceptions.blueprint import RECORDS, bp
from channel.web.exceptions.wording import amount_label, days_label
from channel.web.formats import decode_findings
from channel.web.forms.exceptions import PLACES, ExceptionForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, page, see_other, show
from contracts.values.findings import Finding, to_json
from contracts.values.money import Money


@page(bp, "/exceptions/choose", Permission.EXCEPTIONS_REQUEST)
def choose() -> Any:
    """Without a refused document: choose the kind first."""
    return show("exceptions/choose.html", types=EXCEPTION_TYPES)


class Subject:
    """The refused document of the address, with the finding that refused it."""

    def __init__(self) -> None:
        self.kind, self.id, self.label = "none", None, ""
        self.finding: Finding | None = None
        self.document: Any = None
        kind, text = request.values.get("kind", ""), request.values.get("document", "")
        code = request.values.get("code", "")
        if not text.isdigit():
            return
        if kind in service.DOCUMENTS:
            self._of_document(kind, int(text), code)
        elif kind == "agreement":
            self._of_agreement(int(text), code)

    def _of_document(self, kind: str, document_id: int, code: str) -> None:
        self.document = get_visible(actor(), service.DOCUMENTS[kind], document_id)
        self.kind, self.id, self.label = kind, document_id, self.document.number
        if kind in ("support", "exchange"):
            known = self.document.findings or []
        else:
            known = (self.document.verdict or {}).get("findings", [])
        stored = [f for f in known if f["code"] == code]
        self.finding = decode_findings(stored[:1])[0] if stored else None

    def _of_agreement(self, version_id: int, code: str) -> None:
        version = agreements.get_version(actor(), version_id)
        self.document = version
        self.kind, self.id = "agreement", version_id
        self.label = f"{version.agreement.number} v{version.version_no}"
        if not actor().is_distributor:
            found = (f for f in check_version(version) if f.code == code)
            self.finding = next(found, None)

    @property
    def stored(self) -> dict[str, Any] | None:
        return to_json([self.finding])[0] if self.finding else None


def _prefill(form: ExceptionForm, subject: Subject) -> None:
    """What was refused, already filled in: distributor, dates, rule and value."""
    today = clock.today()
    form.valid_from.data = today
    if actor().is_distributor:
        form.distributor_id.data = actor().distributor_id
    elif (chosen := request.args.get("distributor", "")).isdigit():
        form.distributor_id.data = int(chosen)
    document = subject.document
    if subject.kind == "agreement":
        form.distributor_id.data = document.agreement.distributor_id
        form.valid_from.data = document.valid_from
        form.last_day.data = document.valid_to - timedelta(days=1)
        named = sorted(document.terms["territory"]["includes"])
        facts = subject.finding.facts if subject.finding else {}
        form.division_code.data = str(facts.get("division") or (named[0] if named else ""))
        return
    if document is None:
        return
    form.distributor_id.data = document.distributor_id
    if form.type.data == "delivery_place":
        # The freight that the page of the change has told, in fen; one change needs it once.
        amount = request.args.get("amount", "")
        form.amount_fen.data = int(amount) if amount.isdigit() else None
        form.valid_from.data, form.max_uses.data = today, 1
        return
    if subject.kind == "support":
        form.valid_from.data = document.on_date
        form.last_day.data = document.budget.valid_to - timedelta(days=1)
    elif subject.kind == "exchange":
        # One claim, and a month to file it in.
        form.last_day.data, form.max_uses.data = today + timedelta(days=30), 1
    else:
        on = getattr(document, "ship_date", None) or document.order_date
        form.valid_from.data = min(today, on)
    if subject.finding is not None:
        _prefill_figures(form, document, subject.finding)


def _prefill_figures(form: ExceptionForm, document: Any, finding: Finding) -> None:
    facts = finding.facts
    if form.type.data == "minimum":
        value = facts.get("value")
        form.floor_fen.data = value.fen if isinstance(value, Money) else None
        form.max_uses.data = 1
    elif form.type.data in ("credit", "expiry", "support"):
        # What is overdue or too large is let through with the whole document, as it is judged.
        gap = facts.get("excess") or facts.get("short")
        total = getattr(document, "gross_fen", None) or getattr(document, "goods_gross_fen", 0)
        form.amount_fen.data = gap.fen if isinstance(gap, Money) else total
    elif form.type.data == "territory":
        form.division_code.data = str(facts.get("division", ""))
        form.max_uses.data = 1
    elif form.type.data == "exchange" and isinstance(last := facts.get("last"), date):
        # Enough for the claim to be filed within the exception.
        late = (clock.today() - last).days
        form.extra_days.data = late + 30
    elif form.type.data == "price" and (asked := facts.get("asked")):
        form.unit_gross_fen.data = asked.fen if isinstance(asked, Money) else None


def _widened(form: ExceptionForm) -> Any:
    """The earlier request that this one widens: its figures stand in the form."""
    text = request.values.get("widens", "")
    if not text.isdigit():
        return None
    earlier = reads.get_request(actor(), int(text))
    if request.method == "GET":
        form.distributor_id.data = earlier.distributor_id
        for f in form.asked_fields():
            f.data = earlier.asked.get(f.name)
        for name in ("ground_means", "ground_market", "ground_cost", "expected_sales_fen"):
            form[name].data = getattr(earlier, name)
        form.max_uses.data, form.max_value_fen.data = earlier.max_uses, earlier.max_value_fen
        length = earlier.valid_to - earlier.valid_from
        form.valid_from.data = max(clock.today(), min(earlier.valid_to, clock.today()))
        form.last_day.data = form.valid_from.data + length - timedelta(days=1)
        form.reason.data = earlier.reason
    return earlier


@page(bp, "/exceptions/new", Permission.EXCEPTIONS_REQUEST, methods=("GET", "POST"))
def new() -> Any:
    """Apply: from a refusal everything that is known stands there already."""
    subject = Subject()
    kind = request.values.get("type", "") or TYPE_OF.get(request.values.get("code", ""), "")
    if kind not in EXCEPTION_TYPES:
        return see_other("exceptions.choose")
    form = ExceptionForm()
    form.type.data = kind
    form.distributor_id.choices = [("", _("choose")), *partners.choices(actor())]
    form.product_id.choices = [("", _("choose")), *catalogue.product_choices()]
    form.amount_fen.label.text = amount_label(kind)
    form.extra_days.label.text = days_label(kind)
    if request.method == "GET":
        _prefill(form, subject)
    earlier = _widened(form)
    if request.method == "POST" and form.validate():
        wish = form.application((subject.kind, subject.id), subject.stored, earlier)
        try:
            request_id = service.request_exception(actor(), wish)
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The application is on its way to the approvers."), "success")
            return see_other("exceptions.record", id=request_id)
    status = 422 if request.method == "POST" else 200
    return show(
        "exceptions/form.html",
        form=form,
        kind=kind,
        word=EXCEPTION_TYPES[kind],
        subject=subject,
        required=GROUNDS.get(kind, ()),
        earlier=earlier,
        points=POINTS,
        firm=firm_points(clock.today()) if kind == "credit" else [],
        code=request.values.get("code", ""),
        records=RECORDS,
    ), status
