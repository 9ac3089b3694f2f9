"""Words of deposits."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields, register_values
from channel.messages.texts import Text, register

DEPOSIT_KINDS = {
    "paid": _l("paid in"),
    "topped_up": _l("filled up"),
    "deducted": _l("deducted"),
    "refunded": _l("paid back"),
    "restored": _l("restored"),
}
SUBJECTS["deposit_entry"] = _l("deposit")
register_acts(
    {
        "deposit:enter": _l("booked a deposit"),
        "deposit:propose": _l("proposed to take from the deposit"),
        "deposit:approve": _l("approved taking from the deposit"),
        "deposit:drop": _l("dropped the proposal"),
        "deposit:restore": _l("restored the deposit"),
    }
)
register_fields({"deposit_kind": _l("movement"), "restores": _l("restores")})
register_values({"deposit_kind": DEPOSIT_KINDS})
register(
    {
        "deposit.amount": Text(_l("The amount is above zero."), _l("Enter what moves.")),
        "deposit.kind": Text(_l("There is no such movement."), _l("Choose one of the list.")),
        "deposit.reason_needed": Text(_l("A reason is needed."), _l("Write one sentence.")),
        "deposit.too_much": Text(
            _l("%(asked)s is more than the deposit of %(balance)s, by %(excess)s."),
            _l("Take at most the deposit; the rest is claimed otherwise."),
        ),
        "deposit.top_up_early": Text(
            _l("The day for filling up lies before the deduction of %(on)s."),
            _l("Choose a later day."),
        ),
        "deposit.decided": Text(_l("This was decided already."), _l("Reload the page.")),
        "deposit.restored": Text(
            _l("This deduction was restored already."), _l("Reload the page.")
        ),
    }
)
