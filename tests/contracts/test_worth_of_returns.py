"""Goods that come back: worth what the line sold was worth, exactly, in whatever portions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.returns import NOTHING, Line, check, credit, left

#: 30 boxes for 10,000.00 incl. 13 % VAT: 8,849.56 net.
SOLD = Line(30, 88_495_600, 100_000_000)


@pytest.mark.row("E04")
@pytest.mark.parametrize(
    ("returned", "quantity", "net_e4", "gross_e4"),
    [
        (NOTHING, 30, 88_495_600, 100_000_000),
        (NOTHING, 10, 29_498_500, 33_333_300),
        (Line(10, 29_498_500, 33_333_300), 10, 29_498_600, 33_333_400),
        (Line(20, 58_997_100, 66_666_700), 10, 29_498_500, 33_333_300),
        # An imported return that credited more: the last units take only what is left.
        (Line(29, 90_000_000, 101_000_000), 1, 0, 0),
    ],
)
def test_parts_are_worth_their_share_to_the_fen(returned, quantity, net_e4, gross_e4):
    assert credit(SOLD, returned, quantity) == Line(quantity, net_e4, gross_e4)


def test_a_ledger_with_four_decimals_keeps_them():
    assert credit(Line(3, 10_001, 11_301), NOTHING, 1) == Line(1, 3_334, 3_767)


def test_free_goods_come_back_for_nothing():
    assert credit(Line(5, 0, 0), NOTHING, 2) == Line(2, 0, 0)


@pytest.mark.parametrize("quantity", [0, -1, 31])
def test_never_more_than_was_sold(quantity):
    with pytest.raises(ValueError, match="cannot come back"):
        credit(SOLD, NOTHING, quantity)


def test_the_wish_is_checked_against_what_is_left():
    returned = Line(25, 0, 0)
    assert left(SOLD, returned) == 5
    assert check(5, SOLD, returned, "A") == []
    [finding] = check(6, SOLD, returned, "A")
    assert (finding.code, finding.facts["left"], finding.facts["returned"]) == (
        "return.too_many", 5, 25,
    )  # fmt: skip
    assert check(-1, SOLD, returned, "A")


@pytest.mark.row("E04")
@given(
    net=st.integers(0, 10**12),
    tax=st.integers(0, 10**11),
    portions=st.lists(st.integers(1, 50), min_size=1, max_size=8),
    in_fen=st.booleans(),
)
def test_portions_add_up_to_the_line(net, tax, portions, in_fen):
    unit = 100 if in_fen else 1
    sold = Line(sum(portions), net * unit, (net + tax) * unit)
    returned = NOTHING
    for portion in portions:
        part = credit(sold, returned, portion)
        assert part.net_e4 >= 0 and part.gross_e4 >= 0
        assert part.net_e4 % unit == 0 and part.gross_e4 % unit == 0
        returned = Line(
            returned.quantity + portion,
            returned.net_e4 + part.net_e4,
            returned.gross_e4 + part.gross_e4,
        )
    assert returned == sold
