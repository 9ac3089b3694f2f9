"""What the rebate rules say, in sentences: checks, the policy read aloud, the derivation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from channel.messages.texts import Text, register

register(
    {
        "rebate.unnamed": Text(
            _("The policy has no code or no name."), _("Enter a code and a name.")
        ),
        "rebate.goods_in_and_out": Text(
            _("Group %(group)s is both included and excluded."),
            _("Remove it from one of the two lists."),
        ),
        "rebate.no_tiers": Text(_("The policy has no tiers."), _("Add at least one tier.")),
        "rebate.bound_negative": Text(
            _("A tier begins at %(lower)s, below zero."), _("Begin the tier at zero or above.")
        ),
        "rebate.bound_not_fen": Text(
            _("A tier begins at %(lower)s, finer than one fen."),
            _("Give the bound with two decimals at most."),
        ),
        "rebate.bound_twice": Text(
            _("Two tiers begin at %(lower)s."), _("Keep one of them, or change its bound.")
        ),
        "rebate.rate_negative": Text(
            _("Tier %(number)s has the negative rate %(rate)s."),
            _("Give a rate from 0 %% to 100 %%."),
        ),
        "rebate.rate_over_hundred": Text(
            _("Tier %(number)s pays %(rate)s, more than the whole base."),
            _("Give a rate from 0 %% to 100 %%."),
        ),
        "rebate.minimum_payout_negative": Text(
            _("The minimum payout %(minimum)s is below zero."),
            _("Enter zero or a positive amount."),
        ),
        "rebate.cap_not_positive": Text(
            _("The cap %(cap)s would never let anything be paid."),
            _("Enter a positive cap, or leave it blank for no cap."),
        ),
        "rebate.cap_below_minimum": Text(
            _(
                "The cap %(cap)s is below the minimum payout %(minimum)s: nothing could ever "
                "be paid."
            ),
            _("Raise the cap or lower the minimum payout."),
        ),
        "rebate.tiers_not_ascending": Text(
            _("The tiers were not entered in ascending order; they are read from the lowest up."),
            _("Sort them, so that all read the same table."),
        ),
        "rebate.pays_nothing": Text(
            _("Every tier has the rate 0 %%: the policy pays nothing."),
            _("Enter a rate for at least one tier."),
        ),
        "rebate.nothing_below": Text(
            _("Below %(lower)s nothing is paid."), _("If that is not meant, add a tier from zero.")
        ),
        "rebate.tier_over_cap": Text(
            _("Tier %(number)s from %(lower)s pays nothing more: the cap is reached before."),
            _("Raise the cap or remove the tier."),
        ),
        "rebate.tier_idle": Text(
            _(
                "Tier %(number)s from %(lower)s has the rate %(rate)s of the tier before and "
                "changes nothing."
            ),
            _("Change its rate or remove it."),
        ),
        "rebate.rate_falls": Text(
            _(
                "From %(lower)s on, tier %(number)s pays %(rate)s, less than the %(before)s "
                "before it."
            ),
            _("Check whether a falling rate is meant."),
        ),
        "rebate.drops_at": Text(
            _("On reaching %(lower)s the rebate drops by %(jump)s, from %(below)s to %(at)s."),
            _("Whoever sells more gets less: check the rate of tier %(number)s."),
        ),
        "rebate.jumps_at": Text(
            _("On reaching %(lower)s the rebate jumps by %(jump)s, from %(below)s to %(at)s.")
        ),
        "rebate.reads.period_month": Text(_("The rebate is settled every month.")),
        "rebate.reads.period_quarter": Text(_("The rebate is settled every quarter.")),
        "rebate.reads.period_half": Text(_("The rebate is settled every half-year.")),
        "rebate.reads.period_year": Text(_("The rebate is settled every year.")),
        "rebate.reads.base_invoiced_net": Text(
            _("The base is the value invoiced in the period, without VAT.")
        ),
        "rebate.reads.base_invoiced_gross": Text(
            _("The base is the value invoiced in the period, VAT included.")
        ),
        "rebate.reads.goods_all": Text(_("All goods count.")),
        "rebate.reads.goods_in": Text(_("Only these groups of goods count: %(groups)s.")),
        "rebate.reads.goods_out": Text(_("These groups of goods never count: %(groups)s.")),
        "rebate.reads.method_whole": Text(
            _("Whole amount: the rate of the tier reached is paid on the whole base.")
        ),
        "rebate.reads.method_segment": Text(
            _("By segment: each slice of the base is paid at the rate of its own tier.")
        ),
        "rebate.reads.nothing_below": Text(_("Below %(lower)s nothing is paid.")),
        "rebate.reads.tier_between": Text(_("From %(lower)s, and below %(upper)s: %(rate)s.")),
        "rebate.reads.tier_top": Text(_("From %(lower)s: %(rate)s.")),
        "rebate.reads.cap": Text(_("One statement pays %(cap)s at most.")),
        "rebate.reads.minimum_payout": Text(
            _(
                "A rebate below %(minimum)s is not paid and lapses; one of exactly %(minimum)s "
                "is paid."
            )
        ),
        "rebate.reads.rounding": Text(
            _(
                "The base is rounded to fen half-up once per statement, and so is the rebate; "
                "nothing else is rounded."
            )
        ),
        "rebate.reads.example": Text(_("Example: a base of %(base)s earns %(rebate)s.")),
        "rebate.step.base_rounding": Text(_("Base %(exact)s, rounded half-up to %(base)s")),
        "rebate.step.negative_base": Text(_("The base %(base)s is below zero: no rebate")),
        "rebate.step.below_first_tier": Text(
            _("The base %(base)s is %(short)s short of the first tier from %(lower)s: no rebate")
        ),
        "rebate.step.tier": Text(
            _("Tier %(number)s from %(lower)s is reached: %(base)s × %(rate)s")
        ),
        "rebate.step.segment": Text(
            _("Slice in tier %(number)s from %(lower)s: %(slice)s × %(rate)s")
        ),
        "rebate.step.rounding": Text(_("Rounded half-up from %(exact)s to %(rounded)s")),
        "rebate.step.cap": Text(_("%(before)s is over the cap of %(cap)s")),
        "rebate.step.minimum_payout": Text(
            _("%(before)s is below the minimum payout of %(minimum)s and lapses")
        ),
    }
)
