"""Amounts in capital numerals: the table of the trade, and every amount can be read back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.words import amount_in_words
from tests.golden import cases, fen

_FIGURES = {figure: value for value, figure in enumerate("零壹贰叁肆伍陆柒捌玖")}
_SMALL = {"拾": 10, "佰": 100, "仟": 1000}
_FEN_OF = {"元": 100, "角": 10, "分": 1}


def read_back(words: str) -> int:
    """The fen of an amount in words, read without knowing how they were made."""
    body = words.removeprefix("人民币")
    sign = -1 if body.startswith("负") else 1
    total = section = myriad = figure = high = 0
    for character in body.removeprefix("负").removesuffix("整"):
        if character in _FIGURES:
            figure = _FIGURES[character]
        elif character in _SMALL:
            section, figure = section + figure * _SMALL[character], 0
        elif character == "万":
            myriad, section, figure = (section + figure) * 10_000, 0, 0
        elif character == "亿":
            high, myriad, section, figure = (myriad + section + figure) * 10**8, 0, 0, 0
        else:
            total += (high + myriad + section + figure) * _FEN_OF[character]
            high = myriad = section = figure = 0
    return sign * total


@pytest.mark.parametrize("case", cases("amount_in_words"))
def test_words_of_a_figure(case: dict[str, Any]) -> None:
    assert amount_in_words(fen(case["figure"])) == case["words"]


@pytest.mark.row("P03")
@given(st.integers(-(10**18) + 1, 10**18 - 1) | st.integers(-(10**9), 10**9))
def test_every_amount_can_be_read_back(amount: int) -> None:
    assert read_back(amount_in_words(amount)) == amount


@given(st.integers(0, 10**18 - 1), st.integers(0, 17))
def test_zeros_are_never_doubled_and_never_last(amount: int, cleared: int) -> None:
    words = amount_in_words(amount // 10**cleared * 10**cleared or 100)
    assert "零零" not in words
    assert "零万" not in words and "零亿" not in words and "零元" not in words
    assert words.endswith(("整", "角", "分"))
    assert (words.endswith("整")) == ("角" not in words and "分" not in words)


def test_an_amount_beyond_the_numerals_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        amount_in_words(10**18)


@pytest.mark.parametrize("amount", [1.0, True, "1"])
def test_words_are_made_of_whole_fen(amount: Any) -> None:
    with pytest.raises(TypeError, match="whole"):
        amount_in_words(amount)
