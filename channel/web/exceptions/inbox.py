"""The inbox: everything that waits for me, oldest first, one by one or several at once."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from channel import clock
from channel.access import Permission, may
from channel.messages import remedy, sentence
from channel.messages.coded import EXCEPTION_TYPES
from channel.queries import approvals, home, outcomes
from channel.queries import exceptions as reads
from channel.services import exceptions as service
from channel.web.exceptions.blueprint import bp
from channel.web.exceptions.wording import asked_words, known_of
from channel.web.pages import actor, page, see_other, show
from contracts.approval import ActKind

#: Acts that may be done on several at once.
TOGETHER = {"approve": ActKind.APPROVE, "reject": ActKind.REJECT}

#: What else waits for a signature, counted by the home page.
ELSEWHERE = ("agreements", "prices", "limits", "runs", "policies")


@page(bp, "/inbox", Permission.EXCEPTIONS_DECIDE)
def inbox() -> Any:
    """Everything that waits for my signature, oldest first."""
    who = actor()
    waiting = approvals.inbox(who)
    mine = approvals.steads(who, clock.today())
    names = reads.names({user_id for user_id, _role in mine})
    return show(
        "exceptions/inbox.html",
        requests=waiting,
        reviews=outcomes.due_reviews(who) if may(who, Permission.EXCEPTIONS_DECIDE) else [],
        elsewhere=[task for task in home.tasks(who) if task.key in ELSEWHERE],
        types=EXCEPTION_TYPES,
        now=clock.now(),
        today=clock.today(),
        asked_words=asked_words,
        known=known_of(waiting),
        stead_names=[names[user_id] for user_id, _role in mine],
    )


@page(bp, "/inbox/decide", Permission.EXCEPTIONS_DECIDE, methods=("POST",))
def decide_many() -> Any:
    """The same act on every ticked request; those that are refused are listed with the reason."""
    kind = TOGETHER.get(request.form.get("act", ""))
    choices = []
    for text in request.form.getlist("pick"):
        number, _colon, seen = text.partition(":")
        if number.isdigit():
            choices.append((int(number), int(seen) if seen.isdigit() else None))
    if kind is None or not choices:
        flash(_("Tick at least one request first."), "warning")
        return see_other("exceptions.inbox")
    note = request.form.get("note", "")
    done, refused = service.decide_many(actor(), choices, kind, note)
    if done:
        flash(
            ngettext("%(num)d request is decided.", "%(num)d requests are decided.", done),
            "success",
        )
    numbers = reads.numbers({request_id for request_id, _findings in refused})
    for request_id, findings in refused:
        said = " ".join(filter(None, (p for f in findings for p in (sentence(f), remedy(f)))))
        flash(f"{numbers.get(request_id, request_id)}: {said}", "danger")
    return see_other("exceptions.inbox")
