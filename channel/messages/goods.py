"""Sentences, acts and words about products, prices, VAT and working days."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from channel.messages.acts import register_acts, register_fields
from channel.messages.texts import Text, register

#: The VAT classes that every house knows; others are shown by their code.
VAT_CLASSES: dict[str, Any] = {
    "standard": _l("standard rate"),
    "reduced": _l("reduced rate (farm goods and the like)"),
    "services": _l("modern services"),
    "small_scale": _l("small-scale levy"),
    "small_scale_relief": _l("small-scale levy, with relief"),
    "zero": _l("zero rate"),
}

register_acts(
    {
        "product:create": _l("opened the product"),
        "product:save": _l("changed the product"),
        "group:create": _l("opened the product group"),
        "group:save": _l("changed the product group"),
        "vat:add": _l("added a VAT rate"),
        "vat:remove": _l("removed a VAT rate not yet in force"),
        "price_book:create": _l("opened the price book"),
        "price_book:save": _l("changed the price book"),
        "price:propose": _l("proposed a price"),
        "price:withdraw": _l("withdrew a proposed price"),
        "price:approve": _l("approved proposed prices"),
        "calendar:day": _l("changed a day of the calendar"),
        "calendar:official": _l("marked the year as official"),
    }
)

register_fields(
    {
        "group_id": _l("product group"),
        "unit": _l("unit"),
        "units_per_case": _l("units per case"),
        "vat_class": _l("VAT class"),
        "shelf_life_days": _l("shelf life (days)"),
        "launched_on": _l("launched on"),
        "srp_fen": _l("suggested retail price"),
        "prices": _l("approved prices"),
        "first_day": _l("first day"),
        "rate_bp": _l("VAT rate in basis points"),
        "is_working": _l("is a working day"),
        "days": _l("days entered"),
    }
)

register(
    {
        "goods.code_taken": Text(
            _l("The code %(value)s belongs to %(name)s already."), _l("Choose another code.")
        ),
        "product.group_unknown": Text(
            _l("There is no such product group."), _l("Choose a group, or open one first.")
        ),
        "product.vat_unknown": Text(
            _l("There is no VAT class %(value)s."), _l("Choose a class, or add its first rate.")
        ),
        "vat.known": Text(
            _l("The class %(vat_class)s has a rate from %(since)s on already."),
            _l("Choose another date."),
        ),
        "vat.in_force": Text(
            _l("The rate from %(since)s on is in force or was; documents rest on it."),
            _l("Add a new rate from a later date."),
        ),
        "price.below_cent": Text(
            _l("A price is at least 0.01."), _l("Type the price of one unit incl. VAT.")
        ),
        "price.same_day": Text(
            _l("%(product)s has an approved price from %(since)s on already."),
            _l("Propose the new price from another day."),
        ),
        "price.backdated": Text(
            _l("%(product)s is sold at %(price)s on %(since)s; a price changes in advance only."),
            _l("Choose a date from %(today)s on."),
        ),
        "price.unchanged": Text(
            _l("%(product)s costs %(price)s on %(since)s already."), _l("Type another price.")
        ),
        "price.own_proposal": Text(
            _l("You cannot approve prices that you proposed yourself."),
            _l("Ask a second person who may approve prices."),
        ),
        "price.nothing_to_approve": Text(
            _l("Nothing waits for approval here."), _l("Somebody else may have decided already.")
        ),
        "price.approved_already": Text(
            _l("This price is approved and cannot be withdrawn."),
            _l("Propose another price from a later date."),
        ),
        "price_book.currency_fixed": Text(
            _l("The book has prices; its currency stays %(currency)s."),
            _l("Open another book for the other currency."),
        ),
        "calendar.nothing_known": Text(
            _l("The year %(year)s has no days off entered."),
            _l("Enter the days of the notice first, or import them."),
        ),
    }
)
