"""The rebate pool: balances on a date, one distributor's movements and days, and the journal."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.rebates_pool import ACCOUNT_WORDS, FORM_WORDS
from channel.models.partners import Distributor
from channel.queries import rebates_pool as reads
from channel.queries import rebates_pool_control as control
from channel.queries import rebates_pool_facts as facts
from channel.queries.scope import get_visible
from channel.rules import pool as rules
from channel.services import rebates_pool as service
from channel.services import rebates_pool_jobs  # noqa: F401  # registers its chore
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.rebates_pool import PLACES, UndoForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, day_asked, page, see_other, show
from channel.web.rebates.blueprint import bp
from channel.web.rebates.statements import statement_tabs


def pool_tabs(here: str) -> list[dict[str, Any]]:
    """The balances, what they are used for, and the journal."""
    pages = [
        ("rebates.pool", _("Balances")),
        ("rebates.uses", _("Uses")),
        ("rebates.journal", _("Journal")),
    ]
    return [{"url": url_for(e), "label": label, "here": e == here} for e, label in pages]


@page(bp, "/rebates/pool", Permission.REBATES_READ)
def pool() -> Any:
    """What is owed to whom; a day that cannot be read is today."""
    if actor().is_distributor and not request.args:
        return see_other("rebates.pool_entries", id=actor().distributor_id)
    as_of = day_asked("as_of")
    listing = reads.balances_listing(as_of)
    return lists.answer(
        listing,
        "rebates/pool.html",
        as_of=as_of,
        tabs=statement_tabs("rebates.pool"),
        more_tabs=pool_tabs("rebates.pool"),
        control=None if actor().is_distributor else control.last_control(),
    )


@page(bp, "/rebates/pool/<int:id>", Permission.REBATES_READ)
def pool_entries(id: int) -> Any:
    """One distributor's pool on a day: what can be used, what goes when, and every movement."""
    distributor: Distributor = get_visible(actor(), Distributor, id)
    as_of = day_asked("as_of")
    currencies = facts.currencies_of(id) or [distributor.currency]
    may_ask = may(actor(), Permission.REBATES_USE) and as_of == clock.today()
    return lists.answer(
        reads.entries_listing(id, as_of),
        "rebates/pool_record.html",
        distributor=distributor,
        as_of=as_of,
        tabs=statement_tabs("rebates.pool"),
        more_tabs=pool_tabs("rebates.pool"),
        standings=[facts.standing_on(id, currency, as_of) for currency in currencies],
        clause=facts.clause_on(id, as_of),
        forms=FORM_WORDS,
        warn_days=max(rules.WARN_DAYS),
        can_ask=may_ask,
    )


@page(bp, "/rebates/pool/journal", Permission.REBATES_READ)
def journal() -> Any:
    """Both sides of every movement, for the books of the house."""
    subtitle = _("Every movement has two sides that sum to nothing; nothing is ever changed.")
    return lists.answer(reads.journal(), subtitle=subtitle, tabs=pool_tabs("rebates.journal"))


@page(bp, "/rebates/pool/entries/<int:id>", Permission.REBATES_READ, methods=("GET", "POST"))
def pool_entry(id: int) -> Any:
    """One movement with both its sides, what it refers to, and how it was undone."""
    entry = facts.get_entry(actor(), id)
    paper = facts.paper_of(entry)
    is_open = entry.kind == "expired" and entry.amount_fen < 0 and paper.undone_by is None
    can_undo = is_open and may(actor(), Permission.REBATES_POST)
    form = UndoForm() if can_undo else None
    if request.method == "POST" and form is not None and form.validate():
        try:
            service.undo_expiry(actor(), id, form.until.data, form.reason.data or "")
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Undone by the opposite movement; both stay."), "success")
            return see_other("rebates.pool_entries", id=entry.distributor_id)
    distributor: Distributor = get_visible(actor(), Distributor, entry.distributor_id)
    counter = rules.counter_of(entry.kind, entry.counter)
    return show(
        "rebates/pool_entry.html",
        entry=entry,
        paper=paper,
        distributor=distributor,
        sides=[("pool", entry.amount_fen), (counter, -entry.amount_fen)],
        accounts=ACCOUNT_WORDS,
        form=form,
    ), 422 if request.method == "POST" else 200
