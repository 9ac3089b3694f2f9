"""Sentences, acts and words of exceptions: openings, reviews, absences, bands and caps."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from channel.messages.acts import register_acts, register_fields, register_values
from channel.messages.texts import WORDS, Text, register

#: What a review decided.
OUTCOMES: dict[str, Any] = {
    "keep": _l("keep"),
    "widen": _l("widen"),
    "end": _l("end"),
}

#: Classes of distributors, by which approvers may differ.
CLASSES: dict[str, Any] = {
    "": _l("not classed"),
    "A": _l("class A"),
    "B": _l("class B"),
    "C": _l("class C"),
}

register_acts(
    {
        "agreement:carve_out": _l("a division was opened and left the territory"),
        "agreement:carve_in": _l("an opened division came back to the territory"),
        "exception:set_reviews": _l("set the days of the outcome reviews"),
        "exception:review": _l("reviewed the outcome"),
        "exception:end": _l("ended the exception early"),
        "cap:set": _l("set the cap"),
        "cap:end": _l("ended the cap"),
        "band:save": _l("set who signs"),
        "band:delete": _l("took away a band of approvers"),
        "absence:enter": _l("entered an absence"),
        "absence:end": _l("ended the absence"),
    }
)

register_fields(
    {
        "seen_version": _l("version seen"),
        "size_fen": _l("value"),
        "in_stead_of": _l("in the stead of"),
        "extra_days": _l("days later"),
        "review_on": _l("outcome reviews"),
        "decision": _l("decision"),
        "due_on": _l("due on"),
        "most": _l("at most"),
        "class_code": _l("class"),
        "from_fen": _l("from"),
        "route": _l("who signs"),
        "delegate": _l("delegate"),
        "book_fen": _l("book price"),
    }
)
WORDS["own"] = WORDS["level"]
register_values({"decision": OUTCOMES, "class_code": CLASSES})

register(
    {
        "agreement.level_opened": Text(
            _l(
                "%(division)s %(name)s is of the level %(level)s, which the house keeps closed;"
                " the exception %(exception)s opens it."
            )
        ),
        "territory.cap": Text(
            _l(
                "%(area)s %(name)s takes at most %(most)s contracts of the level %(level)s;"
                " on %(on)s it already has %(contracts)s."
            ),
            _l("Apply for a level opening with the view of those who hold the area."),
        ),
        "territory.cap_waived": Text(
            _l(
                "%(area)s %(name)s takes at most %(most)s contracts of the level %(level)s and has"
                " %(contracts)s; an approved exception lets this one pass."
            )
        ),
        "terms.postponed": Text(
            _l("An approved exception lets these goods be paid %(days)s days later.")
        ),
        "exception.means_needed": Text(
            _l("The customer's means are needed as a ground."), _l("Write one sentence.")
        ),
        "exception.days_most": Text(
            _l("At most %(most)s days can be asked for."), _l("Enter fewer days.")
        ),
        "exception.review_outside": Text(
            _l("The review on %(on)s lies outside the time of the exception."),
            _l("Choose a day after the first day and at the latest the day after the last."),
        ),
        "exception.incumbents_needed": Text(
            _l("%(area)s takes at most %(most)s contracts and already has %(contracts)s."),
            _l("Ask those who hold the area, and write down what they say."),
        ),
        "exception.area_full": Text(
            _l("%(area)s takes at most %(most)s contracts and is full."),
            _l("The view of those who hold the area is needed: ask the channel manager for it."),
        ),
        "exception.no_agreement": Text(
            _l("No contract is in force on %(on)s whose payment term could be relaxed."),
            _l("Choose another first day, or have the contract approved first."),
        ),
        "exception.stale": Text(
            _l("The request changed since you saw it."), _l("Reload the page and look again.")
        ),
        "approval.cannot_decide": Text(
            _l("This person is not there or does not decide on exceptions."),
            _l("Name an active channel manager, finance or the owner."),
        ),
        "approval.band_start": Text(
            _l("The band from zero cannot be taken away while others stand above it."),
            _l("Take away the higher bands first."),
        ),
        "approval.band_stage": Text(
            _l("Nobody is chosen to sign."), _l("Choose at least one role in the first stage.")
        ),
        "absence.span": Text(_l("The last day lies before the first."), _l("Choose later days.")),
        "absence.delegate": Text(
            _l("This person cannot sign in another's stead."),
            _l("Choose an active approver who is not the absent person."),
        ),
        "absence.delegate_away": Text(
            _l("%(name)s is away in these days too."), _l("Choose another delegate.")
        ),
        "absence.past": Text(
            _l("An absence cannot begin before today."), _l("Choose today or a later day.")
        ),
        "cap.level": Text(
            _l("%(name)s is itself a %(own)s and has no %(level)s inside it."),
            _l("Choose its own level or one below it."),
        ),
        "cap.past": Text(_l("A cap cannot change the past."), _l("Choose today or a later day.")),
        "outcome.decided": Text(
            _l("This review is decided already."), _l("Reload the page to see the decision.")
        ),
        "outcome.no_decision": Text(_l("No decision is chosen."), _l("Choose keep, widen or end.")),
        "outcome.too_early": Text(
            _l("This review is due on %(on)s."), _l("Wait for the day, or set an earlier one.")
        ),
        "outcome.own_request": Text(
            _l("Nobody reviews the outcome of a request of their own."),
            _l("Ask another approver."),
        ),
        "outcome.reason_needed": Text(_l("A reason is needed."), _l("Write one sentence.")),
        "outcome.ended_already": Text(_l("The exception was ended early before.")),
        "outcome.end_past": Text(
            _l("The exception cannot end before %(on)s."), _l("Choose that day or a later one.")
        ),
        "outcome.still_held": Text(
            _l("%(contracts)s still hold the opened division on %(on)s."),
            _l("End or amend these contracts first."),
        ),
    }
)
