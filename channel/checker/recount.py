"""The check of one statement: every printed figure against what the file itself gives.

Lines → base → tiers → conditions → rounding → entitlement → granted → amount → tax and pool.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from channel.checker.arithmetic import Rounded, Unreadable, half_up, number, shown, to_places, whole
from channel.checker.comparing import check_steps, steps_add
from channel.checker.derivation import Recount
from channel.checker.faults import Fault, same, same_number, same_or_none
from channel.checker.lines import check_lines
from channel.checker.tiers import Part, Terms

FORMAT = "weir.rebate-statement"
VERSIONS = (1,)


@dataclass(frozen=True)
class Verdict:
    """What was checked of one statement."""

    number: str
    faults: tuple[Fault, ...]
    #: What the file does not hold, so that it could not be checked.
    unchecked: tuple[str, ...] = ()
    amount_fen: int | None = None
    currency: str = ""

    @property
    def holds(self) -> bool:
        return not self.faults


def check(file: Any) -> Verdict:
    """The verdict on one parsed file; a file that cannot be read is a fault of its own."""
    number_told = ""
    try:
        if not isinstance(file, dict) or file.get("format") != FORMAT:
            return Verdict("", (Fault("format", "format", str(_kind(file)), FORMAT),))
        if file.get("format_version") not in VERSIONS:
            told = str(file.get("format_version"))
            return Verdict("", (Fault("version", "format_version", told, str(VERSIONS[-1])),))
        doc = file["document"]
        number_told = str(doc["number"])
        faults = list(_check(file, doc))
        unchecked = _unchecked(file, doc)
        return Verdict(
            number_told, tuple(faults), unchecked, whole(doc["amount_fen"], "amount_fen"),
            str(doc["currency"]),
        )  # fmt: skip
    except Unreadable as error:
        return Verdict(number_told, (Fault("unreadable", str(error)),))
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
        return Verdict(number_told, (Fault("unreadable", f"{type(error).__name__} {error}"),))


def _kind(file: Any) -> str:
    return file.get("format", "?") if isinstance(file, dict) else type(file).__name__


def _unchecked(file: Mapping[str, Any], doc: Mapping[str, Any]) -> tuple[str, ...]:
    missing = [] if file.get("lines") else ["lines"]
    return tuple(missing + (["facts"] if "facts" not in doc else []))


def _check(file: Mapping[str, Any], doc: Mapping[str, Any]) -> Iterator[Fault]:
    yield from same("hash", "document_sha256", file["document_sha256"], _hash(doc))
    yield from _base(doc)
    yield from _totals(doc)
    yield from _tax(doc)
    yield from _pool(doc)
    if "facts" in doc:
        terms = Terms(doc["terms"])
        recount = Recount(terms, doc["facts"], doc.get("earlier_fen"))
        yield from _terms(doc, terms)
        yield from _facts(doc, recount)
        yield from _parts(doc, recount)
        yield from _judged(doc, recount)
        yield from check_steps(doc, recount)
        yield from same_number(
            "entitlement", "entitlement_fen", doc["entitlement_fen"], recount.entitlement_fen
        )
    else:
        yield from steps_add(doc)
    for code, place, told, found in check_lines(file, doc):
        yield from same(code, place, told, found)


def _hash(doc: Mapping[str, Any]) -> str:
    text = json.dumps(doc, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _base(doc: Mapping[str, Any]) -> Iterator[Fault]:
    """The printed lines by month and group: each, their sum, their number, the rounding."""
    total = 0
    for at, line in enumerate(doc["base_lines"]):
        place = f"base_lines[{at}].net_e4"
        net = whole(line["invoiced_e4"], place) - whole(line["returned_e4"], place)
        yield from same_number("base_line", place, line["net_e4"], net)
        total += whole(line["net_e4"], place)
    yield from same_number("base", "base_e4", doc["base_e4"], total)
    rounded = half_up(Fraction(whole(doc["base_e4"], "base_e4"), 100))
    yield from same_number("base_rounded", "base_fen", doc["base_fen"], rounded)
    if "line_count" in doc:
        count = sum(whole(line["line_count"], "line_count") for line in doc["base_lines"])
        yield from same_number("line_count", "line_count", doc["line_count"], count)


def _totals(doc: Mapping[str, Any]) -> Iterator[Fault]:
    earned, before = doc["entitlement_fen"], doc["granted_before_fen"]
    yield from same_number("amount", "amount_fen", doc["amount_fen"], whole(earned) - whole(before))
    if (true_up := doc.get("true_up")) and true_up["earlier"]:
        given = sum(whole(one["amount_fen"], "true_up") for one in true_up["earlier"])
        yield from same_number("granted", "granted_before_fen", before, given)


def _tax(doc: Mapping[str, Any]) -> Iterator[Fault]:
    """Net and tax of the amount, rate by rate."""
    if not (tax := doc.get("tax")):
        return
    whole_split = [{**tax, "gross_fen": doc["amount_fen"]}]
    split = tax.get("rates") or whole_split
    gross = net = 0
    for at, one in enumerate(split):
        place = f"tax.rates[{at}]" if tax.get("rates") else "tax"
        size = whole(one["gross_fen"], place)
        rate = Fraction(whole(one["rate_bp"], f"{place}.rate_bp"), 10_000)
        part = half_up(size / (1 + rate))
        yield from same_number("tax", f"{place}.net_fen", one["net_fen"], part)
        yield from same_number("tax", f"{place}.tax_fen", one["tax_fen"], size - part)
        gross, net = gross + size, net + part
    yield from same_number("tax", "amount_fen", doc["amount_fen"], gross)
    yield from same_number("tax", "tax.net_fen", tax["net_fen"], net)
    yield from same_number("tax", "tax.tax_fen", tax["tax_fen"], gross - net)


def _pool(doc: Mapping[str, Any]) -> Iterator[Fault]:
    if not (pool := doc.get("pool")):
        return
    yield from same_number("pool_earned", "pool.earned_fen", pool["earned_fen"], doc["amount_fen"])
    closing = whole(pool["opening_fen"], "pool") + whole(pool["earned_fen"], "pool")
    for name in ("used_fen", "expired_fen", "reversed_fen"):
        closing -= whole(pool.get(name, 0), f"pool.{name}")
    closing += sum(whole(line["amount_fen"], "pool.cases") for line in pool.get("cases", []))
    yield from same_number("pool", "pool.closing_fen", pool["closing_fen"], closing)


def _terms(doc: Mapping[str, Any], terms: Terms) -> Iterator[Fault]:
    """The formula printed is the formula computed, and it is the one that was agreed."""
    policy, stored = doc["policy"], dict(terms.stored)
    yield from same("terms", "policy.code", policy["code"], stored["code"])
    yield from same("terms", "policy.method", policy["method"], stored["method"])
    yield from same("terms", "policy.base_vat", policy["base_vat"], stored["base"]["vat"])
    yield from same("terms", "policy.period_kind", policy["period_kind"], stored["period_kind"])
    if policy.get("terms_hash"):
        stored["tiers"] = sorted(stored["tiers"], key=lambda tier: number(tier["lower"]))
        yield from same("terms_hash", "policy.terms_hash", policy["terms_hash"], _hash(stored))


def _facts(doc: Mapping[str, Any], recount: Recount) -> Iterator[Fault]:
    """The figures computed from are the base that is printed, part by part."""
    yield from same_number("facts_base", "base_e4", doc["base_e4"], recount.base_e4)
    named = [line for line in doc["base_lines"] if line.get("part") is not None]
    if named and len(named) == len(doc["base_lines"]) and recount.terms.is_split:
        for part in recount.parts:
            own = [line for line in named if line["part"] == part.name]
            total = sum(whole(line["net_e4"], "net_e4") for line in own)
            place = f"facts.parts[{part.name}].base_e4"
            yield from same_number("facts_base", place, part.get("base_e4"), total)
    if "taken_off" in doc:
        off = sum(whole(one["amount_fen"], "taken_off") for one in doc["taken_off"])
        told = sum(part.get("reduced_e4") for part in recount.parts)
        yield from same_number("taken_off", "facts.reduced_e4", told, off * 100)


def _parts(doc: Mapping[str, Any], recount: Recount) -> Iterator[Fault]:
    """Every row of every tier table."""
    told = doc["parts"]
    names = [part["name"] for part in told]
    yield from same("parts", "parts", names, [part.name for part in recount.parts])
    only = recount.parts[0].to_next if len(recount.parts) == 1 else None
    yield from same_or_none("to_next", "to_next", doc["to_next"], only)
    for stored, part in zip(told, recount.parts, strict=False):
        place = f"parts[{part.name}]"
        yield from _rows(stored["rows"], part, place)
        amount = to_places(part.amount, 12) if part.shares else part.amount
        yield from same_number("part_amount", f"{place}.amount", stored["amount"], amount)
        yield from same_or_none("to_next", f"{place}.to_next", stored["to_next"], part.to_next)
        yield from _measured(stored["measured"], part, place)


def _measured(told: Any, part: Part, place: str) -> Iterator[Fault]:
    place = f"{place}.measured"
    if part.bounds is None or told is None:
        yield from same("measured", place, told is None, part.bounds is None)
    elif part.percent is None:
        yield from same_number("measured", place, told, part.value)
    elif not Rounded(part.percent).agrees(str(told)):
        yield Fault("measured", place, str(told), shown(part.percent))


def _rows(stored: Sequence[Mapping[str, Any]], part: Part, place: str) -> Iterator[Fault]:
    tiers = part.terms.tiers
    yield from same("tiers", f"{place}.rows", len(stored), len(tiers))
    for at, (row, tier) in enumerate(zip(stored, tiers, strict=False)):
        here = f"{place}.rows[{at}]"
        upper = tiers[at + 1].lower if at + 1 < len(tiers) else None
        reward = tier.rate if part.terms.pays == "percent" else tier.amount
        yield from same_number("tier", f"{here}.number", row["number"], at + 1)
        yield from same_number("tier", f"{here}.lower", row["lower"], tier.lower)
        yield from same_or_none("tier", f"{here}.upper", row["upper"], upper)
        yield from same_number("tier", f"{here}.reward", row["reward"], reward)
        yield from same_number("tier_slice", f"{here}.slice", row["slice"], part.rows[at].slice)
        yield from same_number("tier_amount", f"{here}.amount", row["amount"], part.rows[at].amount)
        yield from same("tier_hit", f"{here}.hit", row["hit"], at == part.hit)


def _judged(doc: Mapping[str, Any], recount: Recount) -> Iterator[Fault]:
    stored = doc["judged"]
    yield from same("conditions", "judged", len(stored), len(recount.judged))
    agreed = recount.terms.stored.get("conditions") or []
    for told, found, condition in zip(stored, recount.judged, agreed, strict=False):
        place = f"judged[{found.kind}]"
        yield from same("condition", f"{place}.kind", told["kind"], found.kind)
        yield from same_or_none("condition", f"{place}.value", told["value"], found.value)
        yield from same_number("condition", f"{place}.factor", told["factor"], found.factor)
        yield from same("condition", f"{place}.refs", tuple(told["refs"]), found.refs)
        scale = [(number(s["lower"]), number(s["factor"])) for s in told["steps"]]
        terms = sorted((number(s["lower"]), number(s["factor"])) for s in condition["steps"])
        if scale != terms:
            yield Fault("condition", f"{place}.steps")
