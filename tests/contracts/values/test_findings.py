"""Findings carry typed facts, order by gravity, and survive storage without loss."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.findings import (
    Finding,
    Severity,
    block,
    from_json,
    in_currency,
    info,
    to_json,
    warn,
    worst,
)
from contracts.values.money import Money
from contracts.values.rates import Rate

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)
FACTS = st.one_of(
    st.text(),
    st.integers(),
    st.dates(),
    DECIMALS,
    st.builds(Money, DECIMALS, st.sampled_from(["CNY", "USD"])),
    st.builds(Rate, DECIMALS),
    st.lists(st.text()).map(tuple),
)
FINDINGS = st.builds(
    Finding,
    code=st.sampled_from(["credit.over_limit", "minimum.below"]),
    severity=st.sampled_from(Severity),
    subject=st.text(),
    facts=st.dictionaries(st.text(min_size=1), FACTS, max_size=5),
)


@given(st.lists(FINDINGS, max_size=4))
def test_storage_loses_nothing(findings: list[Finding]) -> None:
    restored = from_json(json.loads(json.dumps(to_json(findings))))
    assert restored == findings
    for before, after in zip(findings, restored, strict=True):
        for name, fact in before.facts.items():
            assert type(after.facts[name]) is type(fact)
            assert str(after.facts[name]) == str(fact)  # 1.0 is not 1.00


@pytest.mark.row("B02")
def test_a_stored_finding_can_be_read_by_people() -> None:
    finding = block("credit.over_limit", "D1", excess=Money.from_fen(500_000))
    assert to_json([finding]) == [
        {
            "code": "credit.over_limit",
            "severity": "block",
            "subject": "D1",
            "facts": {"excess": {"money": ["5000.00", "CNY"]}},
        }
    ]


@pytest.mark.parametrize("fact", [1.5, True, None, ["a"], (1,), {"a": 1}, datetime(2026, 1, 1)])
def test_what_cannot_be_stored_is_no_fact(fact: Any) -> None:
    with pytest.raises(TypeError, match="not a fact: amount"):
        block("some.code", amount=fact)


@pytest.mark.parametrize("fact", [{}, {"float": 1.5}, {"int": 1, "str": "1"}])
def test_what_was_never_stored_is_not_read(fact: dict[str, Any]) -> None:
    stored = [{"code": "a.b", "severity": "warn", "subject": "", "facts": {"x": fact}}]
    with pytest.raises(ValueError, match=r"not a stored fact|unpack"):
        from_json(stored)


def test_gravity() -> None:
    assert Severity.BLOCK > Severity.WARN > Severity.INFO
    assert Severity.INFO <= Severity.INFO < Severity.WARN <= Severity.BLOCK
    assert Severity.BLOCK >= Severity.BLOCK
    assert not Severity.BLOCK < Severity.BLOCK and not Severity.BLOCK > Severity.BLOCK
    assert worst([info("a.a"), block("b.b"), warn("c.c")]) is Severity.BLOCK
    assert worst([info("a.a")]) is Severity.INFO
    assert worst([]) is None


@given(st.lists(FINDINGS, max_size=5))
def test_the_worst_does_not_depend_on_the_order(findings: list[Finding]) -> None:
    assert worst(findings) == worst(findings[::-1])


def test_parts_of_a_finding() -> None:
    finding = warn("credit.overdue", "D1", days=3, due=date(2026, 10, 1), rate=Rate(Decimal(1)))
    assert finding.family == "credit"
    assert not finding.is_blocking and block("a.b").is_blocking


def test_a_finding_keeps_its_facts() -> None:
    facts: dict[str, Any] = {"days": 3}
    finding = Finding("credit.overdue", Severity.WARN, facts=facts)
    facts["days"] = 4
    assert finding.facts == {"days": 3}


def test_amounts_are_named_in_the_currency_in_which_they_were_counted() -> None:
    counted = [
        warn("credit.over_limit", excess=Money.from_fen(500_000), days=3),
        block("credit.overdue", pay=Money.from_fen(100)),
    ]
    named = in_currency(counted, "USD")
    assert [f.code for f in named] == ["credit.over_limit", "credit.overdue"]
    assert named[0].facts == {"excess": Money(Decimal("5000.00"), "USD"), "days": 3}
    assert named[1].severity is Severity.BLOCK
    assert counted[1].facts["pay"] == Money(Decimal("1.00"), "CNY")
