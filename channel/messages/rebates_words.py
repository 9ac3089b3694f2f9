"""The words of rebate terms: kinds of base, formulas, rewards, scopes, conditions and units."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from channel.messages.texts import WORDS
from channel.messages.values import MINUS, format_number
from contracts.rebates.compute import Rung
from contracts.rebates.model import Base, Method, RebateTerms
from contracts.rebates.units import Unit, plain_number, unit_of
from contracts.values.rates import Rate

PERIOD_WORDS: dict[str, Any] = {
    "month": _l("month"),
    "quarter": _l("quarter"),
    "half": _l("half-year"),
    "year": _l("year"),
}
METHOD_WORDS: dict[str, Any] = {
    "whole amount": _l("whole amount"),
    "by segment": _l("by segment"),
    "on the excess": _l("on the excess"),
    "lump sum": _l("lump sum"),
    "per multiple": _l("per multiple"),
}
GAUGE_WORDS: dict[str, Any] = {
    "base": _l("the base itself"),
    "growth": _l("growth over a baseline (percent)"),
    "attainment": _l("target reached (percent)"),
    "orders": _l("number of orders"),
}
PAYS_WORDS: dict[str, Any] = {
    "percent": _l("a share of the value"),
    "per_unit": _l("money per piece"),
    "amount": _l("an amount of money"),
}
SCOPE_WORDS: dict[str, Any] = {
    "distributor": _l("each distributor"),
    "group": _l("group of distributors together"),
    "product_group": _l("each product group"),
    "product": _l("each product"),
}
BASE_KIND_WORDS: dict[str, Any] = {
    "shipped": _l("goods shipped"),
    "invoiced": _l("goods invoiced"),
    "paid": _l("invoices paid"),
    "paid_on_time": _l("invoices paid in time"),
}
VAT_WORDS: dict[str, Any] = {"net": _l("without VAT"), "gross": _l("VAT included")}
MEASURE_WORDS: dict[str, Any] = {"value": _l("value"), "quantity": _l("quantity in pieces")}
REFERENCE_WORDS: dict[str, Any] = {
    "last_year": _l("same period of the year before"),
    "typed": _l("baseline agreed with the distributor"),
}
ENROL_WORDS: dict[str, Any] = {"all": _l("all distributors"), "agreement": _l("by agreement")}
CONDITION_WORDS: dict[str, Any] = {
    "attainment": _l("target reached (percent)"),
    "mix": _l("agreed product mix reached (percent)"),
    "diversion": _l("upheld cases of cross-territory selling"),
    "price_order": _l("upheld breaches of price order"),
    "report": _l("inventory reports not filed in time"),
    "display": _l("display checks that failed"),
    "training": _l("trainings not done in time"),
    "fifo": _l("certain first-in-first-out breaches"),
    "collection": _l("average days from invoice to money"),
    "overdue": _l("days by which the oldest open item is late"),
    "exclusivity": _l("exclusivity declared and kept"),
}

WORDS["formula"] = METHOD_WORDS
WORDS["gauge"] = GAUGE_WORDS
WORDS["pays"] = PAYS_WORDS
WORDS["scope"] = SCOPE_WORDS
WORDS["condition"] = CONDITION_WORDS
for _name in ("accumulate", "settle", "theirs"):
    WORDS[_name] = PERIOD_WORDS

#: What stands behind a bound; a share and money say themselves what they are.
WORDS["unit"] = {
    "money": "",
    "pieces": _l(" pieces"),
    "orders": _l(" orders"),
    "growth": _l(" growth"),
    "target": _l(" of the target"),
}
WORDS["each_unit"] = {
    **WORDS["unit"],
    "growth": _l(" percentage points of growth"),
    "target": _l(" percentage points of the target"),
}
#: What stands behind a reward.
WORDS["how"] = {
    "rate": "",
    "amount": "",
    "per_piece": _l(" a piece"),
    "multiple": _l(" for each full multiple"),
}
#: What stands behind the step of a condition.
WORDS["case_unit"] = {"percent": "", "cases": "", "declared": "", "days": _l(" days")}


def base_words(base: Base) -> str:
    """«goods invoiced, without VAT», or «goods shipped, quantity in pieces»."""
    kind = str(BASE_KIND_WORDS[base.kind])
    other = MEASURE_WORDS["quantity"] if base.measure == "quantity" else VAT_WORDS[base.vat]
    return f"{kind}{_l(', ')}{other}"


#: In what the bounds of a scale are counted, for the head of its column; money says itself.
UNIT_HEADS: dict[Unit, Any] = {
    "money": "",
    "pieces": _l("pieces"),
    "orders": _l("number of orders"),
    "growth": _l("growth"),
    "target": _l("percent of the target"),
}
#: What a tier gives, for the head of its column.
REWARD_HEADS: dict[str, Any] = {
    "percent": _l("rate"),
    "per_unit": _l("money per piece"),
    "amount": _l("amount"),
}


def unit_head(terms: RebateTerms) -> str:
    """«pieces», «growth», or nothing where the scale is in money."""
    return str(UNIT_HEADS[unit_of(terms)])


def reward_head(terms: RebateTerms) -> str:
    """«rate», «money per piece», «amount»."""
    return str(REWARD_HEADS[terms.pays])


def _money(amount: Decimal) -> str:
    """Two decimals at least, and as many more as there are."""
    whole, _point, decimals = f"{abs(amount):,f}".partition(".")
    text = f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
    return f"{MINUS}{text}" if amount < 0 else text


def bound_text(terms: RebateTerms, number: Decimal) -> str:
    """A bound of the scale as a table prints it: 100,000.00, 1,200, 50 %."""
    unit = unit_of(terms)
    if unit == "money":
        return _money(number)
    if unit in ("growth", "target"):
        return str(Rate.percent(number)).replace("-", MINUS)
    return format_number(plain_number(number))


def reward_text(terms: RebateTerms, rung: Rung) -> str:
    """What a tier gives as a table prints it: 2 %, 1.50."""
    return str(rung.rate) if terms.pays == "percent" else _money(rung.each)


def slice_text(terms: RebateTerms, rung: Rung) -> str:
    """What a tier pays on as a table prints it: money, pieces, so many multiples."""
    if terms.pays == "percent":
        return _money(rung.slice)
    if terms.pays == "per_unit" or terms.method is Method.MULTIPLE:
        return format_number(plain_number(rung.slice))
    return ""
