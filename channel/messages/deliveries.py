"""Sentences and acts about changed orders, delivery places, and programs that sign in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields
from channel.messages.texts import Text, register

register(
    {
        "order.planned": Text(
            _l("Goods of this order stand on the planned shipment %(shipments)s."),
            _l("Change or cancel the shipment first."),
        ),
        "order.begun": Text(
            _l("Goods of this order have left already; it cannot be changed."),
            _l("Close it, and write another order for the rest."),
        ),
        "order.place_by_notice": Text(
            _l("The place and the delivery day of a confirmed order are changed by a notice."),
            _l("Use «Change the place» on the order."),
        ),
        "order.deliver_before": Text(
            _l("The delivery day %(on)s lies before the order date %(ordered)s."),
            _l("Choose a later delivery day."),
        ),
        "place.same": Text(
            _l("The goods go to %(place)s already."), _l("Choose another place.")
        ),
        "import.shipment_differs": Text(
            _l("Row %(row)s: shipment %(document)s stands already with other goods."),
            _l("Leave it out, or give the new one another number."),
        ),
        "import.shipment_open": Text(
            _l(
                "Row %(row)s: of %(product)s only %(open)s are open to ship on confirmed orders,"
                " not %(asked)s."
            ),
            _l("Import or confirm the order first, or name the right order and line."),
        ),
        "import.shipment_future": Text(
            _l("Row %(row)s: goods that leave on %(value)s have not left yet."),
            _l("Import what has left; plan the rest on the page of shipments."),
        ),
        "order.key_known": Text(
            _l("An order with this key has been placed already."), _l("Look at that order.")
        ),
        "api.parameter": Text(
            _l("The parameter %(subject)s cannot be read: «%(value)s»."),
            _l("See the document of the interface."),
        ),
        "api.body": Text(
            _l("The member %(member)s cannot be read, or is missing or unknown."),
            _l("See the document of the interface."),
        ),
        "api.json": Text(
            _l("The body is not a JSON object."), _l("Send application/json.")
        ),
        "api.unknown": Text(
            _l("%(member)s: there is no %(value)s among yours."), _l("Check the code.")
        ),
        "api.token_needed": Text(
            _l("A token is needed."), _l("Send Authorization: Bearer with a token of yours.")
        ),
        "api.token_unknown": Text(
            _l("The token is not known, or was revoked."),
            _l("Make another one under «My account»."),
        ),
        "api.key_used": Text(
            _l("The key %(key)s belongs to order %(number)s, which has other content."),
            _l("Use another key for another order."),
        ),
        "token.name_needed": Text(
            _l("A token needs a name."), _l("Write which program uses it.")
        ),
        "token.too_many": Text(
            _l("You have %(count)s tokens in use; more are not given."),
            _l("Revoke one that is not needed any more."),
        ),
    }
)  # fmt: skip

register_acts(
    {
        "order:revise": _l("changed the confirmed order"),
        "order:place": _l("changed the delivery place"),
        "shipment:place": _l("changed the delivery place"),
        "token:make": _l("made a token"),
        "token:revoke": _l("revoked the token"),
    }
)
register_fields(
    {
        "order_lines": _l("goods"),
        "order_date": _l("order date"),
        "deliver_on": _l("delivery day"),
        "ship_to_id": _l("ship to"),
        "freight_fen": _l("freight"),
        "note": _l("note"),
    }
)
SUBJECTS["api_token"] = _l("token")
