"""Bank lines: whose money it is, by which hint, and when two lines are one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.bank import Known, Line, fingerprint, match, plain_account, tokens
from channel.rules.collection import plain_name

LINE = Line(date(2026, 11, 20), 1_000_000, "内江市蜀味商贸有限公司", "5105 0166 1234", "货款")
KNOWN = Known(
    accounts={"510501661234": {1}, "622848": {1, 2}},
    names={plain_name("内江市蜀味商贸有限公司"): {1}, plain_name("自贡川盐商行"): {2}},
    aliases={plain_name("张三"): {3}, plain_name("李四"): {1, 3}},
    numbers={"IV-2026-000007": {2}, "SO-2026-000009": {3}},
)


@pytest.mark.row("A08")
@pytest.mark.parametrize(
    ("changes", "owner", "reason"),
    [
        ({}, 1, "account"),
        # The account is believed before the name, the name before the number.
        ({"payer_name": "自贡川盐商行", "purpose": "SO-2026-000009"}, 1, "account"),
        ({"payer_account": ""}, 1, "name"),
        ({"payer_account": "999", "payer_name": "自贡川盐商行 ", "purpose": "SO-2026-000009"},
         2, "name"),
        ({"payer_account": "", "payer_name": "张三", "purpose": "IV-2026-000007"}, 3, "alias"),
        ({"payer_account": "", "payer_name": "王五", "purpose": "付iv-2026-000007货款"},
         2, "number"),
        ({"payer_account": "", "payer_name": "", "purpose": "货款"}, None, "unknown"),
        # What fits several waits for a person, whatever weaker hints say.
        ({"payer_account": "622848"}, None, "ambiguous"),
        ({"payer_account": "", "payer_name": "李四", "purpose": "IV-2026-000007"},
         None, "ambiguous"),
        ({"payer_account": "", "payer_name": "", "purpose": "IV-2026-000007 SO-2026-000009"},
         None, "ambiguous"),
        ({"amount_fen": -1}, None, "outgoing"),
    ],
)  # fmt: skip
def test_a_line_is_given_by_the_strongest_hint(
    changes: dict[str, object], owner: int | None, reason: str
) -> None:
    found = match(replace(LINE, **changes), KNOWN)  # type: ignore[arg-type]
    assert (found.distributor_id, found.reason) == (owner, reason)


def test_accounts_are_told_apart_without_blanks_and_width() -> None:
    assert plain_account(" 5105-0166 １２３４ ") == "510501661234"


def test_numbers_stand_anywhere_in_a_purpose() -> None:
    text = "付SO-2026-000001/IV-2026-000002 2026年11月货款（发票No.12345678）"
    assert tokens(text) == ["SO-2026-000001", "IV-2026-000002", "2026", "12345678"]


def test_the_number_of_the_bank_makes_a_line() -> None:
    one = replace(LINE, reference="A 001")
    assert fingerprint(one, "CNY") == fingerprint(replace(one, purpose="别的附言"), "CNY", 4)
    assert fingerprint(one, "CNY") != fingerprint(replace(one, reference="A002"), "CNY")
    assert fingerprint(one, "CNY") != fingerprint(replace(one, amount_fen=1), "CNY")


def test_without_a_number_all_that_is_said_makes_it() -> None:
    same = replace(LINE, payer_account="510501661234", purpose="货　款")
    assert fingerprint(LINE, "CNY") == fingerprint(same, "CNY")
    assert fingerprint(LINE, "CNY") != fingerprint(LINE, "CNY", 1)
    assert fingerprint(LINE, "CNY") != fingerprint(LINE, "USD")


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=60))
def test_any_text_is_matched_or_waits(name: str, account: str, purpose: str) -> None:
    found = match(replace(LINE, payer_name=name, payer_account=account, purpose=purpose), KNOWN)
    assert (found.distributor_id is None) == (found.reason in ("unknown", "ambiguous"))
