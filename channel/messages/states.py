"""The words for states, in one table for pages, files and the audit trail."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from channel.messages.acts import VALUES
from channel.messages.texts import WORDS

#: state → (word, colour of the badge). Colour never says anything that the word does not.
STATES: dict[str, tuple[Any, str]] = {
    "draft": (_l("draft"), "secondary"),
    "review": (_l("in review"), "azure"),
    "approved": (_l("approved"), "green"),
    "in_force": (_l("in force"), "green"),
    "expired": (_l("expired"), "secondary"),
    "rejected": (_l("rejected"), "red"),
    "suspended": (_l("suspended"), "orange"),
    "terminated": (_l("terminated"), "secondary"),
    "fulfilled": (_l("fulfilled"), "green"),
    "dropped": (_l("no longer agreed"), "secondary"),
    "retired": (_l("retired"), "secondary"),
    "refused": (_l("refused"), "red"),
    "held": (_l("on hold"), "orange"),
    "confirmed": (_l("confirmed"), "green"),
    "closed": (_l("closed"), "secondary"),
    "cancelled": (_l("cancelled"), "secondary"),
    "released": (_l("released"), "green"),
    "shipped": (_l("shipped"), "azure"),
    "invoiced": (_l("invoiced"), "green"),
    "pending": (_l("waiting for approval"), "azure"),
    "sent_back": (_l("sent back"), "orange"),
    "withdrawn": (_l("withdrawn"), "secondary"),
    "received": (_l("received"), "secondary"),
    "checked": (_l("checked"), "azure"),
    "proposed": (_l("proposed"), "azure"),
    "reviewed": (_l("reviewed"), "azure"),
    "posted": (_l("posted"), "green"),
    "discarded": (_l("discarded"), "secondary"),
    "waiting": (_l("waiting"), "secondary"),
    "running": (_l("running"), "azure"),
    "done": (_l("done"), "green"),
    "failed": (_l("failed"), "red"),
    "active": (_l("active"), "green"),
    "inactive": (_l("inactive"), "secondary"),
    "accepted": (_l("accepted"), "green"),
    "superseded": (_l("superseded"), "secondary"),
    "late": (_l("late"), "orange"),
    "open": (_l("open"), "azure"),
    "overdue": (_l("overdue"), "red"),
    "paid": (_l("paid"), "green"),
    "planned": (_l("planned"), "azure"),
    "invoice": (_l("invoice"), "azure"),
    "credit_note": (_l("credit note"), "orange"),
    "opening": (_l("opening balance"), "secondary"),
    "parked": (_l("parked"), "orange"),
    "returned": (_l("money sent back"), "secondary"),
    "unit_base": (_l("our base unit"), "secondary"),
    "unit_case": (_l("the case of our catalogue"), "azure"),
    "unit_ratio": (_l("a factor of its own"), "azure"),
}


def register_states(states: dict[str, tuple[Any, str]]) -> None:
    """Add a room's states: for badges, inside sentences and in «old → new»."""
    STATES.update(states)
    words = {state: word for state, (word, _colour) in states.items()}
    WORDS.setdefault("state", {}).update(words)
    VALUES.setdefault("state", {}).update(words)


def state_phrase(state: str) -> str:
    """The state in the reader's language; an unknown one shows itself."""
    return str(STATES[state][0]) if state in STATES else state
