"""One part of a statement through its tiers, worked out again from terms and facts.

Bounds are included; growth and attainment are compared as amounts, never as rounded percents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from channel.checker.arithmetic import Unreadable, half_up, number, whole

NONE = Fraction(0)


@dataclass(frozen=True)
class Tier:
    """A step of the scale: its bound as agreed, and what it gives."""

    lower: Fraction
    rate: Fraction
    amount: Fraction


@dataclass(frozen=True)
class Row:
    """What a tier pays on, and what it pays."""

    slice: Fraction = NONE
    amount: Fraction = NONE


@dataclass
class Terms:
    """The agreed formula, read from the file; words that are missing have their plain meaning."""

    stored: Mapping[str, Any]
    tiers: list[Tier] = field(default_factory=list)

    def __post_init__(self) -> None:
        for at, tier in enumerate(self.stored["tiers"]):
            place = f"terms.tiers[{at}]"
            self.tiers.append(
                Tier(
                    number(tier["lower"], place),
                    number(tier.get("rate", "0"), place),
                    number(tier.get("amount", "0"), place),
                )
            )
        self.tiers.sort(key=lambda tier: tier.lower)
        if not self.tiers:
            raise Unreadable("terms.tiers: []")

    def word(self, name: str, usual: str) -> str:
        return str(self.stored.get(name) or usual)

    @property
    def method(self) -> str:
        return self.word("method", "")

    @property
    def gauge(self) -> str:
        return self.word("gauge", "base")

    @property
    def pays(self) -> str:
        return self.word("pays", "percent")

    @property
    def scope(self) -> str:
        return self.word("scope", "distributor")

    @property
    def in_pieces(self) -> bool:
        return bool(self.stored["base"]["measure"] == "quantity")

    @property
    def is_split(self) -> bool:
        return self.scope in ("product", "product_group")

    @property
    def is_sum(self) -> bool:
        """A tier gives one amount of money, whatever the base."""
        return self.method == "lump sum" or (
            self.method == "whole amount" and self.pays == "amount"
        )

    @property
    def only_new(self) -> bool:
        """Pays on the period settled alone, though the tiers look further back."""
        return bool(self.stored.get("accumulate")) and self.stored.get("catch_up") is False

    def units(self, e4: int) -> Fraction:
        """Currency units: to the fen for a whole statement, exact for each of several parts."""
        return Fraction(e4, 10_000) if self.is_split else Fraction(half_up(Fraction(e4, 100)), 100)


class Part:
    """One part, from its figures to the money that its tiers give."""

    def __init__(self, terms: Terms, name: str, figures: Mapping[str, Any]) -> None:
        self.terms, self.name = terms, name
        self.figures = {key: whole(value, f"facts.{name}.{key}") for key, value in figures.items()}
        self.quantity = Fraction(self.get("quantity"))
        self.whole = terms.units(self.get("base_e4"))
        self.base = self._after_others()
        self.own = self.quantity if terms.in_pieces else self.base
        self.start: Fraction | None = None
        self.value = self._value()
        self.reference = self._reference()
        self.bounds = self._bounds()
        self.barred = self._barred()
        self.hit = None if self.barred else self._reached(self.value)
        self.rows = [self._row(at) for at in range(len(terms.tiers))]
        self.sum = sum((row.amount for row in self.rows), NONE)
        self.lump_before = self._lump_before()
        self.before_share = self.sum - self.lump_before
        self.amount = self._shared()

    def get(self, name: str) -> int:
        return self.figures.get(name, 0)

    def _after_others(self) -> Fraction:
        """Less what other policies gave; that alone never makes it negative."""
        off = self.get("reduced_e4")
        if off <= 0 or self.whole <= 0:
            return self.whole
        return max(NONE, self.whole - Fraction(off, 10_000))

    def _value(self) -> Fraction:
        terms = self.terms
        if terms.gauge == "orders":
            return Fraction(self.get("orders"))
        name = "gauge_quantity" if terms.in_pieces else "gauge_e4"
        if name not in self.figures:
            return self.own
        more = self.figures[name]
        value = Fraction(more) if terms.in_pieces else terms.units(more)
        if terms.only_new and terms.scope != "group":
            self.start = value - self.own
        return value

    def _reference(self) -> Fraction | None:
        found = self.figures.get("reference_e4")
        if self.terms.gauge not in ("growth", "attainment") or found is None:
            return None
        size = Fraction(found, 10_000) if self.terms.in_pieces else self.terms.units(found)
        return size if size > 0 else None

    def _bounds(self) -> list[Fraction] | None:
        lowers = [tier.lower for tier in self.terms.tiers]
        if self.terms.gauge in ("base", "orders"):
            return lowers
        if self.reference is None:
            return None
        add = 100 if self.terms.gauge == "growth" else 0
        return [self.reference * (lower + add) / 100 for lower in lowers]

    def _barred(self) -> bool:
        """More came back than was bought."""
        terms = self.terms
        if terms.gauge != "orders" and self.own < 0:
            return True
        if terms.pays == "amount" or terms.is_sum or terms.method == "per multiple":
            return False
        return (self.quantity if terms.pays == "per_unit" else self.base) < 0

    def _reached(self, value: Fraction) -> int | None:
        reached = [at for at, bound in enumerate(self.bounds or []) if value >= bound]
        return reached[-1] if reached else None

    @property
    def next(self) -> int | None:
        """The tier above, whether or not the part is barred from being paid."""
        if self.bounds is None:
            return None
        reached = self._reached(self.value)
        above = 0 if reached is None else reached + 1
        return above if above < len(self.bounds) else None

    @property
    def to_next(self) -> Fraction | None:
        return None if self.next is None else (self.bounds or [])[self.next] - self.value

    @property
    def percent(self) -> Fraction | None:
        """Growth or attainment in percent."""
        if self.reference is None:
            return None
        over = self.value - self.reference if self.terms.gauge == "growth" else self.value
        return over * 100 / self.reference

    def _row(self, at: int) -> Row:
        if self.hit is None or at > self.hit:
            return Row()
        terms, tier = self.terms, self.terms.tiers[at]
        if terms.method == "by segment":
            return self._segment(at, tier)
        if at != self.hit:
            return Row()
        if terms.is_sum:
            return Row(NONE, tier.amount)
        if terms.method == "per multiple":
            times = self._times(self.value) - self._times_before()
            return Row(times, times * tier.amount)
        if terms.method == "on the excess":
            part = self._new_of(self.reference or NONE, self.value)
        else:
            part = self.quantity if terms.pays == "per_unit" else self.base
        return Row(part, part * self._each(tier))

    def _each(self, tier: Tier) -> Fraction:
        return tier.amount if self.terms.pays == "per_unit" else tier.rate

    def _segment(self, at: int, tier: Tier) -> Row:
        bounds = self.bounds or []
        if self.terms.pays == "amount":
            old = self.start is not None and self.start >= bounds[at]
            return Row(NONE, NONE if old else tier.amount)
        last = at + 1 == len(bounds)
        end = self.value if last else min(self.value, bounds[at + 1])
        part = self._new_of(max(bounds[at], NONE), end)
        return Row(part, part * self._each(tier))

    def _new_of(self, begin: Fraction, end: Fraction) -> Fraction:
        """The stretch up to `end`, less what lay before the period settled."""
        if self.start is not None:
            begin = max(begin, self.start)
        return max(NONE, end - begin)

    def _times(self, value: Fraction) -> Fraction:
        each = number(self.terms.stored.get("each"), "terms.each")
        if self.reference is not None:
            each = self.reference * each / 100
            value -= self.reference if self.terms.gauge == "growth" else 0
        return Fraction(value // each) if value > 0 else NONE

    def _times_before(self) -> Fraction:
        if self.start is None:
            return NONE
        return min(self._times(self.value), self._times(self.start))

    def _lump_before(self) -> Fraction:
        """One sum is earned once: what was reached before the period is taken off."""
        if self.start is None or not self.terms.is_sum or not self.sum:
            return NONE
        reached = self._reached(self.start)
        return NONE if reached is None else min(self.terms.tiers[reached].amount, self.sum)

    @property
    def shares(self) -> tuple[int, int] | None:
        """(own, group) where a member takes its share of what the group earned."""
        terms = self.terms
        if terms.scope != "group" or not self.before_share:
            return None
        if terms.method == "whole amount" and not terms.is_sum:
            return None
        names = ("quantity", "gauge_quantity") if terms.in_pieces else ("base_e4", "gauge_e4")
        group = self.get(names[1])
        return (self.get(names[0]), group) if group > 0 else None

    def _shared(self) -> Fraction:
        if (shares := self.shares) is None:
            return self.before_share
        return self.before_share * shares[0] / shares[1]
