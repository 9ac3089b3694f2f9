"""The input lines of a statement: their number, hash and sums, and each line's share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from channel.checker.arithmetic import half_up, number, whole

#: (kind of fault, place, what is told, what it must be)
Compared = tuple[str, str, Any, Any]


def check_lines(file: Mapping[str, Any], doc: Mapping[str, Any]) -> Iterator[Compared]:
    """What must be equal, pair by pair; nothing where the file holds no lines."""
    lines = file.get("lines")
    if file.get("line_count") is not None and "line_count" in doc:
        yield "lines_count", "line_count", file["line_count"], doc["line_count"]
    if not lines:
        return
    yield "lines_count", "line_count", file["line_count"], len(lines)
    yield "lines_hash", "lines_sha256", file["lines_sha256"], _hash(lines)
    total = sum(whole(line["value_e4"], "lines.value_e4") for line in lines)
    yield "lines_base", "lines", total, doc["base_e4"]
    parts = (doc.get("facts") or {}).get("parts") or {}
    if len(parts) > 1:
        for name, figures in sorted(parts.items()):
            own = sum(line["value_e4"] for line in lines if line["part"] == name)
            yield "lines_base", f"lines[{name}]", own, figures.get("base_e4", 0)
    if not any("free" in line for line in lines):
        yield from _quantities(lines, doc, parts)
    yield from _shares(lines, doc)


def _quantities(
    lines: Sequence[Mapping[str, Any]], doc: Mapping[str, Any], parts: Mapping[str, Any]
) -> Iterator[Compared]:
    """Where quantities are measured, the lines hold them all."""
    terms = doc.get("terms") or {}
    by_quantity = (terms.get("base") or {}).get("measure") == "quantity"
    if by_quantity or terms.get("pays") == "per_unit":
        told = sum(whole(line["quantity"], "lines.quantity") for line in lines)
        found = sum(figures.get("quantity", 0) for figures in parts.values())
        yield "lines_quantity", "lines", told, found


def _hash(lines: Sequence[Mapping[str, Any]]) -> str:
    names = ("document", "line", "date", "part", "product", "quantity", "value_e4")
    text = "".join("|".join(str(line[name]) for name in names) + "\n" for line in lines)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _shares(lines: Sequence[Mapping[str, Any]], doc: Mapping[str, Any]) -> Iterator[Compared]:
    """The rebate by the running total of the lines, rounded half up at each."""
    weights = _weights(lines, doc)
    total, earned = sum(weights, Fraction(0)), doc["entitlement_fen"]
    reached, given = Fraction(0), 0
    for at, (line, weight) in enumerate(zip(lines, weights, strict=True)):
        if total:
            reached += weight
            now = half_up(earned * reached / total)
            share, given = now - given, now
        else:
            share = 0 if not earned else None  # type: ignore[assignment]
        yield "share", f"lines[{at + 1}].share_fen", line["share_fen"], share


def _weights(lines: Sequence[Mapping[str, Any]], doc: Mapping[str, Any]) -> list[Fraction]:
    """A line weighs its portion of its part, times what the part gives."""
    per_unit = (doc.get("terms") or {}).get("pays") == "per_unit"
    sizes = [Fraction(line["quantity" if per_unit else "value_e4"]) for line in lines]
    parts = doc.get("parts") or []
    if len(parts) < 2:
        return sizes
    gives = {part["name"]: number(part["amount"]) for part in parts}
    sums: dict[str, Fraction] = {}
    for line, size in zip(lines, sizes, strict=True):
        sums[line["part"]] = sums.get(line["part"], Fraction(0)) + size
    return [
        gives.get(line["part"], Fraction(0)) * size / sums[line["part"]]
        if sums[line["part"]]
        else Fraction(0)
        for line, size in zip(lines, sizes, strict=True)
    ]
