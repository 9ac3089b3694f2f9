"""Sentences, acts and words about imports of what exists."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from channel.messages.acts import VALUES, register_acts
from channel.messages.texts import WORDS, Text, register

#: kind → its name, in loading order: what comes later refers to what came before.
KIND_NAMES: dict[str, Any] = {
    "divisions": _l("divisions"),
    "working_days": _l("working days"),
    "vat_rates": _l("VAT rates"),
    "product_groups": _l("product groups"),
    "products": _l("products"),
    "prices": _l("dealer prices"),
    "distributors": _l("distributors"),
    "ship_tos": _l("ship-to places"),
    "credit_limits": _l("credit limits"),
    "opening_balances": _l("opening balances"),
    "invoices": _l("invoices with lines"),
    "receipts": _l("receipts"),
    "bank_lines": _l("bank statements"),
    "price_reports": _l("reported resale prices"),
    "orders": _l("orders"),
    "shipments": _l("shipments that have left"),
    "trace_codes": _l("trace codes"),
}

VALUES.setdefault("kind", {}).update(KIND_NAMES)

WORDS["differs_in"] = {
    "kind": _l("kind of document"),
    "distributor_id": _l("distributor"),
    "invoice_date": _l("invoice date"),
    "due_date": _l("due date"),
    "received_on": _l("date of receipt"),
    "currency": _l("currency"),
    "net_fen": _l("net amount"),
    "tax_fen": _l("VAT amount"),
    "gross_fen": _l("amount"),
    "amount_fen": _l("amount"),
    "lines": _l("lines"),
}

register_acts(
    {
        "import:discard": _l("gave up the import"),
        "invoice:import": _l("imported the document"),
        "receipt:import": _l("imported the receipt"),
        "division:create": _l("added the division"),
        "division:save": _l("changed the division"),
    }
)

register(
    {
        "import.document_mixed": Text(
            _l(
                "Row %(row)s, column %(column)s: document %(document)s says “%(value)s” here and "
                "“%(other)s” in row %(first)s."
            ),
            _l("All rows of a document have the same distributor, date, currency and due date."),
        ),
        "import.quantity_whole": Text(
            _l("Row %(row)s, column %(column)s, “%(value)s”: goods are counted in whole units."),
            _l("Give the quantity in base units, as a whole number."),
        ),
        "import.posted_differs": Text(
            _l(
                "Row %(row)s: document %(document)s is booked already with another %(differs_in)s "
                "(booked: %(old)s, in the file: %(new)s)."
            ),
            _l("Posted documents never change: book the difference as a document of its own."),
        ),
        "import.number_taken": Text(
            _l("Row %(row)s: the number %(document)s belongs to a document of this house."),
            _l("Leave the row out if it is the same document; otherwise give it another number."),
        ),
        "import.opening_stands": Text(
            _l("Row %(row)s: document %(document)s stands in the opening balances already."),
            _l("Leave it out of the file: the debt would count twice."),
        ),
        "import.opening_booked": Text(
            _l("Row %(row)s: document %(document)s is booked as an invoice already."),
            _l("Leave it out of the opening balances: the debt would count twice."),
        ),
        "import.due_at_once": Text(
            _l(
                "%(count)s documents have neither a due date nor a payment term: they are due on "
                "the invoice date."
            ),
            _l("Give a column of due dates or of payment days, or approve the agreement first."),
        ),
        "import.tax_computed": Text(
            _l("%(count)s lines say no VAT: it is computed at the rate of the goods on that day."),
        ),
        "import.invoice_unknown": Text(
            _l("%(count)s named invoices are not known, such as %(value)s."),
            _l("Their money pays the oldest debts instead; import the invoices first."),
        ),
        "import.receipt_future": Text(
            _l(
                "Row %(row)s, column %(column)s, “%(value)s”: money cannot come in on a future day."
            ),
            _l("Correct the date."),
        ),
        "import.receipt_nothing": Text(
            _l("Row %(row)s, column %(column)s: a receipt of nothing."), _l("Leave the row out.")
        ),
        "import.uscc_taken": Text(
            _l("Row %(row)s: the credit code %(value)s belongs to %(other)s already."),
            _l("Compare both with their licences; one firm is one distributor."),
        ),
        "import.uscc_missing": Text(
            _l("%(count)s distributors have no unified social credit code."),
            _l("Enter the codes before the first contract."),
        ),
        "import.new_groups": Text(
            _l("%(count)s product groups are new and are opened with the goods: %(value)s."),
            _l("If one is only spelt otherwise, correct it in the file first."),
        ),
        "import.no_vat_class": Text(
            _l("Row %(row)s, column %(column)s: no VAT class has the rate %(value)s today."),
            _l("Correct the rate, or add it to a class under VAT rates first."),
        ),
        "import.vat_stands": Text(
            _l(
                "Row %(row)s: the class %(value)s has the rate %(old)s from %(since)s on, not "
                "%(new)s."
            ),
            _l("Documents rest on it: add a rate from a later date."),
        ),
        "import.new_books": Text(
            _l("The price book %(value)s is new and is opened with its prices."),
        ),
        "import.prices_with_vat": Text(
            _l("Prices without VAT are stored with the VAT of the goods, rounded to 0.01."),
        ),
        "import.book_needed": Text(
            _l("Row %(row)s: it is not said to which price book the price belongs."),
            _l("Choose the column of the price book, or enter its code for all rows."),
        ),
        "import.book_currency": Text(
            _l("Row %(row)s: the price is in %(value)s, but the book %(book)s is in %(currency)s."),
            _l("A price book has one currency: use another book."),
        ),
        "import.price_fraction": Text(
            _l("Row %(row)s, column %(column)s, “%(value)s”: a price has at most two decimals."),
            _l("Round it in the source; nothing is rounded on import."),
        ),
        "import.price_nothing": Text(
            _l("Row %(row)s, column %(column)s, “%(value)s”: a price is at least 0.01."),
            _l("Leave the row out, or correct the price."),
        ),
        "import.price_stands": Text(
            _l(
                "Row %(row)s: %(product)s has the approved price %(old)s from %(since)s on, not "
                "%(new)s."
            ),
            _l("Approved prices never change: give the new price from a later day."),
        ),
        "import.limit_stands": Text(
            _l(
                "Row %(row)s: %(distributor)s has the limit %(old)s from %(since)s on, not %(new)s."
            ),
            _l("Limits are never overwritten: give the new limit from a later day."),
        ),
        "import.order_differs": Text(
            _l("Row %(row)s: order %(document)s was imported already with other goods."),
            _l("Change the order in the list of orders, or give the new one another number."),
        ),
        "import.order_currency": Text(
            _l("Row %(row)s: %(distributor)s buys in %(currency)s, not in %(value)s."),
            _l("Correct the currency, or leave it out."),
        ),
        "import.ship_to_needed": Text(
            _l("Row %(row)s: %(distributor)s has several ship-to places."),
            _l("Give the division code of the place in a column of its own."),
        ),
        "import.ship_to_unknown": Text(
            _l("Row %(row)s: %(distributor)s has no ship-to place in “%(value)s”."),
            _l("Import the ship-to places first, or correct the division code."),
        ),
        "import.not_now": Text(
            _l("This file is %(state)s and cannot be imported any more."),
            _l("Hand in a new file."),
        ),
    }
)
