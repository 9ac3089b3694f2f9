"""What is said of inventory reports: the rules' sentences, the words of the columns, the acts."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from channel.messages.acts import register_acts, register_fields, register_values
from channel.messages.texts import WORDS, Text, register

register_fields({"own_unit": _("own unit")})
register_values({"own_unit": {"base": _("our base unit"), "case": _("the case of our catalogue")}})

register(
    {
        "stock.unknown_product": Text(
            _("Product %(product)s is not in the catalogue."),
            _("Say what it is under «Codes and units to decide», or use our product code."),
        ),
        "stock.repeated_line": Text(
            _("Product %(product)s, batch %(batch)s is already reported in row %(first_row)s."),
            _("Add the two lines together, or correct the batch or location."),
        ),
        "stock.blank": Text(
            _("%(column)s is blank."), _("Enter the quantity; where there is none, enter 0.")
        ),
        "stock.negative": Text(
            _("%(column)s is %(value)s, below zero."),
            _("Enter zero or a positive quantity; returns and losses have columns of their own."),
        ),
        "stock.identity": Text(
            _(
                "The line does not balance: closing should be %(expected)s, %(entered)s is "
                "entered, difference %(difference)s."
            ),
            _("Correct the figures, or give the reason on this line."),
        ),
        "stock.continuity": Text(
            _(
                "Opening %(entered)s is not the closing %(previous)s of the report before, "
                "difference %(difference)s."
            ),
            _("Correct the opening stock, or give the reason on this line."),
        ),
        "stock.line_missing": Text(
            _(
                "Product %(product)s, batch %(batch)s had %(previous)s in the report before and "
                "is missing from this one."
            ),
            _("Add its line; if all of it is gone, enter closing 0."),
        ),
        "stock.unsaleable_over_closing": Text(
            _(
                "Held and damaged goods, %(unsaleable)s, are more than the closing stock "
                "%(closing)s."
            ),
            _("Held and damaged goods are part of the closing stock: correct one of them."),
        ),
        "stock.expiry_before_production": Text(
            _("The goods expire on %(expires)s, not after they were made on %(produced)s."),
            _("Correct one of the two dates."),
        ),
        "stock.shipped_not_reported": Text(
            _(
                "We shipped %(shipped)s of %(product)s that should have arrived; %(reported)s is "
                "reported, difference %(difference)s."
            ),
            _(
                "Check the receipts, or give the reason on a line of the product; goods still on "
                "the road belong in «in transit»."
            ),
        ),
        "stock.reported_not_shipped": Text(
            _(
                "%(reported)s of %(product)s is reported as received, but we shipped %(shipped)s,"
                " difference %(difference)s."
            ),
            _(
                "Check the unit and the period, or give the reason on the line: where did the "
                "other goods come from?"
            ),
        ),
        "stock.fifo": Text(
            _(
                "%(quantity)s of %(product)s were sold out of order (%(percent)s %% of "
                "%(total)s): sold from %(newer)s while older stock remained in %(older)s."
            ),
            _("Sell the oldest batch first."),
        ),
        "stock.fifo_possible": Text(
            _(
                "%(quantity)s of %(product)s may have been sold out of order: %(older)s arrived "
                "within the period while %(newer)s was sold."
            )
        ),
        "stock.fifo_undated": Text(
            _(
                "These batches of %(product)s carry no date, so their order is not judged: "
                "%(batches)s."
            ),
            _("Enter the production or expiry date."),
        ),
        "stock.fifo_impossible": Text(
            _(
                "These batches of %(product)s sold more than they had, so their order is not "
                "judged: %(batches)s."
            ),
            _("Check sell-out and batch of these lines."),
        ),
        "stock.below_safety": Text(
            _(
                "%(product)s: stock %(stock)s is below the safety stock of %(level)s, %(short)s "
                "short."
            ),
            _("Order in time; see the suggested order."),
        ),
        "stock.not_whole": Text(
            _("%(column)s is %(value)s, not a whole number."),
            _("Enter whole units, in the unit in which the product is sold."),
        ),
        "stock.period_kind": Text(
            _("«%(period)s» is not a period that reports are filed for."),
            _("Choose a month, or a week from Monday to Sunday."),
        ),
        "stock.period_open": Text(
            _("The period %(period)s is not over yet."),
            _("File its report from %(last)s on."),
        ),
        "stock.period_overlaps": Text(
            _("The period %(period)s overlaps the report of %(other)s, which is filed."),
            _("File by month or by week, not both for the same days."),
        ),
        "stock.restated": Text(
            _("The report of %(period)s is filed already, in version %(version)s."),
            _("Say why it is filed again; the new version then replaces the last."),
        ),
        "stock.gap": Text(
            _(
                "The report just before this one is missing (the last is %(last)s), so the "
                "opening stock is taken as stated."
            ),
            _("File the missing report as well."),
        ),
        "stock.column_twice": Text(
            _("Two columns of the file are read as %(column)s."),
            _("Let only one of them be read so."),
        ),
        "stock.unknown_unit": Text(
            _("Nobody has said yet what unit «%(unit)s» of product %(product)s is."),
            _("Say it once under «Codes and units to decide»; it is remembered."),
        ),
        "stock.unit_not_whole": Text(
            _("%(column)s is %(value)s %(unit)s of %(product)s, no whole number in our unit."),
            _("Correct the quantity or the unit, or change what the unit means."),
        ),
        "stock.unit_ratio": Text(
            _("The factor of «%(unit)s» is not a whole number from 1 to %(most)s."),
            _("Enter two whole numbers, such as 12 and 1."),
        ),
        "stock.not_ours": Text(
            _("%(n)s rows are goods that are not ours, as decided, and are left out.")
        ),
        "stock.lines_merged": Text(
            _(
                "Row %(row)s is added to row %(other)s: the same goods (%(product)s) under "
                "another code or unit."
            )
        ),
        "stock.total_matches": Text(
            _(
                "Row %(row)s is the total of %(product)s; it equals the sum of its %(n)s batches "
                "and is not counted twice."
            )
        ),
        "stock.batches_differ": Text(
            _(
                "The line of %(product)s without a batch says %(total)s under %(column)s, its "
                "batches add up to %(sum)s, difference %(difference)s."
            ),
            _(
                "Correct the total or the batches; if this is other stock, without a batch, say "
                "so as the reason."
            ),
        ),
        "stock.counted_differs": Text(
            _(
                "%(counted)s of %(product)s were counted, the books say %(book)s, difference "
                "%(difference)s."
            ),
            _("Correct one of them, or give the reason on this line."),
        ),
        "stock.summed": Text(
            _(
                "%(rows)s rows of sales were added up to %(n)s lines: %(twice)s rows stood there "
                "twice and count once, %(returned)s are returns, %(lost)s are losses."
            )
        ),
        "stock.filled": Text(
            _("%(column)s was blank in %(n)s lines and is filled in from what we know."),
        ),
        "stock.other_days": Text(
            _("The message is about %(told)s, not about the period %(period)s."),
            _("Choose the period of the message, and send it again."),
        ),
        "edi.segment": Text(
            _("Segment %(segment)s «%(text)s» cannot be placed: %(why)s."),
            _("Send the message again, or let the segment go and mend the line by hand."),
        ),
        "edi.outside": Text(
            _(
                "Segment %(segment)s «%(text)s»: code %(code)s is no part of the balance and is "
                "not counted."
            )
        ),
        "edi.duplicate": Text(
            _("Segment %(segment)s «%(text)s»: the message calls itself a duplicate or a copy.")
        ),
        "edi.replaces": Text(
            _("Segment %(segment)s «%(text)s»: the message replaces an earlier one.")
        ),
        "stock.later_opening": Text(
            _(
                "%(product)s: the report of %(period)s opens with %(opening)s, this one closes "
                "with %(closing)s."
            ),
            _("File the later period again, so that the two agree."),
        ),
    }
)

#: Columns of a report, where a finding names one.
COLUMNS: dict[str, Any] = {
    "product": _("Product"),
    "product_name": _("Product name"),
    "unit": _("Unit"),
    "batch": _("Batch"),
    "location": _("Location"),
    "produced_on": _("Produced on"),
    "expires_on": _("Expires on"),
    "opening": _("Opening"),
    "receipts": _("Goods in"),
    "returns_in": _("Returns from customers"),
    "transfers_in": _("Transfers in"),
    "adj_plus": _("Count surplus"),
    "sell_out": _("Sell-out"),
    "returns_out": _("Returns to the maker"),
    "transfers_out": _("Transfers out"),
    "losses": _("Losses"),
    "closing": _("Closing"),
    "counted": _("Counted"),
    "in_transit": _("In transit"),
    "held": _("Held"),
    "damaged": _("Damaged"),
    "reason": _("Reason"),
}
WORDS.setdefault("column", {}).update(COLUMNS)
#: Why a segment of a message cannot be placed.
WORDS["why"] = {
    "quantity": _("its quantity is no number"),
    "no_product": _("no product stands before it"),
    "negative": _("its quantity is negative"),
    "code": _("nobody knows its code"),
    "units": _("its unit is another than that of the line"),
    "date": _("its date is none"),
}

register_acts(
    {
        "stock:receive": _("received the file of a report"),
        "stock:map": _("said what the columns mean"),
        "stock:mend": _("mended cells"),
        "stock:accept": _("filed the report"),
        "stock:fill": _("had blanks filled in"),
        "stock:words": _("said what codes and units mean"),
        "stock:forget": _("took back what a code or unit means"),
        "stock:habit": _("said how the distributor counts"),
    }
)
