"""Digests of duties: working days only, one a day and person, never in quiet hours."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.jobs import MailMessage
from channel.services import agreements_duties, jobs
from channel.services.agreements_duties import NewDuty
from tests.services.test_agreements import first_version

pytestmark = pytest.mark.database


def digests_at(day, hour=9):
    """The people who have a digest of that day after the worker's rounds at that hour."""
    with clock.at(clock.instant_of(day, hour)):
        jobs.run_round()  # the chores order what is due
        while jobs.run_round():
            pass
    prefix = f"digest:{day}:%"
    statement = sa.select(MailMessage).where(MailMessage.key.like(prefix))
    return {m.recipient.split("@")[0]: m for m in db.session.scalars(statement)}


@pytest.fixture
def duty(world):
    with clock.at(date(2026, 9, 20)):
        agreements_duties.add_obligation(
            world.actor("cm"), first_version(world), NewDuty("提交陈列照片", date(2026, 10, 12))
        )
    return world


@pytest.mark.row("P06")
def test_none_in_the_holidays_and_one_on_the_make_up_saturday(duty):
    for day in range(1, 8):
        assert digests_at(date(2026, 10, day)) == {}, day
    assert "d1" in digests_at(date(2026, 10, 8))
    found = digests_at(date(2026, 10, 10))  # a Saturday that is worked
    assert "提交陈列照片" in found["d1"].body
    assert digests_at(date(2026, 10, 11)) == {}


@pytest.mark.row("P06")
def test_one_a_day_and_person_and_none_in_quiet_hours(duty):
    day = date(2026, 10, 9)
    assert digests_at(day, 7) == {}
    first = digests_at(day, 8)
    assert set(first) >= {"d1", "cm"}
    assert {name: m.id for name, m in digests_at(day, 15).items()} == {
        name: m.id for name, m in first.items()
    }
    assert digests_at(date(2026, 10, 12), 20) == {}


@pytest.mark.row("P06")
def test_a_distributor_hears_of_its_own_duties_only(duty):
    found = digests_at(date(2026, 10, 9))
    assert "提交陈列照片" in found["d1"].body
    assert all("提交陈列照片" not in found[d].body for d in ("d2", "d3", "d4") if d in found)
    assert "· 内江" in found["cm"].body


@pytest.mark.row("P06", "A15")
def test_what_was_not_done_stays_in_the_digest_as_overdue(duty):
    body = digests_at(date(2026, 10, 13))["d1"].body
    assert body.index("已逾期") < body.index("提交陈列照片")
