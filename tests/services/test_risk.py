"""Risk scores: printed steps over real documents, and one snapshot a week."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import SYSTEM
from channel.db import db
from channel.models.receivables import Invoice
from channel.models.scores import RiskSnapshot
from channel.queries import board, listing
from channel.queries import risk as reads
from channel.queries.scores_facts import signals
from channel.services import credit, market_incidents, risk
from channel.services.credit import LimitWish
from channel.services.market_incidents import Filing
from credit.risk import assess, from_json, moved, total
from tests.builders import delivered

pytestmark = pytest.mark.database

TODAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 16)


def steps_on(world, on: date, code: str = "D1"):
    who = world.distributor(code)
    return assess(signals(on, who)[who])


@pytest.mark.row("P11")
def test_one_more_overdue_day_moves_the_score_by_the_printed_step(world):
    due = db.session.get_one(Invoice, delivered(world, A=100)).pay_by
    ten, eleven = (steps_on(world, due + timedelta(days=n)) for n in (10, 11))
    [(was, now)] = moved(ten, eleven)
    assert (now.signal, was.value, now.value) == ("overdue_days", 10, 11)
    assert total(eleven) - total(ten) == now.step_e1 == 5
    # 10 days at 0.5, and the full 10,000.00 overdue.
    assert total(ten) == 50 + 10
    assert total(steps_on(world, due)) == 0


@pytest.mark.row("P11")
def test_what_is_over_the_limit_and_in_the_market_counts(world):
    delivered(world, A=100)
    who = world.distributor("D1")
    wish = LimitWish("fixed", TODAY, "下调", amount_fen=800_000)
    limit = credit.propose_limit(world.actor("fin"), who, wish)
    for name in ("cm", "fin2", "boss"):
        if credit.sign_limit(world.actor(name), limit):
            break
    for kind in ("diversion", "local"):
        filing = Filing(who, kind, "情况", clock.now(), topic="other", place="内江")
        market_incidents.file_incident(world.actor("cm"), filing)
    by_name = {step.signal: step for step in steps_on(world, TODAY)}
    # 10,000.00 used of 8,000.00 is 25 % over; an open local incident counts against nobody.
    assert (by_name["over_limit"].value, by_name["over_limit"].e1) == (25, 100)
    assert (by_name["open_incidents"].value, by_name["open_incidents"].e1) == (1, 20)


@pytest.mark.row("P11")
def test_a_week_is_kept_once(world):
    assert risk.take_week(SYSTEM, TODAY) == 4
    delivered(world, A=100)
    assert risk.take_week(SYSTEM, TODAY + timedelta(days=1)) == 0
    rows = db.session.scalars(sa.select(RiskSnapshot)).all()
    assert {(r.week, r.taken_on) for r in rows} == {(MONDAY, TODAY)}
    assert all(r.score_e1 == total(from_json(r.steps)) for r in rows)


@pytest.mark.row("P11", "P10")
def test_the_movers_and_the_tiles_are_the_list(world):
    due = db.session.get_one(Invoice, delivered(world, A=100)).pay_by
    risk.take_week(SYSTEM, due)
    later = due + timedelta(days=30)
    first = reads.week_of(later) - timedelta(days=7)
    with clock.at(first):
        risk.take_week(SYSTEM, first)
    with clock.at(later):
        risk.take_week(SYSTEM, later)
        boss = world.actor("boss")
        week = reads.latest_week(later)
        [mover, *_rest] = reads.top_movers(boss, week)
        assert mover.Distributor.id == world.distributor("D1")
        tiles = {f.tile.key: f for group in board.figures(boss, later).values() for f in group}
        for key in ("risk_high", "risk_grew"):
            tile = tiles[key].tile
            count, _sums = listing.totals(reads.scores_listing(week), boss, tile.params)
            assert tiles[key].count == count
        assert tiles["risk_grew"].count == 1


def test_all_take_the_same_statements_as_one(world, count_sql):
    signals(TODAY)
    del count_sql[:]
    signals(TODAY)
    for_all = len(count_sql)
    del count_sql[:]
    signals(TODAY, world.distributor("D1"))
    assert for_all == len(count_sql) <= 14


def test_the_chore_is_quiet_when_the_week_is_kept(world, count_sql):
    risk.take_this_week(SYSTEM)
    del count_sql[:]
    risk.take_this_week(SYSTEM)
    assert len([s for s in count_sql if s != "BEGIN"]) == 1
