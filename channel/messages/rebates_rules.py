"""What the checks of a rebate policy say before it is signed.

The reading of a policy, the derivation of a statement and the words of the terms stand in
modules beside this one.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from channel.messages import (  # noqa: F401  # each registers its sentences
    rebates_reading,
    rebates_steps,
)
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
            _("Two tiers begin at %(lower)s%(unit)s."), _("Keep one of them, or change its bound.")
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
            _("Every tier pays 0: the policy pays nothing."),
            _("Enter a rate or an amount for at least one tier."),
        ),
        "rebate.nothing_below": Text(
            _("Below %(lower)s%(unit)s nothing is paid."),
            _("If that is not meant, add a tier from zero."),
        ),
        "rebate.tier_over_cap": Text(
            _(
                "Tier %(number)s from %(lower)s%(unit)s pays nothing more: the cap is reached "
                "before."
            ),
            _("Raise the cap or remove the tier."),
        ),
        "rebate.tier_idle": Text(
            _(
                "Tier %(number)s from %(lower)s%(unit)s pays %(rate)s%(how)s like the tier "
                "before and changes nothing."
            ),
            _("Change its rate or remove it."),
        ),
        "rebate.rate_falls": Text(
            _(
                "From %(lower)s%(unit)s on, tier %(number)s pays %(rate)s%(how)s, less than "
                "the %(before)s%(how)s before it."
            ),
            _("Check whether a falling rate is meant."),
        ),
        "rebate.drops_at": Text(
            _(
                "On reaching %(lower)s%(unit)s the rebate drops by %(jump)s, from %(below)s to "
                "%(at)s."
            ),
            _("Whoever sells more gets less: check the rate of tier %(number)s."),
        ),
        "rebate.jumps_at": Text(
            _(
                "On reaching %(lower)s%(unit)s the rebate jumps by %(jump)s, from %(below)s to "
                "%(at)s."
            )
        ),
        "rebate.products_in_and_out": Text(
            _("Product %(product)s is both included and excluded."),
            _("Remove it from one of the two lists."),
        ),
        "rebate.territories_in_and_out": Text(
            _("Division %(division)s is both included and excluded."),
            _("Remove it from one of the two lists."),
        ),
        "rebate.bound_not_whole": Text(
            _("A tier begins at %(lower)s%(unit)s, which is no whole number."),
            _("Pieces and orders are counted in whole numbers."),
        ),
        "rebate.reward_elsewhere": Text(
            _("Tier %(number)s has a rate and an amount; this policy pays %(pays)s."),
            _("Leave the other one blank."),
        ),
        "rebate.amount_negative": Text(
            _("Tier %(number)s pays the negative amount %(amount)s."),
            _("Enter zero or a positive amount."),
        ),
        "rebate.amount_too_fine": Text(
            _("Tier %(number)s pays %(amount)s, with more than four decimals."),
            _("Give the amount with four decimals at most."),
        ),
        "rebate.pays_and_method": Text(
            _("«%(formula)s» cannot pay %(pays)s."),
            _(
                "Lump sums and multiples pay amounts; the other ways pay a share of the value "
                "or money per piece."
            ),
        ),
        "rebate.excess_of_nothing": Text(
            _("«On the excess» needs something to exceed: growth over a baseline or a target."),
            _("Compare the tiers with growth or with the target, or choose another way to pay."),
        ),
        "rebate.orders_pay_amounts": Text(
            _(
                "A count of orders cannot be paid «%(formula)s»: orders are no value to take a "
                "share of."
            ),
            _("Choose a lump sum or «per multiple»."),
        ),
        "rebate.quantity_with_vat": Text(
            _("Pieces have no VAT: this policy counts pieces and pays no share of their value."),
            _("Choose «without VAT»."),
        ),
        "rebate.share_of_pieces": Text(
            _("«%(formula)s» cuts the pieces; a share of a slice of pieces is no money."),
            _("Pay money per piece, or measure the value."),
        ),
        "rebate.pieces_of_value": Text(
            _("«%(formula)s» cuts the value; a slice of value has no pieces to be paid for."),
            _("Pay a share of the value, or measure the quantity."),
        ),
        "rebate.free_goods_value": Text(
            _("Free goods have no value: they cannot count towards a value."),
            _("Let them count only where pieces are measured."),
        ),
        "rebate.each_missing": Text(
            _("«Per multiple» needs the multiple: for each full what?"),
            _("Enter the multiple, e.g. 10000."),
        ),
        "rebate.each_not_positive": Text(
            _("The multiple %(each)s must be above zero."), _("Enter the multiple, e.g. 10000.")
        ),
        "rebate.each_elsewhere": Text(
            _("A multiple is given, but «%(formula)s» does not pay by multiples."),
            _("Leave the multiple blank or choose «per multiple»."),
        ),
        "rebate.catch_up_idle": Text(
            _(
                "«Only the sales of the period settled» changes nothing: nothing is added up "
                "over more than that period."
            ),
            _(
                "Choose a longer period over which sales are added up, or leave it at "
                "everything since then."
            ),
        ),
        "rebate.accumulate_shorter": Text(
            _(
                "Sales are added up over the %(accumulate)s, but the rebate is settled every "
                "%(settle)s."
            ),
            _("Add up over the period of settlement or a longer one."),
        ),
        "rebate.catch_up_needed": Text(
            _(
                "By segment every slice is paid once: without «everything since then» it could "
                "be read two ways."
            ),
            _("Choose «everything since then, less what was granted»."),
        ),
        "rebate.group_needs_catch_up": Text(
            _(
                "A reward that a group shares is worked out on everything since then; "
                "«%(formula)s» cannot be shared for one period alone."
            ),
            _("Choose «everything since then, less what was granted»."),
        ),
        "rebate.orders_by_product": Text(
            _("Orders are counted as a whole; the tiers are to be reached by %(scope)s."),
            _("Let each distributor be added up as a whole."),
        ),
        "rebate.bundle_by_product": Text(
            _("A bundle holds several products; the tiers are to be reached by %(scope)s."),
            _("Let each distributor be added up as a whole."),
        ),
        "rebate.bundle_one_part": Text(
            _("The bundle holds only %(product)s: one part is no bundle."),
            _("Add another product, or count the product alone."),
        ),
        "rebate.bundle_twice": Text(
            _("%(product)s stands in the bundle twice."), _("Keep one row with the whole quantity.")
        ),
        "rebate.bundle_quantity": Text(
            _("The bundle needs at least one piece of %(product)s."), _("Enter 1 or more.")
        ),
        "rebate.bundle_part_out": Text(
            _("%(product)s is part of the bundle, but does not count."),
            _("Let it count, or take it out of the bundle."),
        ),
        "rebate.grace_idle": Text(
            _("%(days)s days of grace change nothing: the base is not money paid in time."),
            _("Leave them blank, or count what is paid in time."),
        ),
        "rebate.qualify_idle": Text(
            _("The least order of %(qualify)s changes nothing: the tiers do not count orders."),
            _("Leave it blank, or compare the tiers with the number of orders."),
        ),
        "rebate.reference_idle": Text(
            _("The typed baseline changes nothing: the tiers are not compared with growth."),
            _("Leave it at last year, or compare the tiers with growth."),
        ),
        "rebate.discounts_idle": Text(
            _("Early-payment discounts change nothing: only pieces are counted and paid."),
            _("Leave them as they are."),
        ),
        "rebate.reduced_idle": Text(
            _("The rebates of %(policies)s are money; they cannot be taken off pieces."),
            _("Take them out, or pay a share of the value."),
        ),
        "rebate.guarantee_negative": Text(
            _("The guarantee %(guarantee)s is below zero."), _("Enter zero or a positive amount.")
        ),
        "rebate.guarantee_below_minimum": Text(
            _(
                "The guarantee %(guarantee)s is below the minimum payout %(minimum)s and would "
                "lapse."
            ),
            _("Raise the guarantee or lower the minimum payout."),
        ),
        "rebate.cap_below_guarantee": Text(
            _("The cap %(cap)s is below the guarantee %(guarantee)s."),
            _("Raise the cap or lower the guarantee."),
        ),
        "rebate.guarantee_without_sales": Text(
            _("The guarantee of %(guarantee)s is paid also to whoever sold nothing in the period.")
        ),
        "rebate.lump_without_sales": Text(
            _("%(amount)s is paid from the first sale on, however small.")
        ),
        "rebate.new_days_not_positive": Text(
            _("A product cannot count for %(days)s days from its launch."),
            _("Enter a number of days above zero, or leave it blank."),
        ),
        "rebate.grace_negative": Text(
            _("%(days)s days of grace are below zero."), _("Enter zero or more days.")
        ),
        "rebate.expires_not_positive": Text(
            _("A rebate cannot expire after %(months)s months."),
            _("Enter a number of months above zero, or leave it blank."),
        ),
        "rebate.qualify_negative": Text(
            _("The least order %(qualify)s is below zero."), _("Enter zero or a positive amount.")
        ),
        "rebate.reward_drops": Text(
            _(
                "On reaching %(lower)s%(unit)s tier %(number)s pays %(rate)s%(how)s on "
                "everything, less than the %(before)s%(how)s before it."
            ),
            _("Whoever sells more gets less: check the rate of tier %(number)s."),
        ),
        "rebate.reward_jumps": Text(
            _(
                "On reaching %(lower)s%(unit)s everything is paid at %(rate)s%(how)s and no "
                "longer at %(before)s%(how)s."
            )
        ),
        "rebate.tier_below_reference": Text(
            _(
                "Tier %(number)s from %(lower)s%(unit)s can never pay: up to the next tier "
                "there is no excess yet."
            ),
            _("Remove the tier."),
        ),
        "rebate.condition_twice": Text(
            _("The condition «%(condition)s» stands there twice."),
            _("Keep one of them with all its steps."),
        ),
        "rebate.condition_no_steps": Text(
            _("The condition «%(condition)s» has no steps."),
            _("Write its steps as «from value: percent», e.g. 0: 100; 16: 80; 31: 0."),
        ),
        "rebate.condition_not_ascending": Text(
            _("The steps of «%(condition)s» do not ascend."),
            _("Write them from the lowest value up, each value once."),
        ),
        "rebate.condition_negative": Text(
            _("The condition «%(condition)s» leaves %(factor)s, below zero."),
            _("Give a share of 0 %% or more."),
        ),
        "rebate.condition_never_pays": Text(
            _(
                "The condition «%(condition)s» leaves nothing, whatever is found: the policy "
                "could never pay."
            ),
            _("Give at least one step that can be reached a share above 0 %%."),
        ),
        "rebate.condition_best_lost": Text(
            _(
                "With «%(condition)s» below %(lower)s%(case_unit)s, the best there is, nothing "
                "is left."
            ),
            _("Begin the steps at 0."),
        ),
        "rebate.condition_idle": Text(
            _("The condition «%(condition)s» leaves 100 %% in every case and changes nothing."),
            _("Change a step, or take the condition out."),
        ),
        "rebate.condition_step_idle": Text(
            _(
                "The step from %(lower)s%(case_unit)s of «%(condition)s» leaves the same as "
                "the one before."
            ),
            _("Change its share or remove it."),
        ),
        "rebate.condition_rewards_worse": Text(
            _(
                "From %(lower)s%(case_unit)s on, «%(condition)s» goes from %(before)s to "
                "%(factor)s: the worse result is paid better, or the better one worse."
            ),
            _("Check whether that is meant."),
        ),
        "rebate.condition_over_hundred": Text(
            _("The condition «%(condition)s» pays up to %(factor)s of what the tiers give."),
            _("Check whether more than the whole is meant."),
        ),
        "rebate.unknown_division": Text(
            _("No division is known as %(divisions)s."),
            _("Look the code up under Territories and write it with six digits."),
        ),
        "rebate.target_of_pieces": Text(
            _("Targets are agreed in money: for a policy that counts pieces there is none."),
            _("Measure the value, or compare the pieces themselves with the tiers."),
        ),
        "rebate.baseline_of_parts": Text(
            _("A baseline is agreed for all goods together, and none for %(scope)s."),
            _("Let each distributor be added up as a whole, or take the year before."),
        ),
        "rebate.target_of_parts": Text(
            _("Targets are agreed for all goods or for groups, and none for %(scope)s."),
            _("Let each distributor or each product group be added up."),
        ),
        "rebate.names_itself": Text(
            _("The policy names itself among those that reduce it or exclude it."),
            _("Take it out of the list."),
        ),
        "rebate.unknown_policy": Text(
            _("There is no approved policy %(policies)s."),
            _("Take it out of the list, or let it be approved first."),
        ),
        "rebate.reduced_and_excluded": Text(
            _("Lines under %(policies)s do not count here, and its rebates are taken off as well."),
            _("Choose one of the two."),
        ),
        "rebate.other_period": Text(
            _(
                "%(policy)s is settled every %(theirs)s, this policy every %(settle)s: only "
                "rebates of the same period are taken off."
            ),
            _("Settle both in the same period, or take it out of the list."),
        ),
        "rebate.pays_same_lines": Text(
            _(
                "The same lines are paid under %(policies)s as well, and neither policy says "
                "how they stand to each other."
            ),
            _(
                "Name the policies under «other policies», or leave it so if both are meant to "
                "be paid."
            ),
        ),
        "rebate.reduced_in_circle": Text(
            _(
                "The policies %(policies)s reduce one another in a circle; none could be "
                "computed first."
            ),
            _("Take one of them out of what reduces the other."),
        ),
        "rebate.target_missing": Text(
            _("Policy %(policy)s asks for a target, and the agreement names none."),
            _("Agree on a target, or leave the policy out: without one it pays nothing."),
        ),
        "rebate.mix_missing": Text(
            _("Policy %(policy)s asks for a product mix, and the agreement names none."),
            _("Agree on a mix, or leave the policy out: without one it pays nothing."),
        ),
        "rebate.growth_below_all": Text(
            _("A tier begins at a growth of %(lower)s, less than losing all sales."),
            _("Begin the tier at −100 %% or above."),
        ),
    }
)
