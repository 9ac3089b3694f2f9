"""Template filters: the same figures and dates as in messages, and the words for states."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from channel.messages import format_date, format_fact, format_fen, remedy, sentence
from channel.messages.acts import SUBJECTS, act_words
from channel.messages.cash import MATCH_WORDS, POLICY_WORDS, REASON_WORDS, WRITE_OFF_KINDS
from channel.messages.channel_stock import FORECASTS
from channel.messages.clauses import DUTY_KINDS, SIDES
from channel.messages.coded import EXCEPTION_TYPES, NOBODY, ROLES
from channel.messages.diversions import BASIS_WORDS, RUNG_WORDS
from channel.messages.diversions import LEVEL_WORDS as TRACE_LEVELS
from channel.messages.dunning import LEVEL_WORDS
from channel.messages.dunning import OUTCOMES as DISPUTE_OUTCOMES
from channel.messages.exceptions import CLASSES, OUTCOMES
from channel.messages.goods import VAT_CLASSES
from channel.messages.market import (
    INCIDENT_KINDS,
    OUTLET_KINDS,
    SEVERITIES,
    TOPICS,
    format_elapsed,
)
from channel.messages.partners import PARTNER_KINDS
from channel.messages.payment import METHODS, payment_words
from channel.messages.rebates_desk import FORMATS, GROUNDS
from channel.messages.rebates_pool import ACCOUNT_WORDS, FORM_WORDS
from channel.messages.scores import (
    format_band,
    format_e1,
    format_e2,
    format_figure,
    format_signal,
)
from channel.messages.states import STATES, state_phrase
from channel.messages.stock_advice import (
    AGE_WORDS,
    KIND_WORDS,
    LIFE_WORDS,
    METHOD_WORDS,
    WINDOW_WORDS,
)
from channel.messages.stock_checks import QUALITY_NOTES, REMINDER_STEPS
from channel.messages.supports import SUPPORT_KINDS, TRIGGERS
from channel.messages.texts import WORDS
from channel.messages.uploads import KIND_NAMES
from channel.messages.values import format_e4, format_instant, format_number, format_points
from channel.queries.audit import change_words
from contracts.values import findings as finding_values
from contracts.values.findings import Finding

#: Kind of column → the words of its coded values.
TABLES: dict[str, dict[Any, Any]] = {
    "role": ROLES,
    "exception_type": EXCEPTION_TYPES,
    "partner_kind": PARTNER_KINDS,
    "subject": SUBJECTS,
    "actor_name": NOBODY,
    "vat_class": VAT_CLASSES,
    "level": WORDS["level"],
    "outcome": OUTCOMES,
    "partner_class": CLASSES,
    "support_kind": SUPPORT_KINDS,
    "support_trigger": TRIGGERS,
    "import_kind": KIND_NAMES,
    "incident_kind": INCIDENT_KINDS,
    "duty_kind": DUTY_KINDS,
    "severity": SEVERITIES,
    "topic": TOPICS,
    "outlet_kind": OUTLET_KINDS,
    "trace_level": TRACE_LEVELS,
    "rung": RUNG_WORDS,
    "basis": BASIS_WORDS,
    "method": METHODS,
    "write_off_kind": WRITE_OFF_KINDS,
    "policy": POLICY_WORDS,
    "write_off_reason": REASON_WORDS,
    "bank_match": MATCH_WORDS,
    "side": SIDES,
    "dunning_level": LEVEL_WORDS,
    "dispute_reason": GROUNDS,
    "dispute_outcome": DISPUTE_OUTCOMES,
    "stock_age": AGE_WORDS,
    "quality_note": QUALITY_NOTES,
    "reminder_step": REMINDER_STEPS,
    "stock_life": LIFE_WORDS,
    "stock_window": WINDOW_WORDS,
    "stock_method": METHOD_WORDS,
    "stock_demand": KIND_WORDS,
    "forecast": FORECASTS,
    "file_format": FORMATS,
    "payout_form": FORM_WORDS,
    "pool_account": ACCOUNT_WORDS,
}
#: Kinds of columns whose values are shown in words.
WORDED = {*TABLES, "elapsed", "act", "changes"}


def words(kind: str, value: Any) -> str:
    """The words of a coded value: a role, a kind of distributor, an act, old and new."""
    if kind == "act":
        return act_words(value)
    if kind == "elapsed":
        return format_elapsed(value)
    if kind == "changes":
        return _("; ").join(change_words(value))
    return str(TABLES[kind].get(value, value))


def badge(state: str | None) -> Markup:
    """The state as a badge: the word, and a colour beside it."""
    return _badge(state, str(get_locale())) if state else Markup("")


@lru_cache(maxsize=512)
def _badge(state: str, _locale: str) -> Markup:
    """A page of a list shows the same few badges fifty times."""
    word, colour = STATES.get(state, (state, "secondary"))
    return Markup('<span class="badge state state-{}">{}</span>').format(colour, word)


def decode_findings(data: Any) -> list[Finding]:
    """Stored findings (JSON) as values again."""
    return list(finding_values.from_json(data or []))


def spoken(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter whose answer depends on the reader's language.

    Without the context Jinja would compute it for a constant once, when the template is compiled,
    and print the first reader's language to everybody.
    """

    @pass_context
    def at_run_time(_context: Context, *args: Any) -> Any:
        return function(*args)

    return at_run_time


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
    filters["points"] = format_points
    filters["fact"] = spoken(format_fact)
    filters["badge"] = spoken(badge)
    filters["state_word"] = spoken(state_phrase)
    filters["words"] = spoken(lambda value, kind: words(kind, value))
    filters["e1"] = lambda value, signed=False: format_e1(value, signed=signed)
    filters["e2"] = lambda value, signed=False: format_e2(value, signed=signed)
    filters["factor_figure"] = spoken(lambda v, factor, of: format_figure(factor, v, of))
    filters["factor_band"] = spoken(lambda v, of: format_band(v.factor, v.lower, v.upper, of))
    filters["scale_band"] = spoken(lambda v, factor: format_band(factor, v.lower, v.upper, "CNY"))
    filters["signal"] = spoken(format_signal)
    filters["sentence"] = spoken(sentence)
    filters["remedy"] = spoken(remedy)
    filters["payment_words"] = spoken(payment_words)
