"""Exclusivity as evidence (E15): declared by the distributor, broken by a confirmed sighting."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from channel import clock
from channel.access import Forbidden, NotVisible
from channel.db import db
from channel.models.rebates_evidence import ExclusivityDeclaration
from channel.queries import conduct_facts
from channel.queries import exclusivity as reads
from channel.services import exclusivity as service
from channel.services.exclusivity import Declaration
from channel.services.work import Refused
from contracts.values.periods import Period
from tests.services.rebate_trade import Q3
from tests.services.test_rebate_evidence import asked, filed

pytestmark = pytest.mark.database
TODAY = date(2026, 11, 21)


def words(**changes: Any) -> Declaration:
    values: dict[str, Any] = {
        "first": date(2026, 7, 1), "last": date(2026, 9, 30), "signer": "王经理",
        "is_agreed": True, "lang": "zh", "text": "不经营竞品", "note": "自愿",
    }  # fmt: skip
    return Declaration(**(values | changes))


def signed(world: Any, by: str = "d1", **changes: Any) -> ExclusivityDeclaration:
    made = service.sign(world.actor(by), words(**changes))
    return db.session.get_one(ExclusivityDeclaration, made, populate_existing=True)


def refusal(call: Any, *args: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*args)
    return [f.code for f in refused.value.findings]


@pytest.mark.row("E15")
def test_without_a_declaration_there_is_no_value_and_a_sighting_takes_it_back(world):
    assert asked(world, "exclusivity", Q3).value is None
    declaration = signed(world)
    kept = asked(world, "exclusivity", Q3)
    assert (kept.value, kept.refs) == (1, (declaration.number,))
    assert asked(world, "exclusivity", Q3, code="D2").value is None
    filed(world, "rival", date(2026, 9, 12), is_upheld=False)
    assert asked(world, "exclusivity", Q3).value == 1
    number = filed(world, "rival", date(2026, 9, 20), is_upheld=True)
    broken = asked(world, "exclusivity", Q3)
    assert (broken.value, broken.refs) == (0, (number,))
    assert [i.number for i in reads.sightings(declaration)][-1] == number
    # Carrying other goods is forbidden to nobody: it is no violation of anything else.
    assert conduct_facts.incidents(TODAY, None).get(world.distributor("D1"), {}) == {}


@pytest.mark.row("E15")
def test_every_day_of_the_period_must_be_declared(world):
    signed(world, last=date(2026, 8, 31))
    assert asked(world, "exclusivity", Q3).value is None
    assert asked(world, "exclusivity", Period.month(2026, 8)).value == 1
    signed(world, first=date(2026, 9, 1))
    assert asked(world, "exclusivity", Q3).value == 1
    assert asked(world, "exclusivity", Period.quarter(2026, 4)).value is None


@pytest.mark.row("E15")
def test_what_is_withdrawn_holds_up_to_that_day(world):
    year = signed(world, first=date(2026, 7, 1), last=date(2026, 12, 31))
    assert asked(world, "exclusivity", Period.quarter(2026, 4)).value == 1
    service.withdraw(world.actor("d1"), year.id, "增加品类")
    assert asked(world, "exclusivity", Period.quarter(2026, 4)).value is None
    assert asked(world, "exclusivity", Q3).value == 1
    assert refusal(service.withdraw, world.actor("cm"), year.id, "x") == ["exclusivity.withdrawn"]
    assert reads.state_of(db.session.get_one(ExclusivityDeclaration, year.id)) == (
        "declaration_withdrawn"
    )


def test_what_is_signed_later_was_not_known_before(world):
    signed(world)
    assert asked(world, "exclusivity", Q3, on=date(2026, 11, 20)).value is None
    with clock.at(date(2026, 11, 22)):
        assert asked(world, "exclusivity", Q3, on=date(2026, 11, 22)).value == 1


def test_what_a_declaration_needs(world):
    d1 = world.actor("d1")
    wrong = words(last=date(2026, 6, 30), signer=" ", is_agreed=False)
    assert refusal(service.sign, d1, wrong) == [
        "exclusivity.span", "exclusivity.signer_needed", "exclusivity.agree",
    ]  # fmt: skip
    assert refusal(service.sign, d1, words(last=date(2027, 7, 2))) == ["exclusivity.too_long"]


def test_nobody_signs_for_another(world):
    for user in ("cm", "fin", "rep", "boss", "auditor", "admin"):
        with pytest.raises(Forbidden):
            signed(world, by=user)
    declaration = signed(world)
    with pytest.raises(NotVisible):
        service.withdraw(world.actor("d2"), declaration.id, "x")
    with pytest.raises(NotVisible):
        reads.get_declaration(world.actor("d2"), declaration.id)
