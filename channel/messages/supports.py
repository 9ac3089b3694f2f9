"""Words and sentences of support: kinds, triggers, budgets that are short, seasons."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields, register_values
from channel.messages.texts import WORDS, Text, register

SUPPORT_KINDS: dict[str, Any] = {
    "fee": _l("fee"),
    "goods": _l("goods"),
    "people": _l("people"),
    "relaxation": _l("relaxed clause"),
}

#: D07: when to support.
TRIGGERS: dict[str, Any] = {
    "start_up": _l("start-up"),
    "season": _l("season"),
    "new_product": _l("new product"),
    "competitor": _l("competitor's attack"),
    "recovery": _l("recovery"),
}

SUBJECTS.update(
    {
        "support_budget": _l("support budget"),
        "support_claim": _l("support"),
        "support_season": _l("season"),
    }
)
register_acts(
    {
        "support:budget": _l("set the support budget"),
        "support:plan": _l("planned the support"),
        "support:regrant": _l("granted the support again"),
        "support:prove": _l("added evidence and use"),
        "support:pay": _l("paid the support"),
        "support:cancel": _l("cancelled the support"),
        "support:season": _l("set the season months"),
    }
)
register_fields(
    {
        "asked_fen": _l("planned"),
        "granted_fen": _l("granted amount"),
        "over_fen": _l("over the budget"),
        "used_fen": _l("amount used"),
        "months": _l("months"),
        "evidence": _l("proof"),
    }
)
register_values({"support_kind": SUPPORT_KINDS, "trigger": TRIGGERS})
WORDS["trigger"] = TRIGGERS

register(
    {
        "support.capped": Text(
            _l("%(asked)s was asked for and the budget grants %(granted)s: %(short)s less."),
            _l("Leave it at that, or apply for an exception over the budget."),
        ),
        "support.no_season": Text(
            _l("No season months are set for %(group)s."), _l("Set them, or choose another reason.")
        ),
        "support.out_of_season": Text(
            _l("Month %(month)s is not season for %(group)s; season are the months %(months)s."),
            _l("Choose another reason or day, or keep it with this warning."),
        ),
        "support.no_evidence": Text(
            _l("Without evidence it is not payable."), _l("Add the paper or say where it is.")
        ),
        "support.nothing_used": Text(
            _l("What was used is not entered."), _l("Enter the amount that was used.")
        ),
        "support.over_granted": Text(
            _l("%(used)s was used and only %(granted)s is granted."),
            _l("Enter at most what is granted, or apply for an exception over the budget."),
        ),
        "support.amount": Text(_l("The amount must be above zero."), _l("Enter an amount.")),
        "support.outside": Text(
            _l("%(on)s lies outside the days of the budget, %(start)s to %(last)s."),
            _l("Choose a day inside it, or another budget."),
        ),
        "support.span": Text(
            _l("The budget ends before it begins."), _l("Choose a later last day.")
        ),
        "support.group_needed": Text(
            _l("A support for the season needs its goods."), _l("Choose the product group.")
        ),
        "support.not_now": Text(
            _l("This support is paid or cancelled already."), _l("Reload the page.")
        ),
        "support.file_kind": Text(
            _l("%(name)s is neither a picture nor a PDF."),
            _l("Hand in a JPEG, PNG or PDF of at most 8 MB."),
        ),
        "support.month": Text(_l("A month has a number from 1 to 12."), _l("Tick the months.")),
    }
)
