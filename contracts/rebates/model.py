"""The terms of a rebate policy as data: what is measured, how it pays, and what limits it.

A policy is named by its formula, because trade names differ: a *gauge* says what the tiers are
compared with, a *method* how the tier reached turns into money, and `pays` what a tier's reward
is. The terms are frozen and hashable by content (`terms_json`); nothing here computes money.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Literal, get_args

from contracts.values.periods import PeriodKind
from contracts.values.rates import Rate

#: When a sale counts: its goods left, its invoice was posted, its money came, or came in time.
BaseKind = Literal["shipped", "invoiced", "paid", "paid_on_time"]
VatBasis = Literal["net", "gross"]
Measure = Literal["value", "quantity"]
#: What the tiers are compared with: the base itself (value or quantity as the base measures it),
#: its growth over a baseline in percent, its share of a target in percent, or a count of orders.
Gauge = Literal["base", "growth", "attainment", "orders"]
#: What a tier's reward is: a share of the value, money per unit, or a plain amount of money.
Pays = Literal["percent", "per_unit", "amount"]
#: Over what the threshold is added up: each distributor, all members of its group together (the
#: reward is then shared by own sales), or every product group or product on its own.
Scope = Literal["distributor", "group", "product_group", "product"]
Baseline = Literal["last_year", "typed"]
ConditionKind = Literal[
    "attainment",  # percent of the agreed target reached
    "mix",  # percent of the agreed mix reached; the agreement says of which goods
    "diversion",  # number of cross-territory cases upheld
    "price_order",  # number of breaches of price order upheld
    "report",  # inventory reports of the period that were not filed in time
    "display",  # display checks of the period that failed
    "training",  # duties of training not fulfilled in time
    "fifo",  # certain first-in-first-out breaches in the accepted reports
    "collection",  # average days from invoice to money, weighted by amount, one decimal
    "overdue",  # days by which the oldest open item is late at the end of the period
    "exclusivity",  # 1: declared and no rival sighting confirmed; 0: a sighting is confirmed
]

PERIOD_KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)
BASE_KINDS: tuple[BaseKind, ...] = get_args(BaseKind)
VAT_BASES: tuple[VatBasis, ...] = get_args(VatBasis)
MEASURES: tuple[Measure, ...] = get_args(Measure)
GAUGES: tuple[Gauge, ...] = get_args(Gauge)
REWARDS: tuple[Pays, ...] = get_args(Pays)
SCOPES: tuple[Scope, ...] = get_args(Scope)
BASELINES: tuple[Baseline, ...] = get_args(Baseline)
CONDITION_KINDS: tuple[ConditionKind, ...] = get_args(ConditionKind)


NO_RATE = Rate(Decimal(0))


class Method(Enum):
    """How the tiers are turned into money; named by formula, because trade names differ."""

    WHOLE = "whole amount"  # the reward of the tier reached, on the whole base
    SEGMENT = "by segment"  # each slice of the base at the reward of its own tier
    EXCESS = "on the excess"  # the reward of the tier reached, on what is above the reference
    LUMP = "lump sum"  # the amount of the tier reached, once
    MULTIPLE = "per multiple"  # the amount of the tier reached, for each full multiple


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of the scale: from `lower` (included) up to the next tier's bound (excluded).

    `lower` is in the unit of the gauge: currency units or pieces for the base, percent for
    growth (50 is half as much again; may be negative) and attainment (100 is the target), a
    number for orders. `rate` counts where the policy pays percent; `amount`, in currency units
    of up to four decimals, where it pays per unit or amounts. There is no upper field on
    purpose: typed upper bounds leave holes between 100.00 and 100.01 and pay nothing above the
    last of them.
    """

    lower: Decimal
    rate: Rate = NO_RATE
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Base:
    """What the reward is applied to.

    Free goods never count towards a value; `free_goods` lets them count towards a quantity.
    `returns` takes credit notes for goods off; `discounts` takes early-payment discounts off;
    `exchanges` lets goods exchanged count, on both sides. Returns count against the period of
    the sale that they undo.
    """

    kind: BaseKind = "invoiced"
    vat: VatBasis = "net"
    measure: Measure = "value"
    returns: bool = True
    free_goods: bool = False
    exchanges: bool = False
    discounts: bool = False


