"""Instalments always sum, impossible terms are told, and paying early takes off what was agreed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.instalments import EarlyDiscount, Share, check_amount, cut
from contracts.payment_terms import PaymentTerm, check, from_json, schedule, to_json
from contracts.values.money import Money
from contracts.values.rates import Rate
from tests.contracts.values.calendar_2026 import CALENDAR
from tests.golden import cases, fen

ON = date(2026, 11, 2)


def share(kind: Any, figure: str = "", days: int = 0) -> Share:
    if kind == "fixed":
        return Share(kind, days, amount_fen=fen(figure))
    return Share(kind, days, rate=Rate.percent(figure or "0"))


def net(*shares: Share, **more: Any) -> PaymentTerm:
    return PaymentTerm("net_days", 30, shares=shares, **more)


SHARES = st.lists(
    st.one_of(
        st.builds(Share, st.just("fixed"), st.integers(0, 90), st.integers(1, 10**7)),
        st.builds(
            Share,
            st.sampled_from(["of_total", "of_rest"]),
            st.integers(0, 90),
            st.just(0),
            st.decimals("0.01", "99.99", places=2).map(Rate.percent),
        ),
    ),
    max_size=5,
).flatmap(lambda found: st.integers(0, 120).map(lambda d: (*found, Share("rest", d))))
TOTALS = st.integers(-(10**10), 10**10)


@pytest.mark.parametrize("case", cases("instalments"))
def test_what_is_due_when(case: dict[str, Any]) -> None:
    term = net(*(share(kind, figure, days) for kind, figure, days in case["shares"]))
    parts = schedule(term, fen(case["total"]), case["from"], CALENDAR)
    assert [(p.due, p.amount_fen) for p in parts] == [(d, fen(a)) for d, a in case["parts"]]


@pytest.mark.row("A07")
@given(SHARES, TOTALS, st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_the_instalments_always_sum(shares: tuple[Share, ...], total: int, on: date) -> None:
    parts = schedule(net(*shares), total, on, CALENDAR)
    assert sum(p.amount_fen for p in parts) == total
    assert all(p.amount_fen * total > 0 for p in parts) or total == 0
    assert [p.due for p in parts] == sorted(p.due for p in parts)
    assert 1 <= len(parts) <= len(shares)


@given(SHARES, TOTALS)
def test_a_credit_note_mirrors_its_invoice(shares: tuple[Share, ...], total: int) -> None:
    assert cut(shares, -total) == [(index, -amount) for index, amount in cut(shares, total)]


@given(SHARES, TOTALS, st.sampled_from(["gross", "net"]), st.integers(1, 99))
def test_the_discount_sums_and_never_exceeds(
    shares: tuple[Share, ...], total: int, base: Any, percent: int
) -> None:
    discount = EarlyDiscount(10, Rate.percent(percent), base)
    net_fen = total * 100 // 113
    parts = schedule(net(*shares, discount=discount), total, ON, CALENDAR, net_fen)
    assert sum(p.discount_fen for p in parts) == discount.fen(total, net_fen)
    assert all(abs(p.discount_fen) <= abs(p.amount_fen) for p in parts)
    assert all((p.discount_until is None) == (p.discount_fen == 0) for p in parts)


@pytest.mark.row("A07")
@pytest.mark.parametrize(
    ("base", "off"), [("gross", "226.00"), ("net", "200.00")], ids=["of gross", "of net"]
)
def test_two_per_cent_for_ten_days(base: Any, off: str) -> None:
    """11,300.00 with 13 % VAT: 2 % is 226.00 of the gross and 200.00 of the net 10,000.00."""
    term = PaymentTerm("net_days", 30, discount=EarlyDiscount(10, Rate.percent(2), base))
    [only] = schedule(term, 1_130_000, ON, CALENDAR, 1_000_000)
    assert (only.discount_until, only.discount_fen) == (date(2026, 11, 12), fen(off))
    assert (only.due, only.amount_fen) == (date(2026, 12, 2), 1_130_000)


def test_an_instalment_due_at_once_is_early_on_that_day_only() -> None:
    term = net(
        share("of_total", "50"), share("rest", "", 30), discount=EarlyDiscount(10, Rate.percent(2))
    )
    first, second = schedule(term, 10_000, ON, CALENDAR)
    assert (first.discount_until, second.discount_until) == (ON, date(2026, 11, 12))


def test_instalments_follow_the_convention_and_roll() -> None:
    term = PaymentTerm(
        "days_end_of_month",
        0,
        None,
        "invoice",
        "next",
        shares=(share("of_total", "40", 0), share("rest", "", 31)),
    )
    first, second = schedule(term, 100, date(2026, 1, 5), CALENDAR)
    assert (first.due, first.pay_by) == (date(2026, 1, 31), date(2026, 2, 2))
    # 28 February 2026 is a make-up Saturday, so it is worked.
    assert (second.due, second.pay_by) == (date(2026, 2, 28), date(2026, 2, 28))


IMPOSSIBLE = [
    ("no rest", [share("of_total", "30"), share("of_total", "70")], "payment.no_rest"),
    ("rest first", [share("rest"), share("of_total", "30")], "payment.rest_not_last"),
    ("over", [share("of_total", "60"), share("of_total", "60"), share("rest")],
     "payment.shares_over"),
    ("one over", [share("of_rest", "101"), share("rest")], "payment.share_over"),
    ("nothing left", [share("of_total", "30"), share("of_total", "70"), share("rest")],
     "payment.rest_nothing"),
    ("all of the rest", [share("of_rest", "100"), share("rest")], "payment.rest_nothing"),
    ("nothing", [share("of_total", "0"), share("rest")], "payment.share_nothing"),
    ("fixed nothing", [share("fixed", "0.00"), share("rest")], "payment.share_nothing"),
    ("too many", [*[share("of_rest", "1")] * 24, share("rest")], "payment.too_many_shares"),
]  # fmt: skip


@pytest.mark.row("A07")
@pytest.mark.parametrize(
    ("shares", "code"), [case[1:] for case in IMPOSSIBLE], ids=[case[0] for case in IMPOSSIBLE]
)
def test_impossible_shares_are_refused(shares: list[Share], code: str) -> None:
    assert code in [finding.code for finding in check(net(*shares))]
    assert all(finding.is_blocking for finding in check(net(*shares)))


@pytest.mark.parametrize("rate", ["0", "-1", "100", "120"])
def test_a_discount_of_nothing_or_all_is_refused(rate: str) -> None:
    term = PaymentTerm("net_days", 30, discount=EarlyDiscount(10, Rate.percent(rate)))
    assert [f.code for f in check(term)] == ["payment.discount_rate"]


def test_a_discount_must_end_before_the_money_is_due() -> None:
    discount = EarlyDiscount(30, Rate.percent(2))
    [finding] = check(PaymentTerm("net_days", 30, discount=discount))
    assert (finding.code, finding.facts) == (
        "payment.discount_late",
        {"days": 30, "due_days": 30},
    )
    assert check(PaymentTerm("net_days", 31, discount=discount)) == []
    assert check(PaymentTerm("end_of_month_plus", 0, discount=discount)) == []


def test_prepaid_has_neither_instalments_nor_discount() -> None:
    prepaid = PaymentTerm("prepaid", shares=(share("rest"),))
    assert [f.code for f in check(prepaid)] == ["payment.prepaid_parts"]


def test_fixed_shares_above_an_amount_are_told() -> None:
    shares = (share("fixed", "600.00"), share("fixed", "500.00", 10), share("rest", "", 30))
    [finding] = check_amount(shares, fen("1,000.00"))
    assert finding.code == "payment.fixed_above_total"
    assert finding.facts == {
        "fixed": Money(Decimal("1100.00"), "CNY"),
        "total": Money(Decimal("1000.00"), "CNY"),
    }
    assert check_amount(shares, fen("1,100.00")) == []


@given(SHARES, st.integers(0, 60), st.integers(1, 99))
def test_storage_loses_nothing(shares: tuple[Share, ...], days: int, percent: int) -> None:
    term = net(*shares, discount=EarlyDiscount(days, Rate.percent(percent), "net"))
    assert from_json(to_json(term)) == term


def test_what_was_stored_before_instalments_still_reads_and_is_not_rewritten() -> None:
    old = {"kind": "net_days", "days": 30, "day": None, "basis": "shipment", "roll": "next"}
    assert from_json(old) == PaymentTerm("net_days", 30, roll="next")
    assert to_json(from_json(old)) == old


@pytest.mark.parametrize(
    "wrong", [lambda: Share("half"), lambda: Share("rest", -1),  # type: ignore[arg-type]
              lambda: EarlyDiscount(-1, Rate.percent(2)),
              lambda: EarlyDiscount(1, Rate.percent(2), "tax")],  # type: ignore[arg-type]
)  # fmt: skip
def test_what_is_no_share_or_discount(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"share|discount"):
        wrong()
