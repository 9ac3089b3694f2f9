"""What is said of safety stock, its methods and their figures, and of what lies and ages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from channel.messages.acts import register_acts, register_fields, register_values
from channel.messages.texts import Text, register

register(
    {
        "stock.choice_none": Text(_("Nothing was sold in any period.")),
        "stock.choice_few": Text(
            _("Chosen because there are %(have)s usable periods; other methods need %(needed)s.")
        ),
        "stock.choice_smooth": Text(
            _("Chosen because demand is smooth: sold in most periods, in much the same sizes.")
        ),
        "stock.choice_erratic": Text(
            _(
                "Chosen because demand is erratic: sold in most periods, in very different "
                "sizes, so the size of a shortage matters more than how often one happens."
            )
        ),
        "stock.choice_intermittent": Text(
            _("Chosen because demand comes now and then, in much the same sizes.")
        ),
        "stock.choice_lumpy": Text(
            _("Chosen because demand comes now and then, in very different sizes.")
        ),
        "stock.choice_silent": Text(
            _(
                "Chosen because nothing was sold in the last %(silent)s periods, more than twice "
                "the usual pause: the need may be dying out."
            )
        ),
        "stock.choice_unseen": Text(_("Chosen because goods sold only when stock ran out.")),
        "stock.no_movement": Text(
            _("No movement: nothing was sold, so no safety stock is needed.")
        ),
        "stock.no_movement_in_stock": Text(
            _("No movement in the periods that ended with stock, so no safety stock is found.")
        ),
        "stock.few_periods": Text(
            _("Refused: %(have)s usable periods, at least %(needed)s are needed for this method."),
            _("Days of cover holds until then; periods that ended without stock do not count."),
        ),
        "stock.no_deviation": Text(
            _("Every period sold the same, so the deviation and with it the safety stock is 0.")
        ),
        "stock.service_half": Text(
            _("A service level of 50 % means no safety stock at all."),
            _("Ask for more, usually 90 to 98 %."),
        ),
        "stock.fill_clamped": Text(
            _(
                "An order is so large against the deviation that no safety stock is needed: G(k) "
                "would have to pass %(most)s, so k is held at 0."
            )
        ),
        "stock.lead_not_counted": Text(
            _("This method counts with the mean lead time; its deviation is not used.")
        ),
        "stock.quarantined": Text(
            _(
                "%(product)s: the report shows %(quantity)s in stock, below zero. It is set apart "
                "and makes no layer."
            ),
            _("Correct the report; no advice can stand on it."),
        ),
        "stock.policy_reason": Text(
            _("No reason is given for the choice."), _("Say in a few words why.")
        ),
        "stock.policy_past": Text(
            _("The choice cannot hold from %(day)s, a day that is over."),
            _("Choose today or a later day."),
        ),
        "stock.policy_not_held": Text(
            _("The distributor's reports do not name this product."),
            _("Choose a product of the last report."),
        ),
    }
)

#: Method → its name.
METHOD_WORDS: dict[str, Any] = {
    "": _("by the rule"),
    "days_of_cover": _("days of cover"),
    "cycle_service": _("cycle service"),
    "fill_rate": _("fill rate"),
    "poisson": _("Poisson"),
    "croston": _("Croston"),
    "sba": _("Croston, corrected (SBA)"),
    "tsb": _("chance and size (TSB)"),
}
KIND_WORDS: dict[str, Any] = {
    "none": _("no movement"),
    "smooth": _("smooth"),
    "intermittent": _("intermittent"),
    "erratic": _("erratic"),
    "lumpy": _("lumpy"),
}
#: What a figure of a level is; the order of the figures is that of the computation.
FIGURE_WORDS: dict[str, Any] = {
    "sold": _("sold in those days"),
    "days": _("days counted"),
    "daily": _("sold a day"),
    "mean": _("mean demand of a period (d)"),
    "deviation": _("sample deviation of a period (sd)"),
    "interval": _("lead time + review period, in periods (L + R)"),
    "late": _("deviation of the lead time, in periods (sdL)"),
    "expected": _("expected demand over L + R"),
    "sigma": _("sigma = √((L + R) × sd² + d² × sdL²)"),
    "z": _("z of the service level"),
    "quantity": _("order quantity Q: demand of a review period"),
    "missing": _("G(k) = Q ÷ sigma × (1 − fill rate)"),
    "k": _("k"),
    "alpha": _("smoothing constant α"),
    "size": _("smoothed size of a sale"),
    "per_period": _("smoothed sales a period"),
    "forecast": _("forecast of a period"),
    "count": _("expected count over L + R"),
    "most": _("count that is not passed at the service level"),
    "safety": _("safety stock, exact"),
}
WINDOW_WORDS: dict[str, Any] = {
    "last_week": _("closes within a week"),
    "open": _("window open"),
    "over": _("window closed"),
    "none": _("no exchange agreed"),
    "no_agreement": _("no agreement on that day"),
}
#: Key of a bucket of ages → its words; the figures need no translation.
AGE_WORDS: dict[str, Any] = {
    "a": "0–30",
    "b": "31–60",
    "c": "61–90",
    "d": "91–180",
    "e": "> 180",
    "x": _("not explained by our deliveries"),
}
LIFE_WORDS: dict[str, Any] = {
    "expired": _("past the expiry date"),
    "third": _("< 1/3 of life left"),
    "two_thirds": _("1/3 to 2/3 of life left"),
    "fresh": _("≥ 2/3 of life left"),
    "unknown": _("life unknown"),
}

register_acts({"stock_policy:set": _("chose how the safety stock is found")})
register_fields(
    {
        "stock_method": _("method"),
        "service_bp": _("service level"),
        "review_days": _("review period in days"),
        "lead_days": _("lead time in days"),
        "safety_days": _("safety days"),
        "cover_days": _("days an order covers"),
    }
)
register_values({"stock_method": METHOD_WORDS})
