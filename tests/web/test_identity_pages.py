"""Identity of the firm in the browser: its code, and licences that end, wherever they show."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from channel import clock
from channel.access import SYSTEM
from channel.db import db
from channel.models.partners import Distributor
from channel.services.work import work

TODAY = date(2026, 11, 21)


def licence(world, code: str, until: date | None) -> None:
    with work(SYSTEM) as w:
        w.session.get_one(Distributor, world.distributor(code)).licence_until = until


@pytest.mark.row("I12")
def test_the_code_of_the_acceptance_and_its_last_letter_changed(world, sign_in):
    cm = sign_in("cm")
    form = {"code": "D9", "name": "内江甲", "kind": "company", "currency": "CNY", "is_active": "y"}
    cm.get("/distributors/new")
    page = cm.post("/distributors/new", form | {"uscc": "91511000MA0000000R"}, status=422)
    assert "91511000MA0000000R" in page.text and "校验码不符" in page.text
    taken = db.session.scalar(
        db.select(Distributor.code).where(Distributor.uscc == "91511000MA0000000Q")
    )
    if taken is None:
        cm.follow(cm.post("/distributors/new", form | {"uscc": "91511000MA0000000Q"}))
    else:
        page = cm.post("/distributors/new", form | {"uscc": "91511000MA0000000Q"}, status=422)
        assert taken in page.text


@pytest.mark.row("I12")
@pytest.mark.parametrize(("days", "is_warned"), [(30, True), (31, False), (0, True), (-1, True)])
def test_a_licence_that_ends_is_told_on_its_page_and_at_home(world, sign_in, days, is_warned):
    for code in ("D1", "D2", "D3", "D4"):
        licence(world, code, None)
    licence(world, "D1", TODAY + timedelta(days=days))
    cm = sign_in("cm")
    page = cm.get(f"/distributors/{world.distributor('D1')}")
    assert ("营业执照将于" in page.text or "营业执照已于" in page.text) is is_warned
    home = cm.get("/")
    assert ("营业执照将在 30 天内到期" in home.text) is is_warned
    listed = cm.get(f"/distributors?active=1&licence={TODAY + timedelta(days=30)}")
    assert ("D1" in listed.text) is is_warned


@pytest.mark.row("I12")
def test_the_last_day_of_a_licence_stands_on_the_calendar(world, sign_in):
    licence(world, "D1", date(2026, 12, 21))
    page = sign_in("cm").get("/agreements/calendar?month=2026-12&source=licence")
    assert "营业执照最后有效日" in page.text
    assert "营业执照最后有效日" in sign_in("d1").get("/agreements/calendar?month=2026-12").text
    with clock.at(date(2026, 12, 22)):
        late = sign_in("cm").get("/agreements/calendar?month=2026-12&source=licence")
        assert "逾期" in late.text
