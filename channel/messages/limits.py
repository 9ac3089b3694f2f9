"""Words of credit limits: their kinds, and what a proposal lacks."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from channel.messages.acts import register_acts, register_fields, register_values
from channel.messages.texts import Text, register

#: kind → (name, what it does), as the form and the lists show it.
LIMIT_KINDS = {
    "fixed": (_l("fixed limit"), _l("revolves; holds until another fixed limit begins")),
    "replacing": (_l("replacing limit"), _l("stands in for the fixed one until its last day")),
    "seasonal": (_l("seasonal limit"), _l("adds to the others and revolves until its last day")),
    "guarantee": (_l("guarantee"), _l("adds its share of the guarantee until it expires")),
    "project": (
        _l("limit for a project"),
        _l("adds once, before one-off limits; what is used does not come back"),
    ),
    "temporary": (
        _l("one-off limit"),
        _l("adds once; what is used does not come back when it is repaid"),
    ),
}

#: What a row does on a date, or why it does nothing: see credit.limits.Part.
LIMIT_WHY = {
    "base": _l("the limit itself"),
    "adds": _l("adds to it"),
    "carries": _l("what is left of it, and what is still owed on it"),
    "not_begun": _l("not begun yet"),
    "ended": _l("ended"),
    "superseded": _l("a later one rules"),
    "replaced": _l("the replacing limit rules"),
}

register_acts({"limit:sign": _l("signed the credit limit")})
register_fields(
    {
        "limit_raise_bp": _l("raise of a limit that one desk signs"),
        "limit_kind": _l("kind of limit"),
        "project": _l("project"),
        "guarantor": _l("guarantor"),
        "guarantee_fen": _l("value of the guarantee"),
        "review_on": _l("review on"),
    }
)
register_values({"limit_kind": {kind: name for kind, (name, _does) in LIMIT_KINDS.items()}})

register(
    {
        "limit.reason_needed": Text(_l("A reason is needed."), _l("Write one sentence.")),
        "limit.decided": Text(_l("This limit was decided already."), _l("Reload the page.")),
        "limit.end_needed": Text(
            _l("Only a fixed limit may be without an end."),
            _l("Choose the last day on which it holds."),
        ),
        "limit.span": Text(
            _l("The last day lies before the first, %(start)s."), _l("Choose a later last day.")
        ),
        "limit.review_outside": Text(
            _l("The review lies outside the time of the limit, which begins on %(start)s."),
            _l("Choose a day after the first and before the last."),
        ),
        "limit.guarantee_needed": Text(
            _l("A guarantee names who gives it, its value and the share that counts."),
            _l("Fill in the three fields of the guarantee."),
        ),
        "limit.share": Text(
            _l("More than 100 % of a guarantee cannot count."), _l("Write at most 100.")
        ),
        "limit.amount_needed": Text(
            _l("Only a fixed limit may be unlimited."), _l("Enter the amount.")
        ),
        "credit.limit_review": Text(
            _l("The credit limit should have been reviewed by %(since)s."),
            _l("Finance reviews it and proposes the limit anew."),
        ),
    }
)
