"""The blueprint of the rebate pages and what they share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask_babel import get_locale
from flask_babel import gettext as _

from channel.messages.rebates_words import (
    PERIOD_WORDS,
    bound_text,
    reward_head,
    reward_text,
    slice_text,
    unit_head,
)
from contracts.values.periods import Period

bp = Blueprint("rebates", __name__)
#: How the table of tiers prints a scale of any unit, whichever page includes it.
for _name, _text in {
    "rebate_bound": bound_text,
    "rebate_reward": reward_text,
    "rebate_slice": slice_text,
    "rebate_unit": unit_head,
    "rebate_reward_head": reward_head,
}.items():
    bp.add_app_template_global(_text, _name)


def language() -> str:
    """The language of a PDF: as asked for, else that of the page."""
    asked = request.values.get("lang", "")
    if asked in ("zh", "en", "bi"):
        return asked
    return "zh" if str(get_locale() or "zh").startswith("zh") else "en"


def period_words(period: Period) -> str:
    """«2026Q3 (quarter, 2026-07-01 – 2026-09-30)»."""
    kind: Any = PERIOD_WORDS.get(period.kind or "", "")
    text: str = _(
        "%(label)s (%(kind)s, %(first)s – %(last)s)",
        label=period.label,
        kind=str(kind),
        first=period.start.isoformat(),
        last=period.last_day.isoformat(),
    )
    return text
