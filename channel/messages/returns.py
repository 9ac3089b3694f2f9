"""Sentences, acts and words about goods that come back against an invoice."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from channel.messages.acts import register_acts
from channel.messages.states import register_states
from channel.messages.texts import Text, register

register_states(
    {
        "goods_back": (_l("goods came back"), "green"),
        "goods_stay": (_l("goods stayed there"), "secondary"),
    }
)
register_acts({"invoice:return": _l("booked a return")})
register(
    {
        "return.no_goods": Text(
            _l("%(number)s has no goods that could come back."),
            _l("Open the invoice with which the goods were sold."),
        ),
        "return.nothing": Text(
            _l("No line has a quantity to return."), _l("Enter how much comes back.")
        ),
        "return.unknown_line": Text(
            _l("A line is not of invoice %(number)s."), _l("Reload the page.")
        ),
        "return.too_many": Text(
            _l("Of %(product)s %(sold)s were sold and %(returned)s returned: %(asked)s cannot come "
               "back."),
            _l("Enter at most %(left)s."),
        ),
        "return.reason_needed": Text(
            _l("A return needs its reason."), _l("Write down why the goods come back.")
        ),
        "return.future": Text(
            _l("%(on)s lies in the future."), _l("A return is booked up to today, %(today)s.")
        ),
        "import.undoes_kind": Text(
            _l("Row %(row)s: only a credit note undoes invoice %(value)s."),
            _l("Say in the column of the kind that it is a credit note, or leave the cell empty."),
        ),
        "import.undoes_unknown": Text(
            _l("Row %(row)s: this distributor has no invoice %(value)s in this currency."),
            _l("Import the invoice first, mend the number, or leave the cell empty."),
        ),
        "import.undoes_too_many": Text(
            _l("Row %(row)s: a line returns %(asked)s, more than is left of its product on "
               "invoice %(value)s."),
            _l("Mend the quantity or the number of the invoice."),
        ),
        "return.before_sale": Text(
            _l("%(on)s lies before the sale of %(sold)s."),
            _l("Book the return on the day of the sale or later."),
        ),
    }
)  # fmt: skip
