"""Heads and lines in two files: a join loses nothing, and rows are left out by a stated rule."""

from __future__ import annotations

import pytest

from channel.tabular.reading import read_table
from channel.tabular.shaping import filled, join, only
from channel.tabular.tables import Table, TableRefused


def a_table(text: str) -> Table:
    return read_table(text.encode(), "t.csv")


LINES = a_table("InvoiceID,Line,Amount\n1,1,10\n1,2,20\n2,1,30\n")
HEADS = a_table("InvoiceID,Customer,Amount\n2,D2,99\n1,D1,99\n")


def test_lines_take_the_columns_of_their_heads_and_keep_their_own() -> None:
    joined = join(LINES, HEADS, "InvoiceID")
    assert joined.header == ("InvoiceID", "Line", "Amount", "Customer")
    assert [row.cells[3] for row in joined.rows] == ["D1", "D1", "D2"]
    assert [row.number for row in joined.rows] == [2, 3, 4]


@pytest.mark.parametrize(
    ("heads", "on", "code"),
    [
        ("InvoiceID,Customer\n1,D1\n", "InvoiceID", "file.join_missing"),
        ("InvoiceID,Customer\n1,D1\n1,D2\n2,D3\n", "InvoiceID", "file.join_doubled"),
        ("Other,Customer\n1,D1\n", "InvoiceID", "file.join_column"),
    ],
)
def test_a_join_that_would_lose_or_double_a_line_is_refused(heads: str, on: str, code: str) -> None:
    with pytest.raises(TableRefused) as caught:
        join(LINES, a_table(heads), on)
    assert caught.value.code == code


def test_rows_are_left_out_by_value_or_when_blank() -> None:
    kinds = a_table("Kind,Price\n1,5\n3,\n1,6\n")
    assert [row.number for row in only(kinds, "Kind", {"1"}).rows] == [2, 4]
    assert [row.number for row in filled(kinds, "Price").rows] == [2, 4]
    with pytest.raises(KeyError):
        only(kinds, "None", {"1"})
