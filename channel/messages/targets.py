"""Sentences, acts and words about targets and their plans."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts
from channel.messages.states import register_states
from channel.messages.texts import Text, register

register_states(
    {
        "target_met": (_l("met"), "green"),
        "target_missed": (_l("not met"), "red"),
        "ahead": (_l("ahead of time"), "azure"),
        "behind": (_l("behind time"), "orange"),
        "mix_met": (_l("mix met"), "green"),
        "mix_missed": (_l("mix not met"), "orange"),
        "signed": (_l("signed"), "green"),
    }
)
SUBJECTS["target_plan"] = _l("target plan")

register_acts(
    {
        "target:draft": _l("drafted the target plan"),
        "target:save": _l("changed the target plan"),
        "target:submit": _l("submitted the target plan"),
        "target:send_back": _l("sent the target plan back"),
        "target:sign": _l("signed the target plan"),
        "target:discard": _l("gave the target plan up"),
        "target:hand_over": _l("put the targets of a plan into the draft"),
    }
)

register(
    {
        "target.unreasonable": Text(
            _l("unreasonable: the target grows by %(growth)s, its %(count)s peers by %(peers)s on "
               "average; that is %(beyond)s beyond them, more than the bound of %(bound)s."),
            _l("Lower the target, or write down why it is right; the reason is printed in the "
               "plan."),
        ),
        "target.no_history": Text(
            _l("Nothing was sold in the time before: there is no growth to compare."),
            _l("Set the target by what the market can take, and say so in the reason."),
        ),
        "target.reason_needed": Text(
            _l("A target beyond the bound needs a written reason."),
            _l("Write the reason, then submit again."),
        ),
        "target.why_needed": Text(
            _l("A plan is sent back with what has to be changed."),
            _l("Write what has to be changed."),
        ),
        "target.nothing": Text(_l("A plan needs a target."), _l("Type an amount above 0.")),
        "target.not_now": Text(
            _l("The plan has moved on; this step is not open any more."),
            _l("Look at it again."),
        ),
        "target.own_plan": Text(
            _l("You cannot sign a plan that you wrote yourself."),
            _l("Ask a second person who may sign plans."),
        ),
        "target.not_signed": Text(
            _l("Only a signed plan gives its targets away."), _l("Have it signed first.")
        ),
        "target.other_distributor": Text(
            _l("That draft belongs to another distributor."),
            _l("Choose a draft of the plan's distributor."),
        ),
        "target.outside_draft": Text(
            _l("No target of %(year)s lies within the draft, %(start)s to %(end)s."),
            _l("Draft an agreement for the year of the plan."),
        ),
    }
)  # fmt: skip
