"""One exchange claim: what it says, where it stands, and only the steps that are possible now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.exchanges import MEANS_WORDS, POSTING_WORDS, PRICE_WORDS
from channel.models.exchanges import ExchangeClaim, ExchangeLine
from channel.queries import audit
from channel.queries import exchanges as reads
from channel.queries.exceptions import names
from channel.services import exchanges as service
from channel.services import exchanges_counting as counting
from channel.services.steps.exchanges import duties_of
from channel.services.work import Refused
from channel.web.applying import apply_link
from channel.web.formats import decode_findings
from channel.web.forms import exchanges as forms
from channel.web.forms.exchanges import ParcelForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import (
    actor,
    download,
    page,
    see_other,
    seen_version,
    show,
)
from contracts.exchanges import WORKFLOW

bp = Blueprint("exchanges", __name__)

#: act of the page → the permission that it asks for, and the acts of the table that it stands for
ACTS: dict[str, tuple[Permission, tuple[str, ...]]] = {
    "file": (Permission.EXCHANGES_FILE, ("file",)),
    "approve": (Permission.EXCHANGES_DECIDE, ("approve",)),
    "send": (Permission.EXCHANGES_FILE, ("send",)),
    "count": (Permission.EXCHANGES_COUNT, ("count",)),
    "judge": (Permission.EXCHANGES_DECIDE, ("judge",)),
    "settle": (Permission.EXCHANGES_SETTLE, ("settle", "settle_part")),
    "withdraw": (Permission.EXCHANGES_FILE, ("withdraw",)),
}


def _offered(claim: ExchangeClaim) -> set[str]:
    """The acts that the actor may do now: by state, by right, and by who did what before."""
    who, legal = actor(), set(WORKFLOW.actions(claim.state))
    found = {
        act for act, (permission, table) in ACTS.items()
        if legal & set(table) and may(who, permission)
    }  # fmt: skip
    if who.user_id in (claim.filed_by_id, claim.created_by_id):
        found.discard("approve")
    last = claim.counted_by_id if claim.state == "counted" else claim.judged_by_id
    if who.user_id == last:
        found.discard("settle")
    if "approve" in found:
        found.discard("withdraw")  # who decides refuses; who claimed withdraws
    return found


@page(bp, "/exchanges/<int:id>", Permission.EXCHANGES_READ, methods=("GET", "POST"))
def record(id: int) -> Any:
    """The claim with its next steps; what was typed into one stays when it is refused."""
    claim = reads.get_claim(actor(), id)
    parcel: Any = ParcelForm()
    if request.method == "POST":
        try:
            if _act(claim, parcel):
                return see_other("exchanges.record", id=id)
        except Refused as refused:
            show_refusal(parcel, refused, forms.PLACES)
        claim = reads.get_claim(actor(), id)
    elif not parcel.on.data:
        parcel.on.data = clock.today()
    return _shown(claim, parcel), 422 if request.method == "POST" else 200


def _shown(claim: ExchangeClaim, parcel: ParcelForm) -> str:
    offered = _offered(claim)
    preview: Any = None
    stop: list[Any] = []
    if claim.state in ("counted", "judged"):
        try:
            preview = counting.preview(claim)
        except Refused as refused:
            stop = refused.findings
    people = {
        claim.created_by_id, claim.filed_by_id, claim.decided_by_id, claim.counted_by_id,
        claim.judged_by_id, claim.settled_by_id,
    }  # fmt: skip
    is_own = actor().user_id in (claim.filed_by_id, claim.created_by_id)
    return show(
        "exchanges/record.html",
        claim=claim,
        duties=duties_of(claim) if claim.clause else None,
        findings=decode_findings(claim.findings or []) if claim.state == "draft" else [],
        apply=apply_link("exchange", claim) if claim.state == "draft" else None,
        offered=offered,
        parcel=parcel,
        preview=preview,
        stop=stop,
        waits_for_other=_waits_for_other(claim, is_own=is_own),
        disputed=counting.disputed_of(claim) if claim.counted_on else 0,
        worth_fen=sum(line.asked * line.unit_gross_fen for line in claim.lines),
        means=MEANS_WORDS,
        prices=PRICE_WORDS,
        kinds=POSTING_WORDS,
        people=names({i for i in people if i}),
        typed=forms.kept(request.form),
        goods_names=_goods_names(claim),
        **BEFORE,
        today=clock.today(),
        history_lines=[] if actor().is_distributor else audit.history("exchange_claim", claim.id),
    )


#: What a step may say at most of each line.
BEFORE: dict[str, Callable[[ExchangeLine], int]] = {
    "by_asked": lambda line: line.asked,
    "by_approved": lambda line: line.approved or 0,
    "by_sent": lambda line: line.sent or 0,
    "by_disputed": lambda line: (line.sent or 0) - (line.accepted or 0),
}


def _goods_names(claim: ExchangeClaim) -> dict[int, str]:
    """product → «code name» of all that comes back or goes out."""
    products = [x.product for x in claim.lines] + [x.product for x in claim.goods]
    return {p.id: f"{p.code} {p.name}" for p in products}


def _waits_for_other(claim: ExchangeClaim, *, is_own: bool) -> bool:
    """Whether the actor could do the next step, had not the same person done the one before."""
    me = actor().user_id
    if claim.state == "claimed":
        return is_own and may(actor(), Permission.EXCHANGES_DECIDE)
    if claim.state in ("counted", "judged"):
        last = claim.counted_by_id if claim.state == "counted" else claim.judged_by_id
        return me == last and may(actor(), Permission.EXCHANGES_SETTLE)
    return False


def _act(claim: ExchangeClaim, parcel: ParcelForm) -> bool:
    """Do what was pressed; False where the form itself must be mended."""
    act = request.form.get("act", "")
    if act == "send":
        return _send(claim, parcel)
    doing = DOING.get(act)
    if doing is not None:
        said = doing(claim)
        if said:
            flash(said, "success")
    return True


def _lines(claim: ExchangeClaim, name: str, reason: str) -> tuple[dict[int, int], dict[int, str]]:
    ids = [line.id for line in claim.lines]
    return forms.by_id(request.form, name, ids), forms.texts_by_id(request.form, reason, ids)


def _file(claim: ExchangeClaim) -> Any:
    if service.file_claim(actor(), claim.id, seen_version()):
        return _("The claim is filed: the channel manager decides about it.")
    flash(_("The claim is kept as a draft: something stops it, see below."), "warning")
    return ""


def _approve(claim: ExchangeClaim) -> Any:
    quantities, reasons = _lines(claim, "approved", "approve_note")
    note = request.form.get("note", "")
    service.approve(actor(), claim.id, quantities, reasons, note, seen_version())
    return _("Approved: the distributor is told to send the goods back.")


def _refuse(claim: ExchangeClaim) -> Any:
    service.refuse(actor(), claim.id, request.form.get("note", ""), seen_version())
    return _("Refused: the distributor is told why.")


def _withdraw(claim: ExchangeClaim) -> Any:
    service.withdraw(actor(), claim.id, request.form.get("note", ""), seen_version())
    return _("The claim is withdrawn.")


def _send(claim: ExchangeClaim, parcel: Any) -> bool:
    if not parcel.validate():
        return False
    quantities = forms.by_id(request.form, "sent", [x.id for x in claim.lines if x.approved])
    quantities |= {x.id: 0 for x in claim.lines if not x.approved}
    goods = service.Parcel(
        parcel.on.data,
        quantities,
        parcel.carrier.data or "",
        parcel.waybill.data or "",
        parcel.freight_fen.data or 0,
        parcel.paid_by.data,
    )
    service.send(actor(), claim.id, goods, seen_version())
    flash(_("The goods are on their way: the house counts them when they arrive."), "success")
    return True


def _count(claim: ExchangeClaim) -> Any:
    quantities, reasons = _lines(claim, "accepted", "count_note")
    counting.count(actor(), claim.id, quantities, reasons, seen_version())
    return _("Counted: another person settles it.")


def _judge(claim: ExchangeClaim) -> Any:
    quantities, reasons = _lines(claim, "granted", "judge_note")
    counting.judge(actor(), claim.id, quantities, reasons, seen_version())
    return _("The dispute is decided.")


def _settle(claim: ExchangeClaim) -> Any:
    ids = {line.product_id for line in claim.lines} | {g.product_id for g in claim.goods}
    goods = None
    if claim.means == "other" and claim.state == "counted":
        goods = forms.by_id(request.form, "out", [g.product_id for g in claim.goods])
    batches = forms.texts_by_id(request.form, "batch", ids)
    counting.settle(actor(), claim.id, goods=goods, batches=batches, seen_version=seen_version())
    return _("Settled: the document is posted.")


DOING: dict[str, Callable[[ExchangeClaim], Any]] = {
    "file": _file,
    "approve": _approve,
    "refuse": _refuse,
    "withdraw": _withdraw,
    "count": _count,
    "judge": _judge,
    "settle": _settle,
}


@page(bp, "/exchanges/<int:id>/note.pdf", Permission.EXCHANGES_READ)
def note(id: int) -> Any:
    """The return note of an approved claim."""
    lang = "en" if request.args.get("lang") == "en" else "zh"
    name, data = service.return_note_pdf(actor(), id, lang)
    return download(data, name, "application/pdf")
