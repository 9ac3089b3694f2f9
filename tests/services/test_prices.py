"""Dealer prices: proposed by one, approved by another, changed in advance, history whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from channel import clock
from channel.access import Forbidden
from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.catalogue import PriceBook, PriceEntry
from channel.queries import catalogue
from channel.services import prices
from channel.services.work import Refused

pytestmark = pytest.mark.database

DECEMBER = date(2026, 12, 1)
JANUARY = date(2027, 1, 1)


def book_id() -> int:
    return db.session.scalars(db.select(PriceBook.id)).one()


def propose(world: Any, product: str, fen: int, on: date = DECEMBER, by: str = "cm") -> int:
    return prices.propose_price(world.actor(by), book_id(), world.product(product), fen, on)


def approve(world: Any, *ids: int, by: str = "cm2") -> int:
    return prices.approve_prices(world.actor(by), book_id(), set(ids))


def price(world: Any, product: str, on: date) -> int | None:
    found = catalogue.price_entries("STD", [world.product(product)], on)
    assert len(found) <= 1
    return found[0].gross_fen if found else None


def spans(world: Any, product: str) -> list[tuple[int, date, date | None]]:
    db.session.expire_all()
    entries = [e for e, _book in catalogue.prices_of(world.product(product)) if e.approved_at]
    return sorted(((e.gross_fen, e.valid_from, e.valid_to) for e in entries), key=lambda s: s[1])


def refusals(act: Any, *args: Any, **kwargs: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return [f.code for f in refused.value.findings]


@pytest.mark.row("C04")
def test_a_price_approved_in_advance_holds_from_its_first_day(world: Any) -> None:
    entry = propose(world, "A", 10_500)
    assert price(world, "A", DECEMBER) == 10_000
    assert approve(world, entry) == 1
    assert price(world, "A", date(2026, 11, 30)) == 10_000
    assert price(world, "A", DECEMBER) == 10_500
    assert spans(world, "A") == [
        (10_000, date(2026, 1, 1), DECEMBER),
        (10_500, DECEMBER, None),
    ]


@pytest.mark.row("C01", "P01")
def test_the_proposer_may_not_approve(world: Any) -> None:
    entry = propose(world, "A", 10_500)
    assert refusals(approve, world, entry, by="cm") == ["price.own_proposal"]
    assert price(world, "A", DECEMBER) == 10_000
    assert approve(world, entry, by="boss") == 1


def test_of_a_mixed_lot_only_the_others_are_approved(world: Any) -> None:
    mine, theirs = propose(world, "A", 10_500, by="cm2"), propose(world, "B", 21_000, by="cm")
    assert approve(world, mine, theirs) == 1
    assert price(world, "A", DECEMBER) == 10_000
    assert price(world, "B", DECEMBER) == 21_000


def test_a_proposal_that_came_in_after_the_page_was_drawn_goes_on_waiting(world: Any) -> None:
    seen = propose(world, "A", 10_500)
    propose(world, "B", 1)
    assert approve(world, seen) == 1
    assert price(world, "B", DECEMBER) == 20_000
    assert refusals(approve, world, seen) == ["price.nothing_to_approve"]


def test_a_price_between_two_approved_ones_ends_where_the_later_begins(world: Any) -> None:
    approve(world, propose(world, "A", 11_000, JANUARY))
    approve(world, propose(world, "A", 10_500, DECEMBER))
    assert spans(world, "A") == [
        (10_000, date(2026, 1, 1), DECEMBER),
        (10_500, DECEMBER, JANUARY),
        (11_000, JANUARY, None),
    ]


def test_several_prices_of_one_product_are_approved_in_one_go(world: Any) -> None:
    lot = [propose(world, "A", 11_000, JANUARY), propose(world, "A", 10_500, DECEMBER)]
    assert approve(world, *lot) == 2
    assert [s[:2] for s in spans(world, "A")] == [
        (10_000, date(2026, 1, 1)),
        (10_500, DECEMBER),
        (11_000, JANUARY),
    ]
    assert [price(world, "A", d) for d in (date(2026, 11, 30), DECEMBER, JANUARY)] == [
        10_000, 10_500, 11_000,
    ]  # fmt: skip


@pytest.mark.row("C04")
@pytest.mark.parametrize(
    ("fen", "on", "codes"),
    [
        (10_500, date(2026, 11, 20), ["price.backdated"]),
        (10_000, DECEMBER, ["price.unchanged"]),
        (10_500, date(2026, 1, 1), ["price.same_day"]),
        (0, DECEMBER, ["price.below_cent"]),
    ],
)
def test_prices_that_cannot_stand_are_refused(
    world: Any, fen: int, on: date, codes: list[str]
) -> None:
    assert refusals(propose, world, "A", fen, on) == codes


def test_the_first_price_of_a_product_may_lie_in_the_past(world: Any) -> None:
    for entry, _book in catalogue.prices_of(world.product("N")):
        db.session.delete(entry)
    db.session.commit()
    approve(world, propose(world, "N", 15_500, date(2026, 1, 1)))
    assert price(world, "N", date(2026, 1, 1)) == 15_500


def test_a_proposal_whose_day_has_passed_is_not_approved(world: Any) -> None:
    entry = propose(world, "A", 10_500)
    with clock.at(date(2026, 12, 5)):
        assert refusals(approve, world, entry) == ["price.backdated"]
    assert price(world, "A", date(2026, 12, 5)) == 10_000


def test_a_second_proposal_for_the_day_takes_the_place_of_the_first(world: Any) -> None:
    first = propose(world, "A", 10_500)
    assert propose(world, "A", 10_600, by="cm2") == first
    # The proposer is now the second person, so the first may approve.
    assert refusals(approve, world, first, by="cm2") == ["price.own_proposal"]
    assert approve(world, first, by="cm") == 1
    assert price(world, "A", DECEMBER) == 10_600


def test_a_proposal_is_withdrawn_and_an_approved_price_is_not(world: Any) -> None:
    entry = propose(world, "A", 10_500)
    assert prices.withdraw_price(world.actor("cm2"), entry) == book_id()
    assert db.session.get(PriceEntry, entry) is None
    kept = propose(world, "A", 10_500)
    approve(world, kept)
    assert refusals(prices.withdraw_price, world.actor("cm"), kept) == ["price.approved_already"]


@pytest.mark.row("P05")
def test_every_step_is_written_down(world: Any) -> None:
    entry = propose(world, "A", 10_500)
    approve(world, entry)
    lines = db.session.scalars(
        db.select(AuditEntry).where(AuditEntry.tag.startswith("price:")).order_by(AuditEntry.id)
    ).all()
    assert [(e.tag, e.subject_label, e.actor_name) for e in lines] == [
        ("price:propose", "STD A", "陈敏"),
        ("price:approve", "STD", "周宇"),
    ]
    assert lines[0].changes == {"gross_fen": [None, 10_500], "valid_from": "2026-12-01"}


@pytest.mark.row("P01")
@pytest.mark.parametrize("who", ["fin", "rep", "d1", "auditor"])
def test_only_those_who_may_touch_prices(world: Any, who: str) -> None:
    with pytest.raises(Forbidden):
        propose(world, "A", 10_500, by=who)
    with pytest.raises(Forbidden):
        approve(world, 1, by=who)


def test_approving_many_prices_needs_few_statements(world: Any, count_sql: list[str]) -> None:
    def asked(*ids: int) -> int:
        count_sql.clear()
        approve(world, *ids)
        return sum(s.startswith("SELECT") for s in count_sql)

    one = asked(propose(world, "A", 10_500))
    two = asked(propose(world, "B", 21_000), propose(world, "N", 16_000))
    assert one == two
