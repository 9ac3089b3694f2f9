"""Words of coded values that many rooms print: roles, kinds of exceptions, states, yes and no.

The same words stand on pages, inside the sentences of findings and in the audit trail.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from channel.messages.acts import FIELDS, register_fields, register_values
from channel.messages.goods import VAT_CLASSES
from channel.messages.partners import PARTNER_KINDS
from channel.messages.states import STATES
from channel.messages.stock import COLUMNS
from channel.messages.texts import WORDS

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
    "level": _l("level opening"),
    "terms": _l("payment term"),
    "exchange": _l("late exchange"),
    "delivery_place": _l("delivery place"),
    "support": _l("support over the budget"),
}

LANGUAGES: dict[str, Any] = {"zh": _l("Chinese"), "en": _l("English")}

# Inside sentences: «waits for finance», «requests of type credit», «is already closed (approved)».
WORDS["role"] = WORDS["needed"] = ROLES
WORDS["subject"] = EXCEPTION_TYPES
WORDS.setdefault("state", {}).update({state: word for state, (word, _colour) in STATES.items()})

#: Who acted when nobody was signed in: a job, a sign-in, the command line.
NOBODY: dict[str, Any] = {"system": _l("system")}

_AT_LIMIT: dict[str, Any] = {"block": _l("hold the document"), "warn": _l("warn only")}

# In «old → new».
register_values(
    {
        "role": ROLES,
        "kind": {**PARTNER_KINDS, "standard": _l("standard"), "buyout": _l("buy-out")},
        "vat_class": VAT_CLASSES,
        "language": LANGUAGES,
        "actor_name": NOBODY,
        "credit_at_order": _AT_LIMIT,
        "credit_at_shipment": _AT_LIMIT,
        "state": {
            **WORDS["state"],
            "official": _l("the yearly notice"),
            "forecast": _l("a forecast"),
        },
    }
)
_NAMES: dict[str, Any] = {
    **COLUMNS,
    "statements": _l("statements"),
    "replaces": _l("replaces"),
    "sha256": _l("check sum of the file"),
    "total": _l("total"),
    "control total": _l("control total"),
    "goods": _l("product groups"),
    "exclusive": _l("exclusive"),
    "payment_methods": _l("methods of payment"),
}
register_fields({name: word for name, word in _NAMES.items() if name not in FIELDS})
