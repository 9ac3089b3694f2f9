"""Kinds of rebate policy by their usual names; each only fills in the formula and an example.

What a kind is called differs from house to house; what is signed are the terms. A kind opens the
parts of the form that matter for it, and no other part is taken away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from contracts.rebates.model import (
    Base,
    Condition,
    ConditionKind,
    Factor,
    Method,
    RebateTerms,
    Tier,
)
from contracts.values.rates import Rate


@dataclass(frozen=True)
class Kind:
    """A preset: its name, what it is for, the terms it begins with, the parts it opens."""

    label: Any
    what: Any
    terms: RebateTerms
    opens: frozenset[str] = frozenset()


def a_condition(kind: ConditionKind, *steps: tuple[str, str]) -> Condition:
    """A condition of (from, percent left) texts."""
    factors = tuple(Factor(Decimal(lower), Rate.percent(percent)) for lower, percent in steps)
    return Condition(kind, factors)


_GATE = (("0", "100"), ("1", "0"))
#: Conditions as they are usually agreed; a button of the form adds one.
READY: Mapping[str, tuple[Any, Condition]] = {
    "diversion": (_l("no case of selling elsewhere"), a_condition("diversion", *_GATE)),
    "price_order": (_l("no breach of price order"), a_condition("price_order", *_GATE)),
    "report": (_l("all inventory reports in time"), a_condition("report", *_GATE)),
    "display": (_l("no failed display check"), a_condition("display", *_GATE)),
    "training": (_l("all trainings in time"), a_condition("training", *_GATE)),
    "fifo": (_l("no first-in-first-out breach"), a_condition("fifo", *_GATE)),
    "collection": (
        _l("collected in 0–15 days 100 %, 16–30 days 80 %, later nothing"),
        a_condition("collection", ("0", "100"), ("16", "80"), ("31", "0")),
    ),
    "overdue": (_l("nothing overdue at the end"), a_condition("overdue", *_GATE)),
    "attainment": (_l("target reached"), a_condition("attainment", ("100", "100"))),
    "mix": (_l("agreed product mix kept"), a_condition("mix", ("100", "100"))),
    "exclusivity": (_l("exclusivity kept"), a_condition("exclusivity", ("1", "100"))),
}


def _ready(*names: str) -> tuple[Condition, ...]:
    return tuple(READY[name][1] for name in names)


def _shares(*steps: tuple[str, str]) -> tuple[Tier, ...]:
    return tuple(Tier(Decimal(lower), Rate.percent(percent)) for lower, percent in steps)


def _sums(*steps: tuple[str, str]) -> tuple[Tier, ...]:
    return tuple(Tier(Decimal(lower), amount=Decimal(amount)) for lower, amount in steps)


_SCALE = _shares(("0", "1"), ("100000", "2"), ("200000", "3"))


def _terms(method: Method, tiers: tuple[Tier, ...], **more: Any) -> RebateTerms:
    return RebateTerms("", "", method, tiers, **more)


def _kind(label: Any, what: Any, terms: RebateTerms, *opens: str) -> Kind:
    return Kind(label, what, terms, frozenset(opens))


KINDS: Mapping[str, Kind] = {
    "whole": _kind(
        _l("whole amount"),
        _l("The rate of the tier reached, on everything bought in the period."),
        _terms(Method.WHOLE, _SCALE),
    ),
    "segment": _kind(
        _l("by segment"),
        _l("Each slice of the purchases at the rate of its own tier; nothing jumps."),
        _terms(Method.SEGMENT, _SCALE),
    ),
    "target": _kind(
        _l("target attainment"),
        _l("The rate follows the percent of the agreed target that was reached."),
        _terms(Method.WHOLE, _shares(("90", "1"), ("100", "2"), ("110", "3")), gauge="attainment"),
    ),
    "growth_whole": _kind(
        _l("growth, on everything"),
        _l("The rate follows the growth over last year and is paid on the whole turnover."),
        _terms(Method.WHOLE, _shares(("0", "1"), ("20", "2"), ("50", "3")), gauge="growth"),
    ),
    "growth_excess": _kind(
        _l("growth, on the excess"),
        _l("Only what is above last year is paid; small ones can win as much as large ones."),
        _terms(Method.EXCESS, _shares(("0", "5"), ("50", "8")), gauge="growth"),
    ),
    "growth_bands": _kind(
        _l("growth, band by band"),
        _l("Each band of growth above last year at its own rate."),
        _terms(Method.SEGMENT, _shares(("0", "3"), ("20", "5"), ("50", "8")), gauge="growth"),
    ),
    "multiple": _kind(
        _l("for each full multiple"),
        _l("A sum for each full 10,000 bought."),
        _terms(Method.MULTIPLE, _sums(("0", "100")), pays="amount", each=Decimal(10_000)),
    ),
    "per_unit": _kind(
        _l("money per piece"),
        _l("So much for each box, more from a quantity on."),
        _terms(
            Method.WHOLE,
            _sums(("0", "1"), ("1000", "1.5")),
            pays="per_unit",
            base=Base(measure="quantity"),
        ),
    ),
    "lump": _kind(
        _l("lump sum"),
        _l("A fixed sum for reaching a turnover, once in the period."),
        _terms(Method.LUMP, _sums(("100000", "1000"), ("200000", "3000")), pays="amount"),
    ),
    "guarantee": _kind(
        _l("guaranteed rebate"),
        _l("A scale by turnover, with a sum that is paid at least."),
        _terms(Method.WHOLE, _SCALE, guarantee_fen=100_000),
        "limits",
    ),
    "collection": _kind(
        _l("rebate by collection"),
        _l("A scale whose rebate shrinks the later the money comes."),
        _terms(Method.SEGMENT, _SCALE, conditions=_ready("collection")),
    ),
    "on_time": _kind(
        _l("payment in time"),
        _l("A share of what was paid by its due date, with days of grace."),
        _terms(Method.WHOLE, _shares(("0", "0.5")), base=Base(kind="paid_on_time"), grace_days=3),
        "counts",
    ),
    "process": _kind(
        _l("conduct"),
        _l("A sum for reports, display, training and stock in order, whatever is sold."),
        _terms(
            Method.LUMP,
            _sums(("0", "500")),
            pays="amount",
            conditions=_ready("report", "display"),
        ),
    ),
    "mix": _kind(
        _l("product mix"),
        _l("A share of everything where the agreed mix of goods was kept."),
        _terms(Method.WHOLE, _shares(("0", "1")), conditions=_ready("mix")),
    ),
    "exclusivity": _kind(
        _l("exclusivity"),
        _l("A share of everything for whoever carries no rival goods."),
        _terms(Method.WHOLE, _shares(("0", "1")), conditions=_ready("exclusivity")),
    ),
    "frequency": _kind(
        _l("frequency of orders"),
        _l("A sum once so many orders of a least size came in the period."),
        _terms(
            Method.LUMP,
            _sums(("5", "300")),
            pays="amount",
            gauge="orders",
            qualify_fen=1_000_000,
        ),
    ),
    "bundle": _kind(
        _l("bundle"),
        _l("A share of goods that were bought together in one order."),
        _terms(Method.WHOLE, _shares(("0", "2"))),
        "bundle",
    ),
    "new_product": _kind(
        _l("rebate on a new product"),
        _l("A share of a product's sales in the first days from its launch."),
        _terms(Method.WHOLE, _shares(("0", "3")), new_days=90),
        "counts",
    ),
}
