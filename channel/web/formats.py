"""Template filters: the same figures and dates as in messages, and the words for states."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from channel.messages import format_date, format_fact, format_fen, remedy, sentence
from channel.messages.acts import act_words
from channel.messages.goods import VAT_CLASSES
from channel.messages.partners import PARTNER_KINDS
from channel.messages.texts import WORDS
from channel.messages.values import format_e4, format_instant, format_number
from channel.queries.audit import change_words
from contracts.values import findings as finding_values
from contracts.values.findings import Finding

#: state → (word, colour of the badge). Colour never says anything that the word does not.
STATES: dict[str, tuple[Any, str]] = {
    "draft": (_l("draft"), "secondary"),
    "review": (_l("in review"), "azure"),
    "approved": (_l("approved"), "green"),
    "in_force": (_l("in force"), "green"),
    "expired": (_l("expired"), "secondary"),
    "rejected": (_l("rejected"), "red"),
    "terminated": (_l("terminated"), "secondary"),
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
    "inactive": (_l("closed"), "secondary"),
    "accepted": (_l("accepted"), "green"),
    "superseded": (_l("superseded"), "secondary"),
    "late": (_l("late"), "orange"),
    "open": (_l("open"), "azure"),
    "overdue": (_l("overdue"), "red"),
    "paid": (_l("paid"), "green"),
    "invoice": (_l("invoice"), "azure"),
    "credit_note": (_l("credit note"), "orange"),
    "opening": (_l("opening balance"), "secondary"),
}

ROLES: dict[str, Any] = {
    "channel_manager": _l("channel manager"),
    "finance": _l("finance"),
    "sales_rep": _l("sales rep"),
    "owner": _l("owner"),
    "admin": _l("administrator"),
    "distributor": _l("distributor"),
    "auditor": _l("auditor"),
}

EXCEPTION_TYPES: dict[str, Any] = {
    "minimum": _l("minimum shipment"),
    "credit": _l("credit"),
    "territory": _l("territory"),
    "price": _l("special price"),
    "expiry": _l("no agreement in force"),
}


#: Kind of column → the words of its coded values.
TABLES: dict[str, dict[str, Any]] = {
    "role": ROLES,
    "exception_type": EXCEPTION_TYPES,
    "partner_kind": PARTNER_KINDS,
    "vat_class": VAT_CLASSES,
    "level": WORDS["level"],
}
#: Kinds of columns whose values are shown in words.
WORDED = {*TABLES, "act", "changes"}


def state_word(state: str) -> str:
    return str(STATES[state][0]) if state in STATES else state


def words(kind: str, value: Any) -> str:
    """The words of a coded value: a role, a kind of distributor, an act, old and new."""
    if kind == "act":
        return act_words(value)
    if kind == "changes":
        return "; ".join(change_words(value))
    return str(TABLES[kind].get(value, value))


def badge(state: str | None) -> Markup:
    """The state as a badge: the word, and a colour beside it."""
    if not state:
        return Markup("")
    word, colour = STATES.get(state, (state, "secondary"))
    return Markup('<span class="badge state state-{}">{}</span>').format(colour, word)


def decode_findings(data: Any) -> list[Finding]:
    """Stored findings (JSON) as values again."""
    return list(finding_values.from_json(data or []))


def init_app(app: Flask) -> None:
    app.add_template_global(decode_findings, "decode_findings")
    app.add_template_global(ROLES, "ROLE_WORDS")
    app.add_template_global(EXCEPTION_TYPES, "EXCEPTION_WORDS")
    filters = app.jinja_env.filters
    filters["fen"] = format_fen
    filters["e4"] = format_e4
    filters["day"] = format_date
    filters["instant"] = format_instant
    filters["number"] = format_number
    filters["fact"] = format_fact
    filters["badge"] = badge
    filters["state_word"] = state_word
    filters["words"] = lambda value, kind: words(kind, value)
    filters["sentence"] = sentence
    filters["remedy"] = remedy
