"""Score cards: the one in force, its versions, and a new one proposed and tried on everybody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission
from channel.messages import remedy, sentence
from channel.messages.scores import FACTOR_WORDS
from channel.queries import audit, scores_facts
from channel.queries import scores as reads
from channel.services import scores as service
from channel.services.scores import CardWish
from channel.services.work import Refused
from channel.web.forms.scores import BAND_ROWS, GRADE_ROWS, CardForm, Cells, read_card, texts_of
from channel.web.pages import actor, flash_refusal, page, see_other, show
from channel.web.scores_tabs import tabs
from credit import score_cards
from credit.scoring import FACTORS, Card, score

bp = Blueprint("score_cards", __name__)

#: Distributors shown in the try-out of a card, those that move first.
TRIED_SHOWN = 50


@page(bp, "/score-cards", Permission.SCORES_READ)
def index() -> Any:
    """The card in force today and all versions."""
    _id, version, card = reads.card_on(clock.today())
    rows = reads.cards()
    return show(
        "scores/cards.html",
        card=card,
        version=version,
        rows=rows,
        people=reads.person_names({p for r in rows for p in (r.proposed_by_id, r.approved_by_id)}),
        words=FACTOR_WORDS,
        tabs=tabs("score_cards.index"),
        today=clock.today(),
    )


@page(bp, "/score-cards/new", Permission.CREDIT_WRITE, methods=("GET", "POST"))
def new() -> Any:
    """A new version, beginning with the cells of the one in force."""
    form, errors = CardForm(), list[str]()
    if not form.is_submitted():
        form.valid_from.data = clock.today()
        cells = Cells(texts_of(reads.card_on(clock.today())[2]))
    else:
        cells = Cells(request.form.to_dict())
        card = read_card(cells)
        is_whole = form.validate()
        errors = list(dict.fromkeys(cells.errors))
        if card is not None and is_whole:
            try:
                wish = CardWish(card, form.valid_from.data, form.reason.data or "")
                card_id = service.propose_card(actor(), wish)
            except Refused as refused:
                errors = [f"{sentence(f)} {remedy(f)}" for f in refused.findings]
            else:
                flash(_("The score card waits for a second person."), "success")
                return see_other("score_cards.record", id=card_id)
    status = 422 if form.is_submitted() else 200
    return show(
        "scores/card_form.html",
        form=form,
        cells=cells,
        errors=errors,
        factors=FACTORS,
        words=FACTOR_WORDS,
        band_rows=BAND_ROWS,
        grade_rows=GRADE_ROWS,
    ), status


@page(bp, "/score-cards/<int:id>", Permission.SCORES_READ)
def record(id: int) -> Any:
    """One version; while it waits, with what it would make of everybody today."""
    row = reads.get_card(id)
    if row is None:
        abort(404)
    card = score_cards.from_json(row.card)
    return show(
        "scores/card.html",
        row=row,
        card=card,
        words=FACTOR_WORDS,
        people=reads.person_names({row.proposed_by_id, row.approved_by_id}),
        tried=_try_out(card) if row.approved_at is None else None,
        history_lines=audit.history("score_card", row.id),
    )


def _try_out(card: Card) -> dict[str, Any]:
    """Everybody's score of today by the card in force and by this one; nothing is stored."""
    today = clock.today()
    _id, _version, ruling = reads.card_on(today)
    names = dict(reads.visible_names(actor()))
    found = []
    for owner, figures in scores_facts.figures(today).items():
        if owner not in names:
            continue
        now, then = score(ruling, figures.inputs), score(card, figures.inputs)
        found.append((names[owner], now, then))
    found.sort(key=lambda row: (row[1].grade == row[2].grade, -abs(row[2].e2 - row[1].e2)))
    regraded = sum(1 for _name, now, then in found if now.grade.code != then.grade.code)
    return {"rows": found[:TRIED_SHOWN], "count": len(found), "regraded": regraded}


@page(bp, "/score-cards/<int:id>/decide", Permission.CREDIT_APPROVE, methods=("POST",))
def decide(id: int) -> Any:
    """Approve or reject a version that waits."""
    is_approval = request.form.get("act") == "approve"
    try:
        service.decide_card(actor(), id, approve=is_approval, reason=request.form.get("reason", ""))
    except Refused as refused:
        flash_refusal(refused)
        return see_other("score_cards.record", id=id)
    if not is_approval:
        flash(_("The proposal is rejected."), "success")
        return see_other("score_cards.index")
    flash(_("The score card is in force from its date."), "success")
    return see_other("score_cards.record", id=id)
