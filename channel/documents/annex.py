"""The input lines behind a statement: each with its share of the rebate, and one hash over all.

Shares follow the running total: after each line, the rebate so far is the whole rebate times the
part of the weight reached, rounded half up to fen; a line's share is what it adds. So the shares
add up to the fen, in whatever way the lines fall.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypedDict, cast

#: So many lines are printed as pages; longer lists are kept in the file only.
MOST_PRINTED = 150


class InputLine(TypedDict):
    """One line that counts; `part` is the part of the facts that it belongs to."""

    document: str
    line: int
    date: str
    part: str
    product: str
    name: str
    quantity: int
    value_e4: int
    share_fen: int | None


class Annex(TypedDict):
    """The lines of a statement, or only their number and hash where there are too many."""

    count: int
    sha256: str
    quantity: int
    value_e4: int
    shared_fen: int | None
    lines: list[InputLine]


def annex_of(doc: Mapping[str, Any], lines: Sequence[InputLine]) -> Annex:
    """The annex of a statement with its shares filled in."""
    shared = with_shares(doc, lines)
    told = [line["share_fen"] for line in shared]
    return Annex(
        count=len(shared),
        sha256=lines_hash(shared),
        quantity=sum(line["quantity"] for line in shared),
        value_e4=sum(line["value_e4"] for line in shared),
        shared_fen=None if None in told else sum(share or 0 for share in told),
        lines=shared,
    )


def with_shares(doc: Mapping[str, Any], lines: Sequence[InputLine]) -> list[InputLine]:
    """The lines in their order with `share_fen`; None on all where there is nothing to weigh by."""
    weights = _weights(doc, lines)
    total = sum(weights, Fraction(0))
    entitlement = doc["entitlement_fen"]
    shared: list[InputLine] = []
    reached, given = Fraction(0), 0
    for line, weight in zip(lines, weights, strict=True):
        share: int | None = None
        if total:
            reached += weight
            now = half_up(entitlement * reached / total)
            share, given = now - given, now
        elif not entitlement:
            share = 0
        shared.append(cast(InputLine, {**line, "share_fen": share}))
    return shared


def _weights(doc: Mapping[str, Any], lines: Sequence[InputLine]) -> list[Fraction]:
    """What each line weighs: its part's rebate times its own portion of the part."""
    by_quantity = (doc.get("terms") or {}).get("pays") == "per_unit"
    sizes = [line["quantity"] if by_quantity else line["value_e4"] for line in lines]
    parts = doc.get("parts") or []
    if len(parts) < 2:
        return [Fraction(size) for size in sizes]
    amounts = {part["name"]: Fraction(Decimal(part["amount"])) for part in parts}
    sums: dict[str, int] = {}
    for line, size in zip(lines, sizes, strict=True):
        sums[line["part"]] = sums.get(line["part"], 0) + size
    return [
        amounts.get(line["part"], Fraction(0)) * size / sums[line["part"]]
        if sums[line["part"]]
        else Fraction(0)
        for line, size in zip(lines, sizes, strict=True)
    ]


def half_up(number: Fraction) -> int:
    """To a whole number, half away from zero."""
    size = abs(number)
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return whole if number >= 0 else -whole


def lines_hash(lines: Iterable[InputLine]) -> str:
    """SHA-256 over the lines' text: document|line|date|part|product|quantity|value_e4, LF."""
    digest = hashlib.sha256()
    for line in lines:
        fields = (line["document"], line["line"], line["date"], line["part"], line["product"],
                  line["quantity"], line["value_e4"])  # fmt: skip
        digest.update(("|".join(map(str, fields)) + "\n").encode("utf-8"))
    return digest.hexdigest()
