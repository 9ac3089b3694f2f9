"""Sentences about agreements, orders, shipments, prices, territory, minimum and credit."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from channel.messages.texts import Text, register

register(
    {
        "agreement.clause_missing": Text(
            _l("Clause %(number)s (%(clause)s) is empty."),
            _l("Fill in the clause, then submit again."),
        ),
        "agreement.no_target": Text(
            _l("No sales target is agreed (clause 3)."), _l("Add one if the contract has one.")
        ),
        "agreement.target_outside": Text(
            _l("The target %(period)s lies outside %(start)s to %(end)s."),
            _l("Change the target's period or the dates of the version."),
        ),
        "agreement.span": Text(
            _l("The version ends on %(end)s, not after its start on %(start)s."),
            _l("Choose a later end."),
        ),
        "agreement.number_taken": Text(
            _l("The number %(number)s belongs to another agreement."), _l("Choose another number.")
        ),
        "agreement.reason_needed": Text(_l("A reason is needed."), _l("Write one sentence.")),
        "agreement.before_first": Text(
            _l("An amendment cannot begin before the version it amends (%(start)s)."),
            _l("Choose a later date."),
        ),
        "agreement.not_draft": Text(
            _l("Only a draft can be changed."), _l("Amend the agreement by a new version.")
        ),
        "agreement.not_now": Text(
            _l("This step is not possible in the present state."), _l("Reload the page.")
        ),
        "agreement.own_version": Text(
            _l("Nobody approves a version that they drafted or submitted."),
            _l("Ask another approver."),
        ),
        "agreement.unknown_book": Text(
            _l("There is no price book %(book)s."), _l("Choose one of the list.")
        ),
        "agreement.unknown_policy": Text(
            _l("There is no approved rebate policy %(policy)s."),
            _l("Have it approved first, or leave it out."),
        ),
        "agreement.unknown_division": Text(
            _l("There is no division with the code %(division)s."),
            _l("Use a six-digit code of GB/T 2260."),
        ),
        "agreement.level_closed": Text(
            _l("%(division)s %(name)s is of the level %(level)s, which the house keeps closed."),
            _l("Apply for a level opening; the contract passes while the opening holds."),
        ),
        "agreement.none_in_force": Text(
            _l("No contract with %(distributor)s is in force on %(on)s."),
            _l("Have a version approved, or apply for an exception."),
        ),
        "agreement.none_waived": Text(
            _l("No contract is in force on %(on)s; an approved exception lets this amount pass.")
        ),
        "territory.outside": Text(
            _l("Outside territory: %(division)s %(name)s."),
            _l("Ship to a place inside the territory, or apply for an exception."),
        ),
        "territory.outside_waived": Text(
            _l("Outside territory: %(division)s %(name)s; allowed by an approved exception.")
        ),
        "territory.no_ship_to": Text(
            _l("No ship-to place is chosen."), _l("Choose where the goods go.")
        ),
        "territory.overlap": Text(
            _l(
                "Contract %(contract)s already holds %(divisions)s for the same goods"
                " from %(start)s to %(last_day)s."
            ),
            _l("Carve the area out, or choose other dates or goods."),
        ),
        "distributor.closed": Text(
            _l("The distributor is closed."), _l("Open it again in its record first.")
        ),
        "product.closed": Text(_l("%(product)s is not sold any more."), _l("Take the line out.")),
        "product.not_in_agreement": Text(
            _l("The contract does not cover %(product)s."),
            _l("Take the line out, or amend the contract."),
        ),
        "product.no_vat_rate": Text(
            _l("%(product)s has the VAT class %(vat_class)s, which has no rate on this date."),
            _l("Enter the rate in the master data."),
        ),
        "price.missing": Text(
            _l("The price book has no price for %(product)s on %(on)s."),
            _l("Have a price approved, or choose another date."),
        ),
        "price.differs": Text(
            _l("%(product)s was sent with the price %(asked)s; the price book says %(book)s."),
            _l("Order at the book price, or apply for a special price."),
        ),
        "minimum.below": Text(
            _l(
                "Goods value %(value)s is below the minimum shipment of %(floor)s, %(short)s short."
            ),
            _l("Add goods or another order to this shipment, or apply for an exception."),
        ),
        "minimum.waived": Text(
            _l("Goods value %(value)s passes under the exception's minimum of %(floor)s.")
        ),
        "order.no_lines": Text(_l("The order has no goods."), _l("Enter at least one quantity.")),
        "order.quantity": Text(
            _l("%(quantity)s is not a quantity that can be ordered."),
            _l("Enter a whole number above zero."),
        ),
        "order.free_goods": Text(
            _l("Free goods are given by the house."),
            _l("Take the mark off, or ask the channel manager to write the order."),
        ),
        "order.past_date": Text(
            _l("The order date %(on)s lies before today, %(today)s."),
            _l("Change the order date to today; the price is that of the order date."),
        ),
        "order.foreign_ship_to": Text(
            _l("This place belongs to another distributor."), _l("Choose one of its own places.")
        ),
        "order.not_now": Text(
            _l("Order %(number)s is not in a state that allows this."), _l("Reload the page.")
        ),
        "order.shipped": Text(
            _l("Part of the order was shipped."), _l("Close the order instead of cancelling it.")
        ),
        "shipment.empty": Text(
            _l("The shipment has no goods."), _l("Enter a quantity for at least one line.")
        ),
        "shipment.line_gone": Text(
            _l("One of the order lines is not open any more."), _l("Reload and choose again.")
        ),
        "shipment.too_many": Text(
            _l("%(product)s: %(asked)s asked for, %(open)s open."),
            _l("Lower the quantity, or cancel the other shipment that holds it."),
        ),
        "shipment.not_now": Text(
            _l("Shipment %(number)s is not in a state that allows this."), _l("Reload the page.")
        ),
        "invoice.before_shipment": Text(
            _l("The goods left on %(shipped)s; the invoice cannot be older."),
            _l("Choose that day or a later one."),
        ),
        "receipt.amount": Text(
            _l("A receipt is a positive amount."), _l("Reverse the wrong receipt instead.")
        ),
        "receipt.future": Text(
            _l("%(on)s lies in the future; today is %(today)s."), _l("Book money that has come.")
        ),
        "receipt.method": Text(
            _l("%(method)s is not a method of payment."), _l("Choose one of the list.")
        ),
        "receipt.reason_needed": Text(_l("A reason is needed."), _l("Write one sentence.")),
        "receipt.reversed": Text(
            _l("Receipt %(number)s was reversed already, or is itself a reversal.")
        ),
        "exception.type": Text(_l("There is no such kind of exception: %(kind)s.")),
        "exception.reason_needed": Text(_l("A reason is needed."), _l("Write one sentence.")),
        "exception.end_needed": Text(
            _l("An exception needs a last day."), _l("Choose the last day on which it holds.")
        ),
        "exception.span": Text(
            _l("The last day lies before the first."), _l("Choose a later last day.")
        ),
        "exception.too_long": Text(
            _l("An exception holds two years at most."), _l("Choose an earlier last day.")
        ),
        "exception.asked_missing": Text(
            _l("What is asked for is not filled in."), _l("Fill in the figures of this kind.")
        ),
        "exception.asked_positive": Text(
            _l("What is asked for must be above zero."), _l("Enter a positive figure.")
        ),
        "exception.grounds_needed": Text(
            _l("Both grounds are needed: the customer's means and the market's buying power."),
            _l("Write one sentence for each."),
        ),
        "exception.cap_positive": Text(
            _l("A cap must be above zero."), _l("Leave it empty where there is no cap.")
        ),
        "exception.foreign_subject": Text(
            _l("The document belongs to another distributor."), _l("Choose the right document.")
        ),
        "exception.note_needed": Text(
            _l("Say why, so that the requester can mend it."), _l("Write one sentence.")
        ),
    }
)
