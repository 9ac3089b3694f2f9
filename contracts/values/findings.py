"""What a rule has to say: a code, how grave it is, and the facts from which a sentence is made.

Findings are values that are collected and decided upon once; they survive storage as JSON
without loss, each fact tagged with its type.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from contracts.values.money import Money
from contracts.values.rates import Rate

Fact: TypeAlias = "str | int | date | Decimal | Money | Rate | tuple[str, ...]"


@enum.unique
class Severity(enum.Enum):
    """How grave a finding is: BLOCK > WARN > INFO."""

    INFO = "info"
    WARN = "warn"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        """0 for the mildest."""
        return list(Severity).index(self)

    def __lt__(self, other: Severity) -> bool:
        return self.rank < other.rank

    def __le__(self, other: Severity) -> bool:
        return self.rank <= other.rank

    def __gt__(self, other: Severity) -> bool:
        return self.rank > other.rank

    def __ge__(self, other: Severity) -> bool:
        return self.rank >= other.rank


@dataclass(frozen=True)
class Finding:
    """One thing found. `subject` says which line, product or contract it is about.

    Raises TypeError for a fact that could not be stored: floats, booleans, instants, lists.
    """

    code: str
    severity: Severity
    subject: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, fact in self.facts.items():
            _encode(name, fact)
        # A copy, so that what was found does not change with the caller's dict.
        object.__setattr__(self, "facts", dict(self.facts))

    @property
    def is_blocking(self) -> bool:
        """Whether the act may not go on."""
        return self.severity is Severity.BLOCK

    @property
    def family(self) -> str:
        """The part of the code before the first dot, e.g. credit."""
        return self.code.partition(".")[0]


def block(code: str, subject: str = "", /, **facts: Fact) -> Finding:
    """A finding that stops the act."""
    return Finding(code, Severity.BLOCK, subject, facts)


def warn(code: str, subject: str = "", /, **facts: Fact) -> Finding:
    """A finding to be read before going on."""
    return Finding(code, Severity.WARN, subject, facts)


def info(code: str, subject: str = "", /, **facts: Fact) -> Finding:
    """A finding that only tells."""
    return Finding(code, Severity.INFO, subject, facts)


def in_currency(findings: Iterable[Finding], currency: str) -> list[Finding]:
    """The findings with their amounts named in the currency in which they were counted.

    Rules count fen; only their caller knows of which money.
    """
    return [
        replace(
            finding,
            facts={
                name: Money(fact.amount, currency) if isinstance(fact, Money) else fact
                for name, fact in finding.facts.items()
            },
        )
        for finding in findings
    ]


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The gravest severity found, or none where nothing was."""
    return max((finding.severity for finding in findings), default=None)


def to_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The findings as JSON values; from_json() makes equal findings of them again."""
    return [
        {
            "code": finding.code,
            "severity": finding.severity.value,
            "subject": finding.subject,
            "facts": facts_to_json(finding.facts),
        }
        for finding in findings
    ]


def facts_to_json(facts: Mapping[str, Fact]) -> dict[str, dict[str, Any]]:
    """The facts as a finding stores them, each under a tag that names its type."""
    return {name: _encode(name, fact) for name, fact in facts.items()}


def from_json(stored: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """The findings that to_json() wrote. ValueError for anything it cannot have written."""
    return [
        Finding(
            code=item["code"],
            severity=Severity(item["severity"]),
            subject=item["subject"],
            facts={name: _decode(tagged) for name, tagged in item["facts"].items()},
        )
        for item in stored
    ]


#: What nearly every fact is, by its very type: a rebate run stores a hundred thousand of them.
_TAGGED: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    str: lambda fact: {"str": fact},
    int: lambda fact: {"int": fact},
    date: lambda fact: {"date": fact.isoformat()},
    Decimal: lambda fact: {"decimal": str(fact)},
    Money: lambda fact: {"money": [str(fact.amount), fact.currency]},
    Rate: lambda fact: {"rate": str(fact.fraction)},
}


def _encode(name: str, fact: Fact) -> dict[str, Any]:
    """One fact under a tag that names its type; heirs of these types go as their parent."""
    if (tagged := _TAGGED.get(type(fact))) is not None:
        return tagged(fact)
    if isinstance(fact, str):
        return {"str": str(fact)}
    if isinstance(fact, int) and not isinstance(fact, bool):
        return {"int": int(fact)}
    if isinstance(fact, date) and not isinstance(fact, datetime):
        return {"date": fact.isoformat()}
    if isinstance(fact, Decimal):
        return {"decimal": str(fact)}
    if isinstance(fact, Money):
        return {"money": [str(fact.amount), fact.currency]}
    if isinstance(fact, Rate):
        return {"rate": str(fact.fraction)}
    if isinstance(fact, tuple) and all(isinstance(part, str) for part in fact):
        return {"strs": list(fact)}
    raise TypeError(f"not a fact: {name}={fact!r}")


def _decode(tagged: Mapping[str, Any]) -> Fact:
    """The fact under its tag."""
    (tag, stored), *others = tagged.items()
    match tag:
        case _ if others:
            pass
        case "str":
            return str(stored)
        case "int":
            return int(stored)
        case "date":
            return date.fromisoformat(stored)
        case "decimal":
            return Decimal(stored)
        case "money":
            amount, currency = stored
            return Money(Decimal(amount), currency)
        case "rate":
            return Rate(Decimal(stored))
        case "strs":
            return tuple(stored)
    raise ValueError(f"not a stored fact: {tagged!r}")
