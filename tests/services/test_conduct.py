"""The ladder in the ledgers: each rung signed by two persons, undone by its opposite."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import Forbidden, NotVisible
from channel.db import db
from channel.documents.conduct import render_case_paper
from channel.models.deposits import DepositEntry
from channel.models.diversions import ConductStep
from channel.models.market import Incident
from channel.models.rebates import PoolEntry
from channel.queries import conduct as reads
from channel.queries import deposits as deposit_reads
from channel.services import conduct, deposits, shipments
from channel.services.deposits import Movement
from channel.services.steps.shipments import WORKFLOW
from contracts.consequences import Consequence
from contracts.rebates.payout import Payout
from tests.builders import a_shipment, an_order, codes_of, the_order, the_shipment
from tests.services.import_files import counts, imported
from tests.services.import_files import refused as stopped
from tests.services.pool_trade import a_clause
from tests.services.test_diversions import coded, found, heard, refusal, the_line

pytestmark = [pytest.mark.database, pytest.mark.row("A16")]
TODAY = date(2026, 11, 21)
SETTLED = {"basis": "settlement", "why": "双方协商"}


def confirmed(world: Any, consequence: Consequence | None = None) -> tuple[int, int]:
    """A case against D1 that is confirmed: (case, its step or 0)."""
    coded(world)
    case = found(world).incident_id
    heard(world, case)
    step = conduct.decide(world.actor("cm"), case, "属实", is_upheld=True, consequence=consequence)
    return case, step or 0


def signed(world: Any, step: int, by: str = "fin") -> ConductStep:
    conduct.sign(world.actor(by), step, is_approved=True)
    return db.session.get_one(ConductStep, step, populate_existing=True)


def undone(world: Any, step: int) -> ConductStep:
    return signed(world, conduct.reverse(world.actor("cm"), step, "申诉成立"), "boss")


def balance(world: Any) -> int:
    return deposit_reads.balance_fen(world.distributor("D1"), "CNY")


@pytest.mark.parametrize("fen", [500_000, 123_456])
def test_a_deduction_leaves_the_rest_and_its_reversal_restores_it_with_both_kept(world, fen):
    paid = Movement("paid", 2_000_000, TODAY, "合同保证金")
    deposits.enter(world.actor("fin"), world.distributor("D1"), paid)
    _case, step = confirmed(world, Consequence("deposit", fen, **SETTLED))
    assert balance(world) == 2_000_000, "not before it is signed"
    done = signed(world, step)
    assert balance(world) == 2_000_000 - fen
    entry = db.session.get_one(DepositEntry, done.deposit_entry_id)
    assert entry.top_up_by == done.top_up_by == TODAY + timedelta(days=15)
    assert entry.entered_by_id != entry.approved_by_id
    assert refusal(deposits.restore, world.actor("boss"), entry.id, "申诉") == ["deposit.of_case"]
    back = undone(world, step)
    assert (balance(world), back.amount_fen) == (2_000_000, -fen)
    assert len(deposit_reads.entries(world.distributor("D1"), "CNY")) == 3
    assert refusal(conduct.reverse, world.actor("cm"), step, "再来") == ["conduct.reversed"]
    assert refusal(conduct.reverse, world.actor("cm"), back.id, "再来") == ["conduct.not_in_force"]


def test_nothing_is_taken_that_is_not_there(world):
    _case, step = confirmed(world, Consequence("deposit", 500_000, **SETTLED))
    assert refusal(signed, world, step) == ["deposit.too_much"]
    conduct.sign(world.actor("fin"), step, is_approved=False, note="无保证金可扣")
    assert db.session.get_one(ConductStep, step).state == "rejected"
    assert refusal(signed, world, step) == ["conduct.decided"]


@pytest.mark.parametrize("kind", ["fine", "withhold"])
def test_a_fine_and_a_withheld_rebate_move_the_pool_and_back(world, kind):
    _case, step = confirmed(world, Consequence(kind, 300_000, **SETTLED))
    signed(world, step)
    assert db.session.scalars(sa.select(PoolEntry.amount_fen)).all() == [-300_000]
    undone(world, step)
    assert sum(db.session.scalars(sa.select(PoolEntry.amount_fen))) == 0


@pytest.mark.row("E13")
def test_a_rebate_is_withheld_within_the_limit_of_the_contract_and_below_zero(world):
    """Nothing was earned in the twelve months of the clause: nothing may be taken back."""
    a_clause(world, "D1", Payout(clawback_months=12))
    _case, step = confirmed(world, Consequence("withhold", 1, **SETTLED))
    assert refusal(signed, world, step) == ["payout.clawback"]
    a_clause(world, "D1", Payout())
    assert signed(world, step).pool_entry_id is not None
    entry = db.session.scalars(sa.select(PoolEntry)).one()
    assert (entry.amount_fen, entry.counter) == (-1, "withheld")
    undone(world, step)
    back = db.session.scalars(sa.select(PoolEntry).order_by(PoolEntry.id.desc())).first()
    assert (back.reverses_id, back.reference) == (entry.id, entry.reference)


def test_a_stop_refuses_shipments_of_its_days_with_the_case_and_no_others(world):
    order = an_order(world, A=100)
    stop = Consequence("stop", start=TODAY, end=date(2026, 12, 5))
    case, step = confirmed(world, stop)
    number = db.session.get_one(Incident, case).number
    planned = a_shipment(world, order, on=TODAY)
    assert the_shipment(planned).state == "released", "not before it is signed"
    signed(world, step)
    assert shipments.dispatch_shipment(world.actor("cm"), planned) == "refused"
    [found] = [f for f in the_shipment(planned).verdict["findings"] if "stopped" in f["code"]]
    assert (found["code"], found["subject"]) == ("conduct.stopped", number)
    for day, is_stopped in ((TODAY - timedelta(1), 0), (TODAY, 1), (date(2026, 12, 5), 1),
                            (date(2026, 12, 6), 0)):  # fmt: skip
        assert bool(reads.stop_on(world.distributor("D1"), day)) == bool(is_stopped)
    assert reads.stop_on(world.distributor("D2"), TODAY) is None
    warned = the_order(an_order(world, on=TODAY, A=100))
    assert "conduct.stopped" in codes_of(warned) and warned.state == "confirmed"
    undone(world, step)
    assert "check" in WORKFLOW.actions("refused")
    assert shipments.check_shipment(world.actor("cm"), planned) == "released"


def test_a_warning_bears_no_money_and_is_printed_in_both_languages(world):
    case, _none = confirmed(world)
    wish = Consequence("warning", why="首次")
    step = signed(world, conduct.propose(world.actor("cm"), case, wish), "cm2")
    assert step.amount_fen == 0
    for lang in ("zh", "en"):
        assert render_case_paper(step.document, lang).startswith(b"%PDF")
    assert "D3" not in str(step.document)
    assert render_case_paper(step.document, "zh") == render_case_paper(step.document, "zh")


def test_the_owner_signs_a_termination_and_what_exceeds_the_band(world):
    case, _none = confirmed(world)
    cm = world.actor("cm")
    end = conduct.propose(cm, case, Consequence("terminate", why="屡犯", start=TODAY))
    assert refusal(signed, world, end, "cm2") == ["conduct.owner_signs"]
    assert signed(world, end, "boss").state == "approved"
    large = conduct.propose(cm, case, Consequence("fine", 1_000_001, **SETTLED))
    assert refusal(signed, world, large) == ["conduct.owner_signs"]
    assert signed(world, large, "boss").state == "approved"


def test_who_may_not(world):
    case, _none = confirmed(world)
    step = conduct.propose(world.actor("cm"), case, Consequence("fine", 100, **SETTLED))
    assert refusal(conduct.sign, world.actor("cm"), step, is_approved=True) == [
        "approval.own_request"
    ]
    for who in ("rep", "d1", "auditor"):
        with pytest.raises(Forbidden):
            conduct.sign(world.actor(who), step, is_approved=True)
    with pytest.raises(NotVisible):
        reads.get_step(world.actor("d3"), step)
    with pytest.raises(sa.exc.DBAPIError, match="cannot be changed"):
        signed(world, step)
        with db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE conduct_step SET amount_fen = 1"))


@pytest.mark.row("A03")
def test_codes_come_by_file_too(world):
    coded(world, first="CX0001", last="CX0050")
    number = the_line().shipment.number
    head = "发货单号,产品编码,起始码,截止码,层级\n"
    rows = f"{number},A,CX0051,CX0080,箱\n{number},A,CX0001,CX0050,箱\n"
    with clock.at(TODAY):
        assert counts(imported("trace_codes", head + rows, world.actor("cm"))) == (1, 0, 1)
    assert counts(imported("trace_codes", head + rows, world.actor("cm"))) == (0, 0, 2)
    bad = (
        f"{number},A,CX0070,CX0090,箱\n{number},B,CY1,CY2,箱\nSH-0,A,CW1,CW2,箱\n"
        f"{number},A,CZ001,CZ071,箱\n{number},A,CQ9,CQ1,箱\n{number},A,CR1,CR2,车\n"
    )
    found_ = stopped(imported("trace_codes", head + bad, world.actor("cm")))
    assert {code for code, _row in found_} >= {
        "import.codes_taken", "import.line_unknown", "import.shipment_unknown",
        "import.codes_too_many", "import.code_range", "import.code_level",
    }  # fmt: skip
