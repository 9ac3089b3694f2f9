"""Sentences, acts and words about the market: prices seen, incidents, promotions, displays, POP."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields
from channel.messages.states import register_states
from channel.messages.texts import WORDS, Text, register

INCIDENT_KINDS: dict[str, Any] = {
    "price": _l("resale price"),
    "promotion": _l("unauthorised promotion"),
    "local": _l("local incident"),
    "diversion": _l("cross-territory selling"),
    "rival": _l("rival goods"),
}
TOPICS: dict[str, Any] = {
    "media": _l("media"),
    "government": _l("government"),
    "emergency": _l("emergency"),
    "other": _l("other"),
}
SEVERITIES: dict[str, Any] = {
    "low": _l("low"),
    "medium": _l("medium"),
    "high": _l("high"),
}
OUTLET_KINDS: dict[str, Any] = {
    "supermarket": _l("supermarket"),
    "convenience": _l("convenience store"),
    "restaurant": _l("restaurant"),
    "wholesale": _l("wholesale market"),
    "other": _l("other"),
}
WORDS["outlet_kind"] = OUTLET_KINDS


def format_elapsed(seconds: int | None) -> str:
    """«5 h 20 min», «3 d 4 h»: how long something took or has been waiting."""
    if seconds is None:
        return ""
    minutes = max(int(seconds), 0) // 60
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return gettext("%(days)s d %(hours)s h", days=days, hours=hours)
    return gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes % 60)


register_states(
    {
        "incident_open": (_l("opened"), "red"),
        "notice": (_l("notice sent"), "orange"),
        "answered": (_l("answered"), "azure"),
        "heard": (_l("acknowledged"), "green"),
        "unheard": (_l("not acknowledged in time"), "red"),
        "escalated": (_l("escalated to the owner"), "red"),
        "price_inside": (_l("inside the band"), "green"),
        "price_below": (_l("below floor"), "red"),
        "price_above": (_l("above ceiling"), "red"),
        "price_no_band": (_l("no band"), "secondary"),
        "filed": (_l("filed"), "azure"),
        "promotion_filed": (_l("filed"), "azure"),
        "log_evidence": (_l("kept as evidence"), "green"),
        "log_incident": (_l("unauthorised promotion"), "red"),
        "display_pass": (_l("passed"), "green"),
        "display_fail": (_l("did not pass"), "red"),
        "pop_standing": (_l("standing"), "green"),
        "pop_gone": (_l("taken away"), "secondary"),
        "freight_known": (_l("recorded"), "green"),
        "freight_missing": (_l("not recorded"), "secondary"),
        "white": (_l("nobody"), "secondary"),
        "place_held": (_l("under contract"), "green"),
        "place_part": (_l("in part"), "azure"),
    }
)

SUBJECTS.update(
    {
        "market_incident": _l("incident"),
        "price_report": _l("price report"),
        "outlet": _l("outlet"),
        "promotion": _l("promotion"),
        "promotion_log": _l("promotion log"),
        "display_standard": _l("display standard"),
        "display_check": _l("display check"),
        "pop_placement": _l("POP place"),
        "market_size": _l("market size"),
        "freight_cost": _l("maker's freight"),
    }
)

register_acts(
    {
        "incident:open": _l("opened the incident"),
        "incident:acknowledge": _l("acknowledged the incident"),
        "incident:notify": _l("sent the notice"),
        "incident:answer": _l("answered the notice"),
        "incident:act": _l("wrote down what was done"),
        "incident:close": _l("closed the incident"),
        "incident:escalate": _l("escalated to the owner: not acknowledged in time"),
        "resale:report": _l("reported a resale price"),
        "outlet:open": _l("opened the outlet"),
        "outlet:save": _l("changed the outlet"),
        "outlet:close": _l("closed the outlet"),
        "outlet:reopen": _l("reopened the outlet"),
        "promotion:file": _l("filed the promotion"),
        "promotion:approve": _l("approved the promotion"),
        "promotion:reject": _l("rejected the promotion"),
        "promotion:close": _l("closed the promotion with its result"),
        "promotion:log": _l("logged a promotion that took place"),
        "display:standard": _l("set the display standard"),
        "display:check": _l("checked the display"),
        "pop:place": _l("placed material"),
        "pop:remove": _l("noted that material was taken away"),
        "market:size": _l("entered a market size"),
        "freight:record": _l("recorded the maker's freight"),
    }
)

register_fields(
    {
        "price_fen": _l("price seen"),
        "budget_fen": _l("budget"),
        "spent_fen": _l("spent"),
        "approval_number": _l("approval number"),
        "faces": _l("faces"),
        "removed_on": _l("gone from"),
    }
)

register(
    {
        "freight.not_sent": Text(
            _l("A shipment that was not released costs no freight."),
            _l("Record it when the shipment is released or has left."),
        ),
        "market.place_needed": Text(
            _l("Say where it was."), _l("Choose an outlet, or type the place.")
        ),
        "market.division_needed": Text(
            _l("The division of the place is not known."),
            _l("Type its six-digit code or its full name."),
        ),
        "market.other_outlet": Text(
            _l("That outlet belongs to another distributor."),
            _l("Choose an outlet of the distributor, or type the place."),
        ),
        "market.not_a_photo": Text(
            _l("«%(file)s» is neither a photo nor a PDF."),
            _l("Hand in JPG, PNG or PDF."),
        ),
        "market.too_large": Text(
            _l("«%(file)s» is larger than 8 MB."), _l("Hand in a smaller photo.")
        ),
        "resale.in_future": Text(
            _l("A price cannot have been seen on %(on)s, which is still to come."),
            _l("Choose the day on which it was seen."),
        ),
        "import.seen_in_future": Text(
            _l("Row %(row)s, column %(column)s, “%(value)s”: no price was seen on a future day."),
            _l("Correct the date."),
        ),
        "import.no_division": Text(
            _l("Row %(row)s: neither the row nor the distributor names a division."),
            _l("Fill in the division code."),
        ),
        "import.report_stands": Text(
            _l("Row %(row)s: the report %(document)s stands already with other figures (%(old)s, "
               "now %(new)s)."),
            _l("A report never changes: hand it in under another number."),
        ),
        "incident.not_yours": Text(
            _l("A distributor files local incidents; the house files the others."),
            _l("Choose «local incident»."),
        ),
        "incident.what_needed": Text(_l("Say what happened."), _l("A sentence or two will do.")),
        "incident.in_future": Text(
            _l("It cannot become known later than now."), _l("Mend the day or the time.")
        ),
        "incident.not_now": Text(
            _l("The incident has moved on; this step is not open any more."),
            _l("Look at it again."),
        ),
        "incident.notice_needed": Text(
            _l("A notice says what is wrong and what is asked."), _l("Write the notice.")
        ),
        "incident.answer_needed": Text(_l("An answer has words."), _l("Write the answer.")),
        "incident.result_needed": Text(
            _l("An incident is closed with a written result only."),
            _l("Write what came of it, then close."),
        ),
        "incident.actions_needed": Text(
            _l("Nothing is written down."), _l("Write what was done.")
        ),
        "promotion.no_number": Text(
            _l("unauthorised promotion: on %(on)s without an approval number."),
            _l("File promotions beforehand; the approval gives the number."),
        ),
        "promotion.number_unknown": Text(
            _l("unauthorised promotion: the distributor has no approval %(value)s."),
            _l("Check the number on the page of the promotion."),
        ),
        "promotion.outside_dates": Text(
            _l("unauthorised promotion: %(value)s holds from %(start)s to %(end)s, it took place "
               "on %(on)s."),
            _l("File a new promotion for other days."),
        ),
        "promotion.span": Text(
            _l("The promotion ends on %(end)s, before it begins on %(start)s."),
            _l("Mend one of the two days."),
        ),
        "promotion.own": Text(
            _l("You cannot approve a promotion that you filed yourself."),
            _l("Ask a second person."),
        ),
        "promotion.over": Text(
            _l("The promotion was over on %(end)s; what has happened is not approved afterwards."),
            _l("Reject it, or have a new one filed."),
        ),
        "promotion.reason_needed": Text(
            _l("A rejection needs a reason."), _l("Write why, so that it can be mended.")
        ),
        "promotion.not_now": Text(
            _l("The promotion has moved on; this step is not open any more."),
            _l("Look at it again."),
        ),
        "promotion.result_needed": Text(
            _l("A promotion is closed with its result."), _l("Write what came of it.")
        ),
        "promotion.in_future": Text(
            _l("It cannot have taken place on %(on)s, which is still to come."),
            _l("Choose the day on which it took place."),
        ),
        "display.nothing_asked": Text(
            _l("A standard asks for at least one face."),
            _l("Name the items, each with its faces."),
        ),
        "display.twice": Text(
            _l("An item stands in the standard twice."), _l("Name each item once.")
        ),
        "display.no_standard": Text(
            _l("There is no display standard for this kind of outlet (%(outlet_kind)s)."),
            _l("A channel manager sets it under «Displays»."),
        ),
        "display.in_future": Text(
            _l("%(on)s is still to come."), _l("Choose today or an earlier day.")
        ),
        "pop.consent_needed": Text(
            _l("Material stands with the outlet's consent only."),
            _l("Name who of the outlet agreed."),
        ),
        "pop.gone": Text(
            _l("It was taken away on %(on)s already."), _l("Look at it again.")
        ),
        "pop.span": Text(
            _l("It stands from %(start)s on; the day it went lies between then and %(today)s."),
            _l("Choose a day in between."),
        ),
    }
)  # fmt: skip
