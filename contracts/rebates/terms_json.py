"""The terms of a policy as plain JSON and back, and the hash of their content.

Fields that stand at their default are left out, so that the hash of terms written before a
field existed stays what it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TypeVar, cast

from contracts.rebates.model import (
    BASE_KINDS,
    BASELINES,
    CONDITION_KINDS,
    GAUGES,
    MEASURES,
    PERIOD_KINDS,
    REWARDS,
    SCOPES,
    VAT_BASES,
    Base,
    BundlePart,
    Condition,
    Factor,
    Method,
    RebateTerms,
    Tier,
    ascending,
)
from contracts.values.rates import Rate

_Word = TypeVar("_Word", bound=str)

_WORDS = ("gauge", "pays", "reference", "scope")
_SETS = (
    *("products", "products_out", "territories", "territories_out"),
    *("reduced_by", "not_with", "stacks_with"),
)
_NUMBERS = ("qualify_fen", "guarantee_fen", "grace_days", "new_days", "expires_months")
_BASE_FLAGS = ("returns", "free_goods", "exchanges", "discounts")
_PLAIN = RebateTerms("", "", Method.WHOLE, ())


def to_json(terms: RebateTerms) -> dict[str, object]:
    """Plain JSON values; decimals as text, so that no reader can turn them into binary floats."""
    data: dict[str, object] = {
        "code": terms.code,
        "name": terms.name,
        "method": terms.method.value,
        "tiers": [_tier_to_json(tier) for tier in terms.tiers],
        "base": _base_to_json(terms.base),
        "period_kind": terms.period_kind,
        "goods": sorted(terms.goods),
        "goods_out": sorted(terms.goods_out),
        "floor_payout_fen": terms.floor_payout_fen,
        "cap_fen": terms.cap_fen,
    }
    for name in (*_WORDS, *_NUMBERS, "accumulate", "catch_up"):
        if (value := getattr(terms, name)) != getattr(_PLAIN, name):
            data[name] = value
    data |= {name: sorted(found) for name in _SETS if (found := getattr(terms, name))}
    if terms.each is not None:
        data["each"] = _plain(terms.each)
    if terms.bundle:
        data["bundle"] = [{"product": p.product, "quantity": p.quantity} for p in terms.bundle]
    if terms.conditions:
        data["conditions"] = [_condition_to_json(condition) for condition in terms.conditions]
    return data


def _tier_to_json(tier: Tier) -> dict[str, str]:
    data = {"lower": _plain(tier.lower), "rate": _plain(tier.rate.fraction)}
    return data | ({"amount": _plain(tier.amount)} if tier.amount else {})


def _base_to_json(base: Base) -> dict[str, object]:
    data: dict[str, object] = {"kind": base.kind, "vat": base.vat, "measure": base.measure}
    flags = {name: getattr(base, name) for name in _BASE_FLAGS}
    return data | {name: on for name, on in flags.items() if on != getattr(_PLAIN.base, name)}


def _condition_to_json(condition: Condition) -> dict[str, object]:
    steps = [
        {"lower": _plain(step.lower), "factor": _plain(step.factor.fraction)}
        for step in condition.steps
    ]
    return {"kind": condition.kind, "steps": steps}


def from_json(data: Mapping[str, object]) -> RebateTerms:
    """The terms that `to_json` wrote; ValueError names the field that cannot be read."""
    sets = {name: frozenset(_texts(data, name)) for name in _SETS if name in data}
    numbers = {name: _whole(data, name) for name in _NUMBERS if name in data}
    terms = RebateTerms(
        code=_text(data, "code"),
        name=_text(data, "name"),
        method=_method(_text(data, "method")),
        tiers=tuple(_tier(item) for item in _list(data, "tiers")),
        base=_base(_mapping(data, "base")),
        period_kind=_one_of(data, "period_kind", PERIOD_KINDS),
        goods=frozenset(_texts(data, "goods")),
        goods_out=frozenset(_texts(data, "goods_out")),
        floor_payout_fen=_whole(data, "floor_payout_fen") or 0,
        cap_fen=_whole(data, "cap_fen"),
        gauge=_one_of({"gauge": "base", **data}, "gauge", GAUGES),
        pays=_one_of({"pays": "percent", **data}, "pays", REWARDS),
        reference=_one_of({"reference": "last_year", **data}, "reference", BASELINES),
        scope=_one_of({"scope": "distributor", **data}, "scope", SCOPES),
        each=_decimal(data, "each") if "each" in data else None,
        accumulate=_one_of(data, "accumulate", PERIOD_KINDS) if data.get("accumulate") else None,
        catch_up=data.get("catch_up") is not False,
        bundle=tuple(_bundle_part(item) for item in _listed(data, "bundle")),
        conditions=tuple(_condition(item) for item in _listed(data, "conditions")),
    )
    return replace(terms, **sets, **numbers)  # type: ignore[arg-type]


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
    amount = _decimal(item, "amount") if "amount" in item else Decimal(0)
    return Tier(_decimal(item, "lower"), Rate(_decimal(item, "rate")), amount)


def _base(data: Mapping[str, object]) -> Base:
    flags = {name: data[name] is True for name in _BASE_FLAGS if name in data}
    return Base(
        kind=_one_of(data, "kind", BASE_KINDS),
        vat=_one_of(data, "vat", VAT_BASES),
        measure=_one_of(data, "measure", MEASURES),
        **flags,
    )


def _bundle_part(item: object) -> BundlePart:
    if not isinstance(item, Mapping):
        raise ValueError("bundle: each part must be an object")
    return BundlePart(_text(item, "product"), _whole(item, "quantity") or 0)


def _condition(item: object) -> Condition:
    if not isinstance(item, Mapping):
        raise ValueError("conditions: each condition must be an object")
    steps = []
    for step in _list(item, "steps"):
        if not isinstance(step, Mapping):
            raise ValueError("conditions: each step must be an object")
        steps.append(Factor(_decimal(step, "lower"), Rate(_decimal(step, "factor"))))
    return Condition(_one_of(item, "kind", CONDITION_KINDS), tuple(steps))


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


def _listed(data: Mapping[str, object], field: str) -> list[object]:
    """The list, or none where terms of before the field stand."""
    return _list(data, field) if field in data else []


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


def _whole(data: Mapping[str, object], field: str) -> int | None:
    value = data.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{field}: a whole number expected")
    return value
