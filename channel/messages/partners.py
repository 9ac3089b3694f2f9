"""Sentences, acts and words about the maker and the distributors."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from channel.messages.acts import register_acts, register_fields
from channel.messages.texts import WORDS, Text, register

PARTNER_KINDS: dict[str, Any] = {
    "company": _l("company"),
    "sole_trader": _l("sole trader"),
    "cooperative": _l("cooperative"),
    "foreign": _l("firm abroad"),
}
WORDS["told"] = WORDS["entered"] = PARTNER_KINDS

register_acts(
    {
        "distributor:create": _l("opened the distributor"),
        "distributor:save": _l("changed the distributor"),
        "ship_to:add": _l("added a ship-to place"),
        "ship_to:save": _l("changed a ship-to place"),
        "ship_to:close": _l("closed a ship-to place"),
        "ship_to:reopen": _l("reopened a ship-to place"),
        "maker:save": _l("changed the maker and its rules"),
    }
)

register_fields(
    {
        "kind": _l("kind"),
        "uscc": _l("unified social credit code"),
        "tax_name": _l("name on invoices"),
        "address": _l("address"),
        "contact": _l("contact person"),
        "phone": _l("phone"),
        "email": _l("e-mail"),
        "bank_name": _l("bank"),
        "bank_account": _l("bank account"),
        "licence_until": _l("licence until"),
        "currency": _l("currency"),
        "sales_rep_id": _l("sales rep"),
        "code": _l("code"),
        "name_en": _l("English name"),
        "levels_open": _l("levels that may hold a territory"),
        "credit_at_order": _l("credit limit passed by an order"),
        "credit_at_shipment": _l("credit limit passed by a shipment"),
        "overdue_hold_days": _l("days overdue before goods are held"),
        "overdue_tolerance_fen": _l("overdue amount that is tolerated"),
        "objection_days": _l("days to object to a statement"),
        "silence_confirms": _l("a statement is confirmed when nobody objects in time"),
        "dispute_days": _l("days to answer a dispute of a statement"),
        "exception_band_fen": _l("exceptions above this also need the owner"),
    }
)

register(
    {
        "identity.uscc_missing": Text(
            _l("The unified social credit code is missing."),
            _l("Copy its 18 characters from the business licence."),
        ),
        "identity.uscc_shape": Text(
            _l("%(uscc)s is not a unified social credit code."),
            _l("It has 18 characters: digits and capital letters without I, O, S, V and Z."),
        ),
        "identity.uscc_check": Text(
            _l("The check character of %(uscc)s does not fit: a character was mistyped."),
            _l("Compare the code with the business licence, character by character."),
        ),
        "identity.kind_differs": Text(
            _l("The code %(uscc)s belongs to a %(told)s, but the record says %(entered)s."),
            _l("Compare the kind with the business licence."),
        ),
        "import.licences_ending": Text(
            _l("Business licences of %(count)s rows expire within 30 days or have expired."),
            _l("Ask for the renewed ones; home shows them until their dates are entered."),
        ),
        "identity.licence_expiring": Text(
            _l("The business licence expires on %(until)s, in %(days)s days."),
            _l("Ask the distributor for the renewed licence and enter its date."),
        ),
        "identity.licence_expired": Text(
            _l("The business licence expired on %(until)s, %(days)s days ago."),
            _l("Ask the distributor for the renewed licence before the next contract."),
        ),
        "partner.code_taken": Text(
            _l("The code %(value)s belongs to %(name)s already."), _l("Choose another code.")
        ),
        "partner.uscc_taken": Text(
            _l("The credit code %(value)s belongs to %(name)s already."),
            _l("Open that distributor, or compare the code with the licence."),
        ),
        "partner.rep_unknown": Text(
            _l("This person is no active sales rep."), _l("Choose another sales rep.")
        ),
    }
)
