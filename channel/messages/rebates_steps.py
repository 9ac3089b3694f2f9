"""The derivation of a rebate statement in sentences, one for every kind of step."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from channel.messages import rebates_words  # noqa: F401  # the words inside the sentences
from channel.messages.texts import Text, register

#: What proves or breaks a condition, printed behind it: case numbers, dates of late reports.
REFS = _(" (%(refs)s)")

register(
    {
        "rebate.step.base_rounding": Text(_("Base %(exact)s, rounded half-up to %(base)s")),
        "rebate.step.part": Text(_("%(part)s: base %(base)s")),
        "rebate.step.reduced": Text(
            _("Rebates of other policies come off first: %(before)s less %(by)s leaves %(base)s")
        ),
        "rebate.step.units": Text(_("%(units)s pieces count")),
        "rebate.step.group_total": Text(_("The group together: %(total)s"), pieces=("total",)),
        "rebate.step.accumulated": Text(
            _("Added up since the start of the longer period: %(total)s"), pieces=("total",)
        ),
        "rebate.step.growth": Text(
            _("Growth: %(actual)s against a baseline of %(reference)s is %(percent)s %%"),
            pieces=(
                "actual",
                "reference",
            ),
        ),
        "rebate.step.attainment": Text(
            _("Target: %(actual)s of %(target)s is %(percent)s %%"),
            pieces=(
                "actual",
                "target",
            ),
        ),
        "rebate.step.orders": Text(_("%(orders)s orders of %(qualify)s or more count")),
        "rebate.step.no_baseline": Text(
            _("%(actual)s sold, but there is no baseline to grow from: no rebate"),
            pieces=("actual",),
        ),
        "rebate.step.no_target": Text(
            _("%(actual)s sold, but there is no target to reach: no rebate"), pieces=("actual",)
        ),
        "rebate.step.negative_base": Text(_("The base %(base)s is below zero: no rebate")),
        "rebate.step.negative_units": Text(_("%(units)s pieces are below zero: no rebate")),
        "rebate.step.below_first_tier": Text(
            _("The base %(base)s is %(short)s short of the first tier from %(lower)s: no rebate")
        ),
        "rebate.step.below_first_units": Text(
            _("%(units)s pieces are %(short)s short of the first tier from %(lower)s: no rebate"),
            pieces=(
                "lower",
                "short",
            ),
        ),
        "rebate.step.below_first_growth": Text(
            _(
                "A growth of %(percent)s %% is below the first tier from %(lower)s %%, by "
                "%(short)s: no rebate"
            ),
            pieces=("short",),
        ),
        "rebate.step.below_first_attainment": Text(
            _(
                "%(percent)s %% of the target is below the first tier from %(lower)s %%, by "
                "%(short)s: no rebate"
            ),
            pieces=("short",),
        ),
        "rebate.step.below_first_orders": Text(
            _(
                "%(orders)s orders are %(short)s short of the first tier from %(lower)s "
                "orders: no rebate"
            )
        ),
        "rebate.step.reached_value": Text(
            _("Tier %(number)s from %(lower)s is reached with %(base)s")
        ),
        "rebate.step.reached_units": Text(
            _("Tier %(number)s from %(lower)s is reached with %(units)s"),
            pieces=(
                "lower",
                "units",
            ),
        ),
        "rebate.step.reached_growth": Text(
            _("Tier %(number)s from %(lower)s %% growth is reached with %(percent)s %%")
        ),
        "rebate.step.reached_attainment": Text(
            _("Tier %(number)s from %(lower)s %% of the target is reached with %(percent)s %%")
        ),
        "rebate.step.reached_orders": Text(
            _("Tier %(number)s from %(lower)s orders is reached with %(orders)s")
        ),
        "rebate.step.tier": Text(
            _("Tier %(number)s from %(lower)s is reached: %(base)s × %(rate)s")
        ),
        "rebate.step.segment": Text(
            _("Slice in tier %(number)s from %(lower)s: %(slice)s × %(rate)s")
        ),
        "rebate.step.segment_units": Text(
            _("Slice in tier %(number)s from %(lower)s: %(slice)s × %(each)s"),
            pieces=(
                "lower",
                "slice",
            ),
        ),
        "rebate.step.segment_growth": Text(
            _("Slice in tier %(number)s from %(lower)s %% growth: %(slice)s × %(reward)s"),
            pieces=("slice",),
        ),
        "rebate.step.segment_attainment": Text(
            _("Slice in tier %(number)s from %(lower)s %% of the target: %(slice)s × %(reward)s"),
            pieces=("slice",),
        ),
        "rebate.step.segment_lump": Text(
            _("Tier %(number)s is reached and pays its sum of %(sum)s")
        ),
        "rebate.step.pays_percent": Text(_("On all of it: %(base)s × %(rate)s")),
        "rebate.step.pays_units": Text(_("%(units)s pieces × %(each)s")),
        "rebate.step.pays_excess": Text(_("What is above %(reference)s: %(excess)s × %(rate)s")),
        "rebate.step.pays_excess_units": Text(
            _("What is above %(reference)s: %(excess)s × %(each)s"),
            pieces=(
                "reference",
                "excess",
            ),
        ),
        "rebate.step.lump": Text(_("The tier pays %(sum)s once")),
        "rebate.step.lump_before": Text(
            _("It was reached before this period; %(sum)s was earned then")
        ),
        "rebate.step.multiple": Text(
            _("%(times)s times a full %(each)s%(each_unit)s: %(times)s × %(sum)s")
        ),
        "rebate.step.group_share": Text(
            _("Of the group's %(before)s by own sales, %(own)s of %(group)s: %(share)s"),
            pieces=(
                "own",
                "group",
            ),
        ),
        "rebate.step.condition_attainment": Text(
            _("%(value)s %% of the target reached: %(factor)s is left"), also={"refs": REFS}
        ),
        "rebate.step.condition_mix": Text(
            _("%(value)s %% of the agreed mix reached: %(factor)s is left"), also={"refs": REFS}
        ),
        "rebate.step.condition_diversion": Text(
            _("Upheld cases of cross-territory selling, %(value)s: %(factor)s is left"),
            also={"refs": REFS},
        ),
        "rebate.step.condition_price_order": Text(
            _("Upheld breaches of price order, %(value)s: %(factor)s is left"), also={"refs": REFS}
        ),
        "rebate.step.condition_report": Text(
            _("Inventory reports not filed in time, %(value)s: %(factor)s is left"),
            also={"refs": REFS},
        ),
        "rebate.step.condition_display": Text(
            _("Display checks failed, %(value)s: %(factor)s is left"), also={"refs": REFS}
        ),
        "rebate.step.condition_training": Text(
            _("Trainings not done in time, %(value)s: %(factor)s is left"), also={"refs": REFS}
        ),
        "rebate.step.condition_fifo": Text(
            _("Certain first-in-first-out breaches, %(value)s: %(factor)s is left"),
            also={"refs": REFS},
        ),
        "rebate.step.condition_collection": Text(
            _("%(value)s days from invoice to money on average: %(factor)s is left"),
            also={"refs": REFS},
        ),
        "rebate.step.condition_overdue": Text(
            _("The oldest open item is %(value)s days late: %(factor)s is left"),
            also={"refs": REFS},
        ),
        "rebate.step.condition_exclusivity": Text(
            _("Exclusivity, 1 for kept and 0 for broken, %(value)s: %(factor)s is left"),
            also={"refs": REFS},
        ),
        "rebate.step.condition_unproven": Text(
            _("Proof is owed for «%(condition)s» and was not brought: nothing is left"),
            also={"refs": REFS},
        ),
        "rebate.step.guarantee": Text(_("%(before)s is raised to the guarantee of %(guarantee)s")),
        "rebate.step.rounding": Text(_("Rounded half-up from %(exact)s to %(rounded)s")),
        "rebate.step.cap": Text(_("%(before)s is over the cap of %(cap)s")),
        "rebate.step.minimum_payout": Text(
            _("%(before)s is below the minimum payout of %(minimum)s and lapses")
        ),
    }
)
