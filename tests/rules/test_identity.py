"""Firms on paper: credit codes true and mistyped, and licences near their end."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as library

from channel.rules.identity import (
    ALPHABET,
    check_character,
    check_identity,
    check_licence,
    check_uscc,
    compact,
    kind_of,
    masked_phone,
    registered_division,
    uscc_fault,
)
from contracts.values.findings import Severity

ON = date(2026, 11, 21)

#: The weights of GB 32100-2015 by hand: powers of 3 modulo 31.
WEIGHTS = [pow(3, n, 31) for n in range(17)]

bodies = st.builds(
    lambda first, digits, rest: "".join(first + digits + rest),
    st.lists(st.sampled_from(ALPHABET), min_size=2, max_size=2),
    st.lists(st.sampled_from("0123456789"), min_size=6, max_size=6),
    st.lists(st.sampled_from(ALPHABET), min_size=9, max_size=9),
)


@pytest.mark.row("I12")
@pytest.mark.parametrize(
    "code",
    [
        "91110108551385082Q", "91350100M000100Y43", "91110000600037341L", "91511000MA0000000Q",
        "92511083MA0000000W", "91510300MA0000000U", "91510100MA0000000H",
        # Remainder 0 gives the check character 0.
        "913301060000000000",
    ],
)  # fmt: skip
def test_true_codes_pass_and_any_other_last_character_is_refused(code: str) -> None:
    assert uscc_fault(code) == ""
    for last in ALPHABET:
        assert uscc_fault(code[:17] + last) == ("" if last == code[17] else "check")


@pytest.mark.row("I12")
def test_a_changed_last_letter_is_refused_with_the_code_in_the_finding() -> None:
    assert check_uscc("91511000MA0000000Q", "company") == []
    [finding] = check_uscc("91511000MA0000000R", "company")
    assert (finding.code, finding.severity) == ("identity.uscc_check", Severity.BLOCK)
    assert finding.facts["uscc"] == "91511000MA0000000R"


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y4",  # seventeen places
        "91350100M000100Y433",  # nineteen
        "9135O100M000100Y43",  # a letter inside the division code
        "91350100M0I0100Y43",  # letters that the standard leaves out
        "91350100M0O0100Y43",
        "91350100M0S0100Y43",
        "91350100M0V0100Y43",
        "91350100M0Z0100Y43",
        "91350100m000100y43",  # compact() comes first
        "９1350100M000100Y43",
    ],
)
def test_other_shapes_are_refused_as_shapes(code: str) -> None:
    assert uscc_fault(code) == "shape"


def test_codes_that_begin_with_a_letter_pass_though_the_library_refuses_them() -> None:
    code = "N1511083MA0000000" + check_character("N1511083MA0000000")
    assert uscc_fault(code) == ""
    assert not library.is_valid(code)
    assert uscc_fault(code[:-1] + ("0" if code[-1] != "0" else "1")) == "check"


@given(bodies)
def test_the_check_character_is_that_of_the_standard(body: str) -> None:
    total = sum(ALPHABET.index(c) * w for c, w in zip(body, WEIGHTS, strict=True))
    assert (total + ALPHABET.index(check_character(body))) % 31 == 0


@given(bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_mistyped_character_never_passes(body: str, place: int, typed: str) -> None:
    code = body + check_character(body)
    wrong = code[:place] + typed + code[place + 1 :]
    assert uscc_fault(code) == ""
    assert (uscc_fault(wrong) == "") == (wrong == code)


@given(bodies, st.integers(0, 16))
def test_two_neighbours_exchanged_never_pass(body: str, place: int) -> None:
    code = body + check_character(body)
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (uscc_fault(wrong) == "") == (wrong == code)


def test_a_code_is_stored_in_capitals_without_gaps() -> None:
    assert compact(" 91511000 ma0000000-q ") == "91511000MA0000000Q"
    assert compact("９１511000ＭＡ0000000Ｑ") == "91511000MA0000000Q"


def test_the_code_tells_place_of_registration_and_kind() -> None:
    assert registered_division("92511083MA0000000W") == "511083"
    assert kind_of("92511083MA0000000W") == "sole_trader"
    assert kind_of("93511000MA0000000X") == "cooperative"
    assert kind_of("N1511083MA00000000") is None


def test_a_code_of_another_kind_is_warned_of() -> None:
    [finding] = check_uscc("92511083MA0000000W", "company")
    assert (finding.code, finding.severity) == ("identity.kind_differs", Severity.WARN)
    assert (finding.facts["told"], finding.facts["entered"]) == ("sole_trader", "company")
    assert check_uscc("92511083MA0000000W", "sole_trader") == []


def test_a_missing_code_is_warned_of_except_abroad() -> None:
    assert [f.code for f in check_uscc(None, "company")] == ["identity.uscc_missing"]
    assert [f.code for f in check_uscc("", "sole_trader")] == ["identity.uscc_missing"]
    assert check_uscc(None, "foreign") == []


@pytest.mark.row("I12")
@pytest.mark.parametrize(
    ("until", "code", "days"),
    [
        (date(2026, 12, 22), None, 31),
        (date(2026, 12, 21), "identity.licence_expiring", 30),
        (date(2026, 11, 22), "identity.licence_expiring", 1),
        (date(2026, 11, 21), "identity.licence_expiring", 0),
        (date(2026, 11, 20), "identity.licence_expired", 1),
        (None, None, 0),
    ],
)
def test_a_licence_is_warned_of_thirty_days_before_its_end(
    until: date | None, code: str | None, days: int
) -> None:
    found = check_licence(until, ON)
    assert [f.code for f in found] == ([code] if code else [])
    for finding in found:
        assert finding.severity is Severity.WARN
        assert finding.facts == {"until": until, "days": days}


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = check_identity("91511000MA0000000R", "company", date(2026, 11, 1), ON)
    assert [f.code for f in found] == ["identity.uscc_check", "identity.licence_expired"]


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13812348000", "138****8000"), ("0832-1234567", "083****4567"), ("12345", "****45"),
     ("", "")],
)  # fmt: skip
def test_phones_are_masked(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown
