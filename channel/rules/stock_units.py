"""A distributor's own product codes and units, turned into ours by what was decided once.

Conversion is exact: three cases of twelve are thirty-six pieces, and thirty pieces that are no
whole number of cases stay a fraction for the caller to refuse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import SequenceMatcher
from fractions import Fraction
from functools import lru_cache

from channel.rules.stock_row import Quantity

#: Candidates below this likeness (0 to 1) help nobody.
LIKENESS_MIN = Decimal("0.45")
CANDIDATES_MAX = 5
_NOISE = re.compile(r"[\s\-_./·*#()（）]+")
_ONE = Fraction(1)


@lru_cache(maxsize=65_536)
def code_key(text: str) -> str:
    """How codes are compared: width, case, blanks and marks apart («ab-01 » is «AB01»)."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=4_096)
def unit_key(text: str) -> str:
    """How words of units are compared: width, case and blanks apart."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code of the distributor stands for; product None: none of our goods.

    One unit under this code is `times / per` units of what the row's own unit says.
    """

    product: str | None
    times: int = 1
    per: int = 1

    @property
    def ratio(self) -> Fraction:
        return Fraction(self.times, self.per)


@dataclass(frozen=True, slots=True)
class UnitMeaning:
    """What a word of the unit column means: our base unit, the catalogue's case, or a ratio."""

    kind: str
    times: int = 1
    per: int = 1

    def ratio(self, case: int) -> Fraction:
        """Base units in one of this unit; `case` are the base units of the catalogue's case."""
        if self.kind == "case":
            return Fraction(case)
        return Fraction(self.times, self.per) if self.kind == "ratio" else _ONE


@dataclass(frozen=True, slots=True)
class Pack:
    """Of a good of ours: the name of its base unit and the base units of its case."""

    unit: str
    case: int = 1


@dataclass(frozen=True)
class Dictionary:
    """All that was decided for one distributor.

    `codes` by `code_key`; `units` by (`unit_key`, product or '' for all goods); `packs` by our
    product code. `beside`: parts of stock that stand beside the closing, not in it.
    """

    codes: Mapping[str, Meaning] = field(default_factory=dict)
    units: Mapping[tuple[str, str], UnitMeaning] = field(default_factory=dict)
    packs: Mapping[str, Pack] = field(default_factory=dict)
    beside: frozenset[str] = frozenset()

    def meaning(self, code: str) -> Meaning | None:
        """The distributor's own meaning first, then the code of ours; None: nobody knows."""
        found = self.codes.get(code_key(code))
        if found is not None:
            return found
        return Meaning(code) if code in self.packs else None

    def ratio(self, unit: str, product: str) -> Fraction | None:
        """Base units in one of `unit` of a good of ours; None: nobody has said so yet.

        A row without a unit is in base units.
        """
        pack = self.packs.get(product)
        if not unit or pack is None or unit_key(unit) == unit_key(pack.unit):
            return _ONE
        key = unit_key(unit)
        said = self.units.get((key, product)) or self.units.get((key, ""))
        return said.ratio(pack.case) if said is not None else None


def converted(quantity: Quantity, ratio: Fraction) -> Quantity | None:
    """The quantity in base units; None when that is no whole number."""
    if ratio is _ONE or ratio == 1:
        return quantity  # most rows of most files
    exact = Fraction(quantity) * ratio
    return int(exact) if exact.denominator == 1 else None


@dataclass(frozen=True, slots=True)
class Known:
    """A good of the catalogue as a candidate for a code: all that may be like it."""

    code: str
    name: str
    name_en: str = ""
    barcode: str = ""


def candidates(code: str, name: str, goods: Sequence[Known]) -> list[Known]:
    """The goods most like a code and its name, best first: same bar code, code, then name.

    Likeness is the longer of code and name by matching blocks; ties keep the catalogue's order.
    """
    key, wanted = code_key(code), _words(name)
    scored = []
    for place, good in enumerate(goods):
        score = _likeness(key, wanted, good)
        if score >= LIKENESS_MIN:
            scored.append((-score, place, good))
    return [good for _score, _place, good in sorted(scored, key=lambda s: s[:2])][:CANDIDATES_MAX]


def _words(text: str) -> str:
    return code_key(text)


def _likeness(key: str, wanted: str, good: Known) -> Decimal:
    """0 to 2: above 1 is a sameness, not a likeness."""
    own = code_key(good.code)
    if key and key in (own, code_key(good.barcode)):
        return Decimal(2)
    best = Decimal(0)
    if key and own and (own in key or key in own) and min(len(own), len(key)) >= 3:
        best = Decimal("0.9")
    for mine in (good.name, good.name_en):
        other = _words(mine)
        if wanted and other:
            if wanted == other:
                return Decimal("1.5")
            best = max(best, _share(wanted, other))
    return max(best, _share(key, own) if min(len(own), len(key)) >= 3 else Decimal(0))


def _share(one: str, other: str) -> Decimal:
    """Signs in common blocks of both, as a share of all their signs."""
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    same = sum(block.size for block in blocks)
    return Decimal(2 * same) / (len(one) + len(other))
