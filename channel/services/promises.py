"""Promises to pay: logged, asked about when broken, taken out when they were a mistake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.dunning import Promise
from channel.models.partners import Distributor
from channel.queries import promises as reads
from channel.queries.scope import get_visible
from channel.services.work import Refused, Work, assert_seen, work
from contracts.values.findings import block
from credit.promises import BROKEN


@dataclass(frozen=True)
class Word:
    """A promise as somebody logs it."""

    amount_fen: int
    made_on: date
    due_on: date
    promised_by: str = ""
    note: str = ""
    currency: str = ""


def log_promise(actor: Actor, distributor_id: int, word: Word) -> int:
    """Log what was promised; letters for as much rest until its day."""
    with work(actor, Permission.PROMISES_LOG) as w:
        distributor: Distributor = get_visible(actor, Distributor, distributor_id)
        if word.amount_fen <= 0:
            raise Refused([block("promise.amount")])
        if word.made_on > w.today:
            raise Refused([block("promise.future", made=word.made_on)])
        if word.due_on < word.made_on:
            raise Refused([block("promise.past", due=word.due_on, made=word.made_on)])
        promise = Promise(
            number=w.draw("PP", word.made_on),
            distributor_id=distributor.id,
            currency=word.currency or distributor.currency,
            amount_fen=word.amount_fen,
            made_on=word.made_on,
            due_on=word.due_on,
            promised_by=word.promised_by.strip(),
            note=word.note.strip(),
            entered_by_id=actor.user_id,
            entered_at=w.now,
        )
        w.session.add(promise)
        w.session.flush()  # the audit line needs promise.id
        w.audit(
            "promise:log",
            promise,
            reason=promise.note,
            changes={"amount_fen": promise.amount_fen, "due_on": promise.due_on},
        )
        return promise.id


def _locked(w: Work, promise_id: int, seen_version: int | None) -> Promise:
    reads.get_promise(w.actor, promise_id)
    [promise] = lock(Promise, [promise_id])
    assert_seen(promise, seen_version)
    if promise.withdrawn_at is not None:
        raise Refused([block("promise.withdrawn", promise.number)])
    return promise  # type: ignore[no-any-return]


def follow_up(actor: Actor, promise_id: int, note: str, seen_version: int | None = None) -> None:
    """Write down what was said about a broken promise; the task is done with it."""
    with work(actor, Permission.PROMISES_LOG) as w:
        promise = _locked(w, promise_id, seen_version)
        if not note.strip():
            raise Refused([block("promise.note_needed")])
        told = reads.promises_of(actor, w.today, [promise.distributor_id])
        standing = reads.standings_of(told, w.today).get(promise.id)
        if standing is None or standing.state != BROKEN:
            raise Refused([block("promise.not_broken", promise.number)])
        promise.followed_up_at, promise.follow_up = w.now, note.strip()[:500]
        w.audit("promise:follow_up", promise, reason=note)


def withdraw(actor: Actor, promise_id: int, note: str, seen_version: int | None = None) -> None:
    """Take a promise out that was logged by mistake; it counts for nothing any more."""
    with work(actor, Permission.PROMISES_LOG) as w:
        promise = _locked(w, promise_id, seen_version)
        if not note.strip():
            raise Refused([block("promise.note_needed")])
        promise.withdrawn_at = w.now
        w.audit("promise:withdraw", promise, reason=note)
