"""What trials and accruals say when they refuse, and how their acts read."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from channel.messages.acts import register_acts, register_fields
from channel.messages.texts import Text, register

register(
    {
        "rebate.target_needs_catch_up": Text(
            _("A sum for a target that adds up over periods would be paid in each of them."),
            _("Let the tier reached pay on everything since then."),
        ),
        "rebate.trial.unreadable": Text(
            _("«%(text)s» is not a period."), _("Write 2026-10, 2026Q4, 2026H2 or 2026.")
        ),
        "rebate.trial.backwards": Text(
            _("The last period ends before the first begins."), _("Exchange the two.")
        ),
        "rebate.trial.no_period": Text(
            _("No whole period of this policy lies in %(period)s."),
            _("Choose more: a policy settled by year needs a whole year."),
        ),
        "rebate.trial.closeness": Text(
            _("«Close to a tier» is a share of the bound from 0 to 50 %%."),
            _("Write 5 for five percent."),
        ),
        "rebate.accrual.future": Text(
            _("%(day)s has not come yet."), _("Accrue up to today or an earlier day.")
        ),
        "rebate.accrual.before_last": Text(
            _("Accruals were booked up to %(last)s already."),
            _("Choose that day or a later one: what is booked is never changed."),
        ),
        "rebate.accrual.nothing": Text(
            _("Nothing has changed: the accruals up to %(day)s are booked already."),
        ),
        "rebate.expectation.tier": Text(
            _("The policy has no such tier."), _("Choose one of the tiers offered.")
        ),
        "rebate.expectation.reason": Text(
            _("A tier that is expected needs a reason."), _("Say why it will be reached, or not.")
        ),
    }
)

register_fields({"entries": _("entries"), "up_to": _("up to and including"), "tier": _("tier")})
register_acts(
    {
        "rebate_trial:make": _("tried a policy on the past"),
        "rebate_expectation:choose": _("chose the tier expected"),
        "rebate_accrual_run:book": _("booked accruals"),
    }
)
