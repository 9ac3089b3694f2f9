"""Notice of another delivery place, in working days; and who may pay how."""

from __future__ import annotations

from datetime import date

import pytest

from channel.rules.collection import check_receipt, plain_name
from channel.rules.delivery import notice
from contracts.values.workdays import WorkCalendar

CALENDAR = WorkCalendar({date(2026, 10, day): False for day in range(1, 8)}, frozenset({2026}))


@pytest.mark.row("A12")
@pytest.mark.parametrize(
    ("asked", "planned", "given", "late"),
    [
        (date(2026, 11, 17), date(2026, 11, 20), 3, False),
        (date(2026, 11, 18), date(2026, 11, 20), 2, True),
        (date(2026, 11, 19), date(2026, 11, 20), 1, True),
        (date(2026, 11, 20), date(2026, 11, 20), 0, True),
        (date(2026, 11, 23), date(2026, 11, 20), -1, True),
        # A week-end gives no notice: Friday to Monday is one working day.
        (date(2026, 11, 20), date(2026, 11, 23), 1, True),
        # The holidays neither.
        (date(2026, 9, 29), date(2026, 10, 9), 3, False),
    ],
)
def test_notice_is_counted_in_working_days(asked, planned, given, late):
    told = notice(asked, planned, 3, CALENDAR)
    assert (told.given_days, told.is_late) == (given, late)


def test_without_a_planned_day_nothing_is_late():
    told = notice(date(2026, 11, 20), None, 3, CALENDAR)
    assert (told.given_days, told.is_late) == (None, False)


@pytest.mark.row("A08")
def test_a_method_that_is_not_agreed_and_another_payer():
    found = check_receipt("cash", ("transfer", "acceptance_bill"), "张三", "内江蜀味")
    assert [f.code for f in found] == ["receipt.method_not_allowed", "receipt.payer_differs"]
    assert found[0].facts["methods"] == ("transfer", "acceptance_bill")
    assert check_receipt("transfer", ("transfer",), "", "内江蜀味") == []
    assert check_receipt("cash", None, "", "内江蜀味") == []


@pytest.mark.row("A08")
@pytest.mark.parametrize(
    "same", ["川味（隆昌）经营部", "川味(隆昌)经营部", " 川味 （隆昌） 经营部。"]
)
def test_names_are_compared_without_what_banks_write_differently(same):
    assert plain_name(same) == plain_name("川味（隆昌）经营部")
    assert plain_name("川味隆昌经营部") != plain_name(same)
