"""A rebate policy read aloud: one sentence for every term, in the order of signing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from channel.messages import rebates_words  # noqa: F401  # the words inside the sentences
from channel.messages.texts import Text, register

register(
    {
        "rebate.reads.period_month": Text(_("The rebate is settled every month.")),
        "rebate.reads.period_quarter": Text(_("The rebate is settled every quarter.")),
        "rebate.reads.period_half": Text(_("The rebate is settled every half-year.")),
        "rebate.reads.period_year": Text(_("The rebate is settled every year.")),
        "rebate.reads.within_month": Text(_("Sales are added up within each month.")),
        "rebate.reads.within_quarter": Text(_("Sales are added up within each quarter.")),
        "rebate.reads.within_half": Text(_("Sales are added up within each half-year.")),
        "rebate.reads.within_year": Text(_("Sales are added up within each year.")),
        "rebate.reads.accumulate_quarter": Text(
            _("Sales are added up from the start of the quarter.")
        ),
        "rebate.reads.accumulate_half": Text(
            _("Sales are added up from the start of the half-year.")
        ),
        "rebate.reads.accumulate_year": Text(_("Sales are added up from the start of the year.")),
        "rebate.reads.catch_up": Text(
            _("The tier reached pays on everything since then, less what was granted before.")
        ),
        "rebate.reads.no_catch_up": Text(
            _("The tier reached pays only on the sales of the period settled.")
        ),
        "rebate.reads.base_shipped_net": Text(
            _("The base is the value shipped in the period, without VAT.")
        ),
        "rebate.reads.base_shipped_gross": Text(
            _("The base is the value shipped in the period, VAT included.")
        ),
        "rebate.reads.base_shipped_quantity": Text(
            _("The base is the number of pieces shipped in the period.")
        ),
        "rebate.reads.base_invoiced_net": Text(
            _("The base is the value invoiced in the period, without VAT.")
        ),
        "rebate.reads.base_invoiced_gross": Text(
            _("The base is the value invoiced in the period, VAT included.")
        ),
        "rebate.reads.base_invoiced_quantity": Text(
            _("The base is the number of pieces invoiced in the period.")
        ),
        "rebate.reads.base_paid_net": Text(
            _("The base is the invoiced value that was paid in the period, without VAT.")
        ),
        "rebate.reads.base_paid_gross": Text(
            _("The base is the invoiced value that was paid in the period, VAT included.")
        ),
        "rebate.reads.base_paid_quantity": Text(
            _("The base is the number of invoiced pieces that were paid in the period.")
        ),
        "rebate.reads.base_paid_on_time_net": Text(
            _(
                "The base is the invoiced value that was paid in the period and in time, "
                "without VAT."
            )
        ),
        "rebate.reads.base_paid_on_time_gross": Text(
            _(
                "The base is the invoiced value that was paid in the period and in time, VAT "
                "included."
            )
        ),
        "rebate.reads.base_paid_on_time_quantity": Text(
            _("The base is the number of invoiced pieces that were paid in the period and in time.")
        ),
        "rebate.reads.paid_on_net": Text(
            _("The share is paid on the value of these pieces, without VAT.")
        ),
        "rebate.reads.paid_on_gross": Text(
            _("The share is paid on the value of these pieces, VAT included.")
        ),
        "rebate.reads.paid_on_pieces": Text(_("The reward is paid for each piece of what counts.")),
        "rebate.reads.grace_days": Text(
            _("Money counts as in time up to %(days)s days after its due date.")
        ),
        "rebate.reads.grace_none": Text(_("Money counts as in time up to and on its due date.")),
        "rebate.reads.returns_off": Text(
            _("Goods returned are taken off the period of the sale that they undo.")
        ),
        "rebate.reads.returns_stay": Text(_("Goods returned are not taken off.")),
        "rebate.reads.free_goods_count": Text(_("Free goods count as pieces.")),
        "rebate.reads.free_goods_not": Text(_("Free goods do not count.")),
        "rebate.reads.exchanges_count": Text(
            _("Goods exchanged count, those that come back as well as those that go out.")
        ),
        "rebate.reads.exchanges_not": Text(_("Goods exchanged count on neither side.")),
        "rebate.reads.discounts_off": Text(_("Early-payment discounts are taken off the base.")),
        "rebate.reads.discounts_stay": Text(
            _("Early-payment discounts are not taken off the base.")
        ),
        "rebate.reads.goods_all": Text(_("All goods count.")),
        "rebate.reads.goods_in": Text(_("Only these groups of goods count: %(groups)s.")),
        "rebate.reads.goods_out": Text(_("These groups of goods never count: %(groups)s.")),
        "rebate.reads.products_in": Text(_("Only these products count: %(products)s.")),
        "rebate.reads.products_out": Text(_("These products never count: %(products)s.")),
        "rebate.reads.new_days": Text(
            _("A product counts only within %(days)s days from its launch.")
        ),
        "rebate.reads.bundle_alone": Text(
            _("What a whole bundle counts does not count under other policies.")
        ),
        "rebate.reads.bundle_stacks": Text(
            _(
                "What a whole bundle counts does not count under other policies, but for: "
                "%(policies)s."
            )
        ),
        "rebate.reads.bundle": Text(_("Only whole bundles count, bought in one order: %(parts)s.")),
        "rebate.reads.territories_in": Text(
            _("Only deliveries to these divisions count, with all below them: %(divisions)s.")
        ),
        "rebate.reads.territories_out": Text(
            _("Deliveries to these divisions never count: %(divisions)s.")
        ),
        "rebate.reads.scope_distributor": Text(_("Each distributor is added up by itself.")),
        "rebate.reads.scope_group": Text(
            _(
                "All members of a group of distributors are added up together; the reward "
                "follows each member's own sales."
            )
        ),
        "rebate.reads.scope_product_group": Text(
            _("Each product group is added up by itself and reaches its own tier.")
        ),
        "rebate.reads.scope_product": Text(
            _("Each product is added up by itself and reaches its own tier.")
        ),
        "rebate.reads.growth_last_year": Text(
            _(
                "The tiers are compared with the growth over the same period of the year "
                "before; without sales then, nothing is paid."
            )
        ),
        "rebate.reads.growth_typed": Text(
            _(
                "The tiers are compared with the growth over the baseline agreed with the "
                "distributor; without a baseline, nothing is paid."
            )
        ),
        "rebate.reads.attainment": Text(
            _(
                "The tiers are compared with the share of the agreed target that was reached; "
                "without a target, nothing is paid."
            )
        ),
        "rebate.reads.attainment_gross": Text(
            _("Targets include VAT, so the sales are compared with them VAT included.")
        ),
        "rebate.reads.orders_from": Text(
            _(
                "The tiers are compared with the number of orders of %(qualify)s or more; "
                "cancelled orders do not count."
            )
        ),
        "rebate.reads.orders_all": Text(
            _(
                "The tiers are compared with the number of orders, of any size; cancelled "
                "orders do not count."
            )
        ),
        "rebate.reads.method_whole": Text(
            _("Whole amount: the rate of the tier reached is paid on the whole base.")
        ),
        "rebate.reads.method_whole_pieces": Text(
            _("Whole amount: what the tier reached gives for a piece is paid for every piece.")
        ),
        "rebate.reads.method_segment": Text(
            _("By segment: each slice of the base is paid at the rate of its own tier.")
        ),
        "rebate.reads.method_segment_pieces": Text(
            _("By segment: each slice of the pieces is paid as its own tier says.")
        ),
        "rebate.reads.method_bands": Text(
            _(
                "By segment: the sales are cut at the percentages of the tiers, and each slice "
                "is paid as its own tier says."
            )
        ),
        "rebate.reads.method_milestones": Text(
            _("By steps: every tier that is reached pays its own sum, once.")
        ),
        "rebate.reads.method_excess": Text(
            _("On the excess: only what is above the baseline is paid, as the tier reached says.")
        ),
        "rebate.reads.method_excess_target": Text(
            _("On the excess: only what is above the target is paid, as the tier reached says.")
        ),
        "rebate.reads.method_lump": Text(
            _("Lump sum: the amount of the tier reached is paid once.")
        ),
        "rebate.reads.method_multiple": Text(
            _(
                "Per multiple: the amount of the tier reached is paid for each full "
                "%(each)s%(each_unit)s."
            )
        ),
        "rebate.reads.nothing_below": Text(_("Below %(lower)s%(unit)s nothing is paid.")),
        "rebate.reads.tier_between": Text(
            _("From %(lower)s%(unit)s, and below %(upper)s%(unit)s: %(rate)s%(how)s.")
        ),
        "rebate.reads.tier_top": Text(_("From %(lower)s%(unit)s: %(rate)s%(how)s.")),
        "rebate.reads.example": Text(_("Example: a base of %(base)s earns %(rebate)s.")),
        "rebate.reads.example_units": Text(_("Example: %(units)s pieces earn %(rebate)s.")),
        "rebate.reads.example_both": Text(
            _("Example: %(units)s pieces worth %(base)s earn %(rebate)s.")
        ),
        "rebate.reads.example_orders": Text(
            _("Example: %(orders)s orders that count earn %(rebate)s.")
        ),
        "rebate.reads.example_growth": Text(
            _(
                "Example: %(reference)s before and %(actual)s now is a growth of %(percent)s "
                "and earns %(rebate)s."
            ),
            pieces=("reference", "actual"),
        ),
        "rebate.reads.example_growth_worth": Text(
            _(
                "Example: %(reference)s before and %(actual)s worth %(base)s now is a growth "
                "of %(percent)s and earns %(rebate)s."
            ),
            pieces=("reference", "actual"),
        ),
        "rebate.reads.example_growth_units": Text(
            _(
                "Example: %(reference)s before and %(actual)s in %(units)s pieces now is a "
                "growth of %(percent)s and earns %(rebate)s."
            ),
            pieces=("reference", "actual"),
        ),
        "rebate.reads.example_target": Text(
            _(
                "Example: %(actual)s of a target of %(reference)s is %(percent)s and earns "
                "%(rebate)s."
            ),
            pieces=("reference", "actual"),
        ),
        "rebate.reads.example_target_worth": Text(
            _(
                "Example: %(actual)s worth %(base)s, of a target of %(reference)s, is "
                "%(percent)s and earns %(rebate)s."
            ),
            pieces=("reference", "actual"),
        ),
        "rebate.reads.example_target_units": Text(
            _(
                "Example: %(actual)s in %(units)s pieces, of a target of %(reference)s, is "
                "%(percent)s and earns %(rebate)s."
            ),
            pieces=("reference", "actual"),
        ),
        "rebate.reads.example_condition": Text(
            _(
                "Where the %(condition)s come to %(value)s%(case_unit)s, %(factor)s of "
                "%(before)s is left: %(rebate)s."
            )
        ),
        "rebate.reads.reduced_by": Text(
            _(
                "The rebates of the same period under these policies are taken off the base "
                "first: %(policies)s."
            )
        ),
        "rebate.reads.not_with": Text(
            _("What counts under these policies does not count here again: %(policies)s.")
        ),
        "rebate.reads.beside_others": Text(
            _("The policy stands beside all others; none reduces its base.")
        ),
        "rebate.reads.unconditional": Text(_("The rebate hangs on no further condition.")),
        "rebate.reads.condition": Text(_("Condition: %(condition)s.")),
        "rebate.reads.condition_below": Text(
            _("Below %(lower)s%(case_unit)s: nothing of the rebate.")
        ),
        "rebate.reads.condition_between": Text(
            _(
                "From %(lower)s%(case_unit)s, and below %(upper)s%(case_unit)s: %(factor)s of "
                "the rebate."
            )
        ),
        "rebate.reads.condition_top": Text(
            _("From %(lower)s%(case_unit)s: %(factor)s of the rebate.")
        ),
        "rebate.reads.declared": Text(
            _("Declared, and no rival sighting confirmed: %(factor)s of the rebate.")
        ),
        "rebate.reads.rival_sighted": Text(
            _("With a rival sighting confirmed: %(factor)s of the rebate.")
        ),
        "rebate.reads.undeclared": Text(
            _("Without a declaration, or with a rival sighting confirmed: nothing of the rebate.")
        ),
        "rebate.reads.conditions_proof": Text(
            _("Where proof is owed and not brought, nothing is left.")
        ),
        "rebate.reads.conditions_multiply": Text(
            _("Each condition takes its share of what the ones before left.")
        ),
        "rebate.reads.guarantee": Text(_("At least %(guarantee)s is paid.")),
        "rebate.reads.guarantee_unless": Text(
            _("At least %(guarantee)s is paid, unless a condition leaves nothing.")
        ),
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
        "rebate.reads.rounding_parts": Text(
            _(
                "Each part is added up exactly; the rebate is rounded to fen half-up once per "
                "statement, and nothing else is."
            )
        ),
        "rebate.reads.expires": Text(
            _("What was earned expires %(months)s months after posting, as far as it was not used.")
        ),
        "rebate.reads.expires_never": Text(_("What was earned does not expire.")),
        "rebate.reads.since": Text(_("It counts for periods that begin on %(first)s or later.")),
        "rebate.reads.enrols_all": Text(_("Every distributor earns it.")),
        "rebate.reads.enrols_agreement": Text(
            _("Those distributors earn it whose agreement names it.")
        ),
    }
)