@dataclass(frozen=True, slots=True)
class Factor:
    """From a value of the condition on (included): the share of the rebate that is left."""

    lower: Decimal
    factor: Rate


@dataclass(frozen=True, slots=True)
class Condition:
    """A gate or a multiplier: the factor of the last step not above the value found.

    A value below the first step, or none where proof is owed, leaves nothing. `steps` ascend.
    A gate has factors of 0 and 1 only.
    """

    kind: ConditionKind
    steps: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class BundlePart:
    """So many units of a product that one order must hold for its bundle to be whole."""

    product: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class RebateTerms:
    """One rebate policy, as agreed.

    Goods: `goods` are groups that count (empty: all), `goods_out` groups that never count and
    win over `goods`; `products` and `products_out` narrow the same way by product code;
    `territories` are division codes of the place of delivery (with all below; empty: all),
    `territories_out` win over them; `new_days` counts only sales within so many days from the
    product's launch. `bundle` counts only the parts of invoices that hold every part.

    Periods: settled every `period_kind`; `accumulate` adds up from the start of that longer
    period (None: the same). With `catch_up` the tier reached pays on everything since then, less
    what was granted; without, only on the sales of the period settled.

    `reference` is the baseline of growth; targets come from the agreement. `each` is the multiple
    (gauge unit) of MULTIPLE. `qualify_fen`: orders count from this amount on.

    `reduced_by` are the policies whose rebates of the same period are taken off the base first;
    `not_with` are policies whose lines do not count here again. What a whole bundle counts does
    not count under other policies, but for those that `stacks_with` allows, those that name the
    bundle in `reduced_by`, and those that the bundle names in `not_with`; of two bundles the one
    whose code comes first counts.

    `guarantee_fen` is paid at least, unless a condition leaves nothing. `floor_payout_fen` is the
    least amount paid out: an entitlement below it lapses, one equal to it is paid. `cap_fen` is
    the most one settlement period pays; None is no cap. `grace_days` are allowed after the due
    date where the base is money paid in time. `expires_months`: what was earned expires so long
    after posting; None: never.
    """

    code: str
    name: str
    method: Method
    tiers: tuple[Tier, ...]
    base: Base = Base()
    period_kind: PeriodKind = "quarter"
    goods: frozenset[str] = frozenset()
    goods_out: frozenset[str] = frozenset()
    floor_payout_fen: int = 0
    cap_fen: int | None = None
    gauge: Gauge = "base"
    pays: Pays = "percent"
    each: Decimal | None = None
    reference: Baseline = "last_year"
    scope: Scope = "distributor"
    accumulate: PeriodKind | None = None
    catch_up: bool = True
    products: frozenset[str] = frozenset()
    products_out: frozenset[str] = frozenset()
    territories: frozenset[str] = frozenset()
    territories_out: frozenset[str] = frozenset()
    new_days: int | None = None
    bundle: tuple[BundlePart, ...] = ()
    qualify_fen: int = 0
    conditions: tuple[Condition, ...] = ()
    reduced_by: frozenset[str] = frozenset()
    not_with: frozenset[str] = frozenset()
    stacks_with: frozenset[str] = frozenset()
    guarantee_fen: int = 0
    grace_days: int = 0
    expires_months: int | None = None

    def counts(self, group: str) -> bool:
        """Whether sales of this group of goods are part of the base."""
        return (not self.goods or group in self.goods) and group not in self.goods_out


def ascending(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    """The tiers from the lowest bound up, the order in which everything here reads them."""
    return tuple(sorted(tiers, key=lambda tier: tier.lower))
