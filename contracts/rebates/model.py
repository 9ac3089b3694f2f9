"""The terms of a rebate policy as data: tiers, method, base, period and limits of the payout.

The terms are frozen and hashable by content, so that a statement can name the very text that it
was computed from; nothing here computes money.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Literal, TypeVar, cast, get_args

from contracts.values.periods import PeriodKind
from contracts.values.rates import Rate

BaseKind = Literal["invoiced"]
VatBasis = Literal["net", "gross"]
Measure = Literal["value"]

PERIOD_KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)
VAT_BASES: tuple[VatBasis, ...] = get_args(VatBasis)

_Word = TypeVar("_Word", bound=str)


class Method(Enum):
    """How the tiers are turned into money; named by formula, because trade names differ."""

    WHOLE = "whole amount"  # the rate of the tier reached, on the whole base
    SEGMENT = "by segment"  # each slice of the base at the rate of its own tier


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of the scale: from `lower` (included) up to the next tier's bound (excluded).

    `lower` is money in the statement's currency unit. There is no upper field on purpose: typed
    upper bounds leave holes between 100.00 and 100.01 and pay nothing above the last of them.
    """

    lower: Decimal
    rate: Rate


@dataclass(frozen=True, slots=True)
class Base:
    """What the tiers are applied to: invoiced value, without VAT (`net`) or with it (`gross`)."""

    kind: BaseKind = "invoiced"
    vat: VatBasis = "net"
    measure: Measure = "value"


@dataclass(frozen=True, slots=True)
class RebateTerms:
    """One rebate policy, as agreed.

    `goods` are groups that count (empty: all), `goods_out` are groups that never count and win
    over `goods`. `floor_payout_fen` is the least amount paid out: an entitlement below it lapses,
    one equal to it is paid. `cap_fen` is the most one statement pays; None is no cap.
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

    def counts(self, group: str) -> bool:
        """Whether sales of this group of goods are part of the base."""
        return (not self.goods or group in self.goods) and group not in self.goods_out


def ascending(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    """The tiers from the lowest bound up, the order in which everything here reads them."""
    return tuple(sorted(tiers, key=lambda tier: tier.lower))


def to_json(terms: RebateTerms) -> dict[str, object]:
    """Plain JSON values; decimals as text, so that no reader can turn them into binary floats."""
    return {
        "code": terms.code,
        "name": terms.name,
        "method": terms.method.value,
        "tiers": [
            {"lower": _plain(tier.lower), "rate": _plain(tier.rate.fraction)}
            for tier in terms.tiers
        ],
        "base": {
            "kind": terms.base.kind,
            "vat": terms.base.vat,
            "measure": terms.base.measure,
        },
        "period_kind": terms.period_kind,
        "goods": sorted(terms.goods),
        "goods_out": sorted(terms.goods_out),
        "floor_payout_fen": terms.floor_payout_fen,
        "cap_fen": terms.cap_fen,
    }


def from_json(data: Mapping[str, object]) -> RebateTerms:
    """The terms that `to_json` wrote; ValueError names the field that cannot be read."""
    base = _mapping(data, "base")
    return RebateTerms(
        code=_text(data, "code"),
        name=_text(data, "name"),
        method=_method(_text(data, "method")),
        tiers=tuple(_tier(item) for item in _list(data, "tiers")),
        base=Base(
            kind=_one_of(base, "kind", get_args(BaseKind)),
            vat=_one_of(base, "vat", VAT_BASES),
            measure=_one_of(base, "measure", get_args(Measure)),
        ),
        period_kind=_one_of(data, "period_kind", PERIOD_KINDS),
        goods=frozenset(_texts(data, "goods")),
        goods_out=frozenset(_texts(data, "goods_out")),
        floor_payout_fen=_fen(data, "floor_payout_fen") or 0,
        cap_fen=_fen(data, "cap_fen"),
    )


def terms_hash(terms: RebateTerms) -> str:
    """SHA-256 (64 hex digits) of the terms; the order in which tiers were typed is no part of it.

    Equal terms have equal hashes: 100000 and 100000.00 are one bound.
    """
    canonical = to_json(replace(terms, tiers=ascending(terms.tiers)))
    text = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _plain(number: Decimal) -> str:
    """Shortest text of a decimal without an exponent: 0.0450 → 0.045, 1E+5 → 100000."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def _method(word: str) -> Method:
    try:
        return Method(word)
    except ValueError:
        raise ValueError(f"method: unknown word {word!r}") from None


def _tier(item: object) -> Tier:
    if not isinstance(item, Mapping):
        raise ValueError("tiers: each tier must be an object")
    return Tier(lower=_decimal(item, "lower"), rate=Rate(_decimal(item, "rate")))


def _decimal(data: Mapping[str, object], field: str) -> Decimal:
    text = _text(data, field)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{field}: not a number: {text!r}") from None
    if not number.is_finite():
        raise ValueError(f"{field}: not a number: {text!r}")
    return number


def _text(data: Mapping[str, object], field: str) -> str:
    value = data.get(field)
    if not isinstance(value, str):
        raise ValueError(f"{field}: text expected")
    return value


def _texts(data: Mapping[str, object], field: str) -> list[str]:
    values = _list(data, field)
    if not all(isinstance(value, str) for value in values):
        raise ValueError(f"{field}: a list of texts expected")
    return cast("list[str]", values)


def _list(data: Mapping[str, object], field: str) -> list[object]:
    value = data.get(field)
    if not isinstance(value, list):
        raise ValueError(f"{field}: a list expected")
    return value


def _mapping(data: Mapping[str, object], field: str) -> Mapping[str, object]:
    value = data.get(field)
    if not isinstance(value, Mapping):
        raise ValueError(f"{field}: an object expected")
    return value


def _one_of(data: Mapping[str, object], field: str, words: tuple[_Word, ...]) -> _Word:
    value = data.get(field)
    for word in words:
        if value == word:
            return word
    raise ValueError(f"{field}: unknown word {value!r}")


def _fen(data: Mapping[str, object], field: str) -> int | None:
    value = data.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{field}: whole fen expected")
    return value
