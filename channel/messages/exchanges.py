"""Words and sentences of exchange claims: states, what goes out, why a claim is refused."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields
from channel.messages.states import register_states
from channel.messages.texts import Text, register

#: The states of a claim in their order.
CLAIM_STATES: dict[str, Any] = {
    "draft": _l("draft"),
    "claimed": _l("claim handed in"),
    "approved": _l("approved"),
    "on_way": _l("sent back by the distributor"),
    "counted": _l("counted by the house"),
    "disputed": _l("settled in part, the rest disputed"),
    "judged": _l("dispute decided"),
    "settled": _l("settled"),
    "refused": _l("refused"),
    "withdrawn": _l("withdrawn"),
    "lapsed": _l("lapsed"),
}
register_states(
    {
        "claimed": (CLAIM_STATES["claimed"], "azure"),
        "on_way": (CLAIM_STATES["on_way"], "azure"),
        "counted": (CLAIM_STATES["counted"], "azure"),
        "disputed": (CLAIM_STATES["disputed"], "orange"),
        "judged": (CLAIM_STATES["judged"], "azure"),
        "settled": (CLAIM_STATES["settled"], "green"),
        "lapsed": (CLAIM_STATES["lapsed"], "secondary"),
    }
)
MEANS_WORDS: dict[str, Any] = {
    "credit": _l("credit note"),
    "same": _l("the same goods, fresh"),
    "other": _l("other goods"),
}
PRICE_WORDS: dict[str, Any] = {
    "last": _l("the price paid"),
    "lower": _l("the price paid or the book price, whichever is lower"),
}
POSTING_WORDS: dict[str, Any] = {
    "returned": _l("came back"),
    "goods": _l("went out"),
    "freight": _l("freight of the way back"),
}

SUBJECTS.update({"exchange_claim": _l("exchange claim")})
register_acts(
    {
        "exchange:draft": _l("drafted the exchange claim"),
        "exchange:save": _l("changed the exchange claim"),
        "exchange:relay": _l("checked the exchange claim again"),
        "exchange:file": _l("filed the exchange claim"),
        "exchange:approve": _l("approved the exchange"),
        "exchange:refuse": _l("refused the exchange"),
        "exchange:withdraw": _l("withdrew the exchange claim"),
        "exchange:lapse": _l("let the exchange lapse"),
        "exchange:send": _l("sent the goods back"),
        "exchange:count": _l("counted the goods"),
        "exchange:judge": _l("decided the dispute"),
        "exchange:settle": _l("settled the exchange"),
        "exchange:post": _l("posted the document of the exchange"),
        "order:exchange": _l("wrote the order of an exchange"),
        "shipment:exchange": _l("shipped the goods of an exchange"),
    }
)
register_fields(
    {
        "quantity": _l("quantity"),
        "sent": _l("quantity sent back"),
        "accepted": _l("accepted by the count"),
        "granted": _l("granted of the dispute"),
        "return_by": _l("send back by"),
    }
)

register(
    {
        "exchange.no_agreement": Text(
            _l("No agreement is in force on %(on)s, so nothing can be exchanged."),
            _l("Renew the agreement, or write to your channel manager."),
        ),
        "exchange.by_type_shipped": Text(
            _l(
                "%(goods)s of shipment %(shipment)s was sold under contract %(contract)s, which"
                " knows no exchange."
            ),
            _l("Take this line out of the claim."),
        ),
        "exchange.window": Text(
            _l(
                "%(goods)s was shipped on %(shipped)s (%(shipment)s): the last day to claim it was"
                " %(last)s (%(days)s days). Today is day %(day)s."
            ),
            _l("Take the line out, or apply for a late exchange."),
        ),
        "exchange.window_waived": Text(
            _l(
                "%(goods)s was shipped on %(shipped)s (%(shipment)s) and its window ended on"
                " %(last)s; an approved exception lets it in on day %(day)s."
            ),
        ),
        "exchange.too_many": Text(
            _l(
                "%(asked)s of %(goods)s are asked for, but only %(left)s that we shipped to you are"
                " not claimed yet: %(over)s too many."
            ),
            _l("Lower the quantity; goods that we did not ship to you are not exchanged."),
        ),
        "exchange.not_sealed": Text(
            _l("%(goods)s is not intact: the contract exchanges sealed goods only."),
            _l("Take the opened packs out of the claim."),
        ),
        "exchange.cap": Text(
            _l(
                "The claim is worth %(asked)s without VAT. The quarter may exchange %(cap)s"
                " (%(percent)s %% of %(base)s invoiced in the quarter before); %(used)s of it is"
                " taken, %(left)s is left."
            ),
            _l("Lower the quantities, or claim the rest in the next quarter."),
        ),
        "exchange.too_often": Text(
            _l("%(filed)s claims of %(quarter)s are filed already; the contract allows %(most)s."),
            _l("Claim in the next quarter."),
        ),
        "exchange.goods_needed": Text(
            _l("The contract gives no mere credit: goods of the same value are taken in return."),
            _l("Choose the same goods or other goods."),
        ),
        "exchange.no_goods": Text(
            _l("Other goods are asked for, but none is named."),
            _l("Name a product and a quantity, or choose another way."),
        ),
        "exchange.goods_short": Text(
            _l(
                "The goods in return are worth %(goods_value)s and what comes back is worth"
                " %(worth)s: %(short)s are missing."
            ),
            _l("Add goods until the values match."),
        ),
        "exchange.no_price": Text(
            _l("For one of the goods in return the price book has no price today."),
            _l("Choose other goods, or have a price approved."),
        ),
        "exchange.empty": Text(
            _l("No quantity is entered."), _l("Enter a quantity beside the goods to exchange.")
        ),
        "exchange.quantity": Text(
            _l("«%(value)s» is not a quantity."), _l("Enter a whole number, 0 or more.")
        ),
        "exchange.reason_wanted": Text(
            _l("The reason is missing."), _l("Write in one sentence why.")
        ),
        "exchange.not_now": Text(
            _l("Claim %(number)s is %(state)s: this step is not possible now."),
            _l("Reload the page."),
        ),
        "exchange.own_claim": Text(
            _l("You filed claim %(number)s yourself."), _l("Another person decides about it.")
        ),
        "exchange.own_count": Text(
            _l("You counted or judged claim %(number)s yourself."),
            _l("Another person posts the money."),
        ),
        "exchange.negative": Text(_l("%(goods)s: %(said)s is below zero."), _l("Enter 0 or more.")),
        "exchange.approved_more": Text(
            _l("%(goods)s: %(said)s are approved, but only %(before)s are asked for."),
            _l("Approve at most what is asked for."),
        ),
        "exchange.sent_more": Text(
            _l("%(goods)s: %(said)s are sent back, but only %(before)s are approved."),
            _l("Send back at most what is approved."),
        ),
        "exchange.counted_more": Text(
            _l("%(goods)s: %(said)s are counted, but only %(before)s were sent back."),
            _l("Enter at most what was sent back; what is over goes back to the distributor."),
        ),
        "exchange.granted_more": Text(
            _l("%(goods)s: %(said)s are granted, but only %(before)s are disputed."),
            _l("Grant at most what is disputed."),
        ),
        "exchange.reason_needed": Text(
            _l("%(goods)s: %(said)s of %(before)s, and no reason is given for the rest."),
            _l("Write the reason on this line."),
        ),
        "exchange.goods_more": Text(
            _l("%(goods)s: %(said)s go out, but only %(before)s were claimed."),
            _l("Send out at most what was claimed."),
        ),
        "exchange.nothing_left": Text(
            _l("Nothing is left of the claim."), _l("Refuse it or withdraw it instead.")
        ),
        "exchange.late_return": Text(
            _l("The goods were to be sent back by %(last)s; the approval has lapsed."),
            _l("File a new claim; for goods out of their window apply for a late exchange."),
        ),
        "exchange.sent_day": Text(
            _l("%(on)s is not between the approval on %(first)s and today."),
            _l("Enter the day on which the carrier took the goods."),
        ),
    }
)
