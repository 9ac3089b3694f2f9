"""Dunning: what is offered as of a day, one debtor's items, the letters, the levels."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import NotVisible, Permission, may
from channel.messages.dunning import COMPUTATION_WORDS, LEVEL_WORDS, why_words
from channel.models.partners import Distributor
from channel.queries import audit, disputes, dunning_lists, promises
from channel.queries import dunning as reads
from channel.queries.scope import get_visible
from channel.services import dunning as service
from channel.services import payment_reminders  # noqa: F401  # registers its chore
from channel.services.work import Refused
from channel.web import lists
from channel.web.dunning_tabs import tabs
from channel.web.forms.dunning import PLACES, PolicyForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, day_asked, download, flash_refusal, page, see_other, show

bp = Blueprint("dunning", __name__)


@page(bp, "/dunning", Permission.CREDIT_READ)
def index() -> Any:
    """Who is overdue on the day and which letter is offered; a distributor sees its letters."""
    if actor().is_distributor:
        return see_other("dunning.letters")
    on = day_asked()
    found = reads.debtors(actor(), on)
    offered: dict[int, int] = {}
    for debtor in found:
        if debtor.proposal.level:
            level = debtor.proposal.level
            offered[level] = offered.get(level, 0) + 1
    return lists.answer(
        dunning_lists.proposals_listing(found, on),
        template="dunning/index.html",
        tabs=tabs(),
        on=on,
        today=clock.today(),
        last_run=reads.last_run(),
        offered=sorted(offered.items()),
        words=LEVEL_WORDS,
        can_send=may(actor(), Permission.DUNNING_SEND),
    )


@page(bp, "/dunning/send", Permission.DUNNING_SEND, methods=("POST",))
def send() -> Any:
    """Send what is offered as of the day: the chosen levels, or one debtor's letters."""
    on = day_asked()
    levels = [int(n) for n in request.form.getlist("level") if n.isdecimal()] or None
    only = request.form.get("distributor", "")
    distributor_id = int(only) if only.isdecimal() else None
    if distributor_id is None and levels is None:
        flash(_("Choose at least one level."), "danger")
        return see_other("dunning.index", on=on.isoformat())
    try:
        run_id = service.send_letters(actor(), on, levels=levels, distributor_id=distributor_id)
    except Refused as refused:
        flash_refusal(refused)
        if distributor_id is not None:
            return see_other("dunning.debtor", id=distributor_id, on=on.isoformat())
        return see_other("dunning.index", on=on.isoformat())
    number, count = dunning_lists.run_of(run_id)
    flash(_("%(n)s letters are sent; the distributors are told by mail.", n=count), "success")
    return see_other("dunning.letters", q=number)


@page(bp, "/dunning/<int:id>", Permission.CREDIT_READ)
def debtor(id: int) -> Any:
    """One debtor's overdue items with the level of each, and why a letter is offered or not."""
    if actor().is_distributor:
        raise NotVisible
    distributor: Distributor = get_visible(actor(), Distributor, id)
    on = day_asked()
    found = reads.debtors(actor(), on, id)
    return show(
        "dunning/debtor.html",
        distributor=distributor,
        found=[(one, why_words(one.proposal, one.currency)) for one in found],
        on=on,
        words=LEVEL_WORDS,
        promises=promises.told_of(actor(), id, on),
        disputes=disputes.open_of(actor(), id, on),
        letters=dunning_lists.letters_of(actor(), id),
        can_send=may(actor(), Permission.DUNNING_SEND) and on <= clock.today(),
    )


@page(bp, "/dunning/letters", Permission.CREDIT_READ)
def letters() -> Any:
    return lists.answer(dunning_lists.LETTERS, tabs=tabs())


@page(bp, "/dunning/letters/<int:id>", Permission.CREDIT_READ)
def letter(id: int) -> Any:
    """The letter with its frozen figures, and what is open of its items today."""
    record = dunning_lists.get_letter(actor(), id)
    return show(
        "dunning/letter.html",
        letter=record,
        doc=record.document,
        words=LEVEL_WORDS,
        items=dunning_lists.items_of(id),
        hashes=dunning_lists.hashes_of(id),
        history_lines=[] if actor().is_distributor else audit.history("dunning_letter", id),
    )


@page(bp, "/dunning/letters/<int:id>/<lang>.pdf", Permission.CREDIT_READ)
def paper(id: int, lang: str) -> Any:
    name, data = service.letter_pdf(actor(), id, lang)
    return download(data, name, "application/pdf")


@page(bp, "/dunning/policy", Permission.DUNNING_SEND, methods=("GET", "POST"))
def policy() -> Any:
    """The levels, the words of their letters, the account to pay to, and the reminders."""
    standing, row_id = reads.policy_in_force()
    form = PolicyForm()
    if request.method == "GET":
        form.fill(standing)
    elif form.validate():
        try:
            service.save_policy(actor(), form.policy())
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Saved: the next letters follow these levels."), "success")
            return see_other("dunning.policy")
    return show(
        "dunning/policy.html",
        form=form,
        computations=COMPUTATION_WORDS,
        words=LEVEL_WORDS,
        back=url_for("dunning.index"),
        history_lines=audit.history("dunning_policy", row_id) if row_id else [],
    ), 422 if request.method == "POST" else 200
