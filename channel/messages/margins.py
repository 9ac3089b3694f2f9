"""Sentences, acts and words about suggested prices, margins and resale prices."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from channel.messages.acts import register_acts, register_fields
from channel.messages.states import register_states
from channel.messages.texts import Text, register

register_states(
    {
        "below_floor": (_l("below the floor"), "red"),
        "with_rebate": (_l("with rebate only"), "orange"),
        "passes": (_l("reaches the floor"), "green"),
        "no_ladder": (_l("no suggested prices"), "secondary"),
    }
)

register_acts(
    {
        "suggested:propose": _l("proposed suggested prices"),
        "suggested:withdraw": _l("withdrew proposed suggested prices"),
        "suggested:approve": _l("approved suggested prices"),
    }
)

register_fields(
    {
        "wholesale_fen": _l("suggested wholesale price"),
        "retail_fen": _l("suggested retail price"),
        "band_floor_fen": _l("band of resale prices, from"),
        "ceiling_fen": _l("band of resale prices, to"),
        "floor_margin_bp": _l("floor of the dealer margin"),
        "ladder_rebate_bp": _l("rebate of the margin ladder"),
        "growth_bound_bp": _l("growth of a target beyond its peers"),
    }
)

register(
    {
        "margin.below_floor": Text(
            _l("%(product)s: without rebate the dealer keeps %(margin)s of %(wholesale)s, "
               "below the floor of %(floor)s."),
            _l("Leave room in the wholesale price, or let a rebate make it up."),
        ),
        "margin.below_with_rebate": Text(
            _l("%(product)s: even with %(rebate)s rebate the dealer keeps %(margin)s of "
               "%(wholesale)s, below the floor of %(floor)s."),
            _l("Suggest a higher wholesale price, or propose a lower dealer price."),
        ),
        "suggested.retail_low": Text(
            _l("The retail price %(retail)s lies below the wholesale price %(wholesale)s."),
            _l("Type the price of one unit at each step."),
        ),
        "suggested.band_crossed": Text(
            _l("The band begins at %(floor)s and ends at %(ceiling)s."),
            _l("Give a lower bound that is not above the upper one."),
        ),
        "suggested.backdated": Text(
            _l("%(product)s has suggested prices on that day; they change in advance only."),
            _l("Choose a date from %(today)s on."),
        ),
        "resale.below_floor": Text(
            _l("below floor: %(product)s was seen at %(price)s, the band begins at %(floor)s."),
            _l("Send a notice to the distributor and ask for the reason."),
        ),
        "resale.above_ceiling": Text(
            _l("above ceiling: %(product)s was seen at %(price)s, the band ends at %(ceiling)s."),
            _l("Send a notice to the distributor and ask for the reason."),
        ),
    }
)  # fmt: skip
