"""Exceptions: apply from a refusal, decide on a phone, follow in the register."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, Role, may
from channel.messages import format_fen, sentence
from channel.messages.coded import EXCEPTION_TYPES
from channel.models.orders import Order, Shipment
from channel.queries import accounts as people
from channel.queries import approvals, audit, catalogue, partners
from channel.queries import exceptions as reads
from channel.queries.scope import get_visible
from channel.services import exceptions as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.applying import TYPE_OF
from channel.web.formats import decode_findings
from channel.web.forms.exceptions import DecisionForm, ExceptionForm
from channel.web.pages import actor, flash_refusal, page, see_other, show
from contracts.approval import ActKind, acts_open_to
from contracts.values.findings import Finding
from contracts.values.money import Money

bp = Blueprint("exceptions", __name__)

DOCUMENTS: dict[str, Any] = {"order": Order, "shipment": Shipment}
RECORDS = {"order": "orders.record", "shipment": "shipments.record"}


@page(bp, "/exceptions", Permission.EXCEPTIONS_READ)
def index() -> Any:
    actions = []
    if may(actor(), Permission.EXCEPTIONS_REQUEST):
        actions.append({"url": url_for("exceptions.choose"), "icon": "plus", "label": _("Apply")})
    return lists.answer(
        reads.REGISTER,
        actions=actions,
        subtitle=_("%(n)s approved exceptions end within 30 days.", n=reads.ending_soon(actor())),
    )


@page(bp, "/inbox", Permission.EXCEPTIONS_DECIDE)
def inbox() -> Any:
    """Everything that waits for my signature, oldest first."""
    return show(
        "exceptions/inbox.html",
        requests=approvals.inbox(actor()),
        types=EXCEPTION_TYPES,
        now=clock.now(),
        asked_words=asked_words,
    )


@page(bp, "/exceptions/choose", Permission.EXCEPTIONS_REQUEST)
def choose() -> Any:
    """Without a refused document: choose the kind first."""
    return show("exceptions/choose.html", types=EXCEPTION_TYPES)


def _subject() -> tuple[Any, Finding | None, dict[str, Any] | None]:
    """The refused document of the address, and the finding that refused it, as stored."""
    kind = request.values.get("kind", "")
    text = request.values.get("document", "")
    if kind not in DOCUMENTS or not text.isdigit():
        return None, None, None
    document = get_visible(actor(), DOCUMENTS[kind], int(text))
    code = request.values.get("code", "")
    stored = next(
        (f for f in (document.verdict or {}).get("findings", []) if f["code"] == code), None
    )
    return document, decode_findings([stored])[0] if stored else None, stored


def _prefill(form: ExceptionForm, document: Any, finding: Finding | None) -> None:
    """What was refused, already filled in: distributor, dates, rule and value."""
    today = clock.today()
    form.valid_from.data = today
    if actor().is_distributor:
        form.distributor_id.data = actor().distributor_id
    if document is None:
        return
    form.distributor_id.data = document.distributor_id
    on = getattr(document, "ship_date", None) or document.order_date
    form.valid_from.data = min(today, on)
    if finding is None:
        return
    facts = finding.facts
    if form.type.data == "minimum":
        value = facts.get("value")
        form.floor_fen.data = value.fen if isinstance(value, Money) else None
        form.max_uses.data = 1
    elif form.type.data in ("credit", "expiry"):
        gap = facts.get("excess") or facts.get("short") or facts.get("overdue")
        total = getattr(document, "gross_fen", None) or getattr(document, "goods_gross_fen", 0)
        form.amount_fen.data = gap.fen if isinstance(gap, Money) else total
    elif form.type.data == "territory":
        form.division_code.data = str(facts.get("division", ""))
        form.max_uses.data = 1
    elif form.type.data == "price" and (asked := facts.get("asked")):
        form.unit_gross_fen.data = asked.fen if isinstance(asked, Money) else None


@page(bp, "/exceptions/new", Permission.EXCEPTIONS_REQUEST, methods=("GET", "POST"))
def new() -> Any:
    """Apply: from a refusal everything that is known stands there already."""
    document, finding, stored = _subject()
    kind = request.values.get("type", "") or TYPE_OF.get(request.values.get("code", ""), "")
    if kind not in EXCEPTION_TYPES:
        return see_other("exceptions.choose")
    form = ExceptionForm()
    form.type.data = kind
    form.distributor_id.choices = [("", _("choose")), *partners.choices(actor())]
    form.product_id.choices = [("", _("choose")), *catalogue.product_choices()]
    if request.method == "GET":
        _prefill(form, document, finding)
    elif form.validate():
        subject = (request.values.get("kind", "none"), document.id) if document else ("none", None)
        try:
            request_id = service.request_exception(actor(), form.application(subject, stored))
        except Refused as refused:
            flash_refusal(refused)
        else:
            flash(_("The application is on its way to the approvers."), "success")
            return see_other("exceptions.record", id=request_id)
    status = 422 if request.method == "POST" else 200
    return show(
        "exceptions/form.html",
        form=form,
        kind=kind,
        word=EXCEPTION_TYPES[kind],
        document=document,
        finding=finding,
        document_kind=request.values.get("kind", ""),
        code=request.values.get("code", ""),
        records=RECORDS,
    ), status


def asked_words(record: Any) -> list[tuple[str, str]]:
    """What is asked, as label and figure."""
    asked, currency = record.asked, record.currency
    words = []
    if asked.get("floor_fen"):
        words.append((_("minimum shipment asked for"), format_fen(asked["floor_fen"], currency)))
    if asked.get("amount_fen"):
        words.append((_("amount asked for"), format_fen(asked["amount_fen"], currency)))
    if asked.get("division_code"):
        words.append((_("division"), asked["division_code"]))
    if asked.get("unit_gross_fen"):
        product = catalogue.products_by_id([asked["product_id"]]).get(asked["product_id"])
        words.append((_("product"), product.name if product else ""))
        words.append((_("special price incl. VAT"), format_fen(asked["unit_gross_fen"], currency)))
        words.append((_("quantity at this price"), str(asked["max_quantity"])))
    return words


@page(bp, "/exceptions/<int:id>", Permission.EXCEPTIONS_READ)
def record(id: int) -> Any:
    """The request with its grounds and figures, and the acts open to this person."""
    found = reads.get_request(actor(), id)
    who = actor()
    case = approvals.case_of(found)
    acts = acts_open_to(case, who.user_id or 0, (who.role.value,))
    if not may(who, Permission.EXCEPTIONS_DECIDE):
        acts = tuple(a for a in acts if a in (ActKind.SUBMIT, ActKind.WITHDRAW))
    people_ids = {s.signed_by_id or s.person_id for s in found.seats} | {found.requester_id}
    colleagues = (
        people.people_with(Permission.EXCEPTIONS_DECIDE) if ActKind.REASSIGN in acts else []
    )
    return show(
        "exceptions/record.html",
        request_=found,
        case=case,
        acts={a.value for a in acts},
        names=reads.names({i for i in people_ids if i}),
        asked=asked_words(found),
        finding=sentence(decode_findings([found.finding])[0]) if found.finding else "",
        word=EXCEPTION_TYPES[found.type],
        waiver=reads.waiver_with_use(id),
        colleagues=[c for c in colleagues if c.id not in (who.user_id, found.requester_id)],
        roles=(Role.CHANNEL_MANAGER, Role.FINANCE, Role.OWNER),
        records=RECORDS,
        form=DecisionForm(),
        months=reads.sales_by_month(who, found.distributor_id),
        history_lines=audit.history("exception_request", id),
    )


@page(bp, "/exceptions/<int:id>/act", Permission.EXCEPTIONS_READ, methods=("POST",))
def act(id: int) -> Any:
    """One act; the use case demands the permission and the engine the seat."""
    chosen = request.form.get("act", "")
    try:
        kind = ActKind(chosen)
    except ValueError:
        return see_other("exceptions.record", id=id)
    person, text = request.form.get("to_person", ""), request.form.get("seen_version", "")
    try:
        state = service.decide(
            actor(),
            id,
            kind,
            note=request.form.get("note", ""),
            seen_version=int(text) if text.isdigit() else None,
            to_person=int(person) if person.isdigit() else None,
            to_role=request.form.get("to_role") or None,
        )
    except Refused as refused:
        flash_refusal(refused)
        return see_other("exceptions.record", id=id)
    words = {
        "approved": _("Approved: the exception is in force and the document was checked again."),
        "rejected": _("Rejected; the requester is told."),
        "sent_back": _("Sent back; the requester is told."),
        "withdrawn": _("Withdrawn."),
    }
    flash(words.get(state, _("Done; it waits for the next signature.")), "success")
    decided = kind in (ActKind.APPROVE, ActKind.REJECT, ActKind.SEND_BACK)
    if decided and request.form.get("from") == "inbox":
        return see_other("exceptions.inbox")
    return see_other("exceptions.record", id=id)
