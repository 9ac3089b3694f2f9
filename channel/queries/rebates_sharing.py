"""The exact share of a sum in integer SQL: `amount × part ÷ whole`, half-up, on both databases.

The product of two large amounts does not fit into 64 bits; it is divided in two digits instead,
as on paper. Cumulative shares telescope: paid in parts or at once, a line counts in full.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

#: The base of the digits, in fen. A whole of up to 31 thousand million yuan fits.
DIGIT = 1 << 20


def share(amount: Any, part: Any, whole: Any) -> Any:
    """`amount × part ÷ whole` in whole units, half away from zero; 0 where part or whole is 0 or
    they have other signs. |part| is taken as at most |whole|."""
    value, total = _size(amount), sa.func.nullif(_size(whole), 0, type_=sa.BigInteger)
    taken = sa.case((_size(part) < total, _size(part)), else_=total)
    times, rest = value // total, value % total
    high = (taken // DIGIT) * rest
    low = (high % total) * DIGIT + (taken % DIGIT) * rest
    found = taken * times + (high // total) * DIGIT + low // total
    rounded = found + sa.case(((low % total) * 2 >= total, 1), else_=0)
    return sa.case(
        (sa.or_(whole == 0, part == 0, (part > 0) != (whole > 0)), 0),
        (amount < 0, -rounded),
        else_=rounded,
    )


def _size(number: Any) -> Any:
    return sa.func.abs(number, type_=sa.BigInteger)
