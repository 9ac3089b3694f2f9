"""Support: budget and claims, the cap and its exception, evidence before payment, seasons."""

from __future__ import annotations

from datetime import date

import pytest

from channel.db import db
from channel.models.supports import SupportClaim
from channel.queries import listing
from channel.queries import supports as reads
from channel.services import exceptions, supports
from channel.services.supports import Budget, Claim
from contracts.approval import ActKind
from tests.builders import an_application
from tests.services.test_exceptions import refusal

pytestmark = pytest.mark.database

ON = date(2026, 11, 21)


def a_budget(world, fen=2_000_000, code="D1"):
    span = (date(2026, 10, 1), date(2027, 1, 1))
    return supports.set_budget(
        world.actor("cm"), Budget(world.distributor(code), "旺季支持", fen, *span)
    )


def a_claim(world, budget, fen, **changes):
    values = {
        "kind": "fee",
        "trigger": "competitor",
        "on_date": ON,
        "title": "终端陈列费",
        "asked_fen": fen,
    }
    values.update(changes)
    return supports.plan_support(world.actor("cm"), budget, Claim(**values))


def the_claim(claim):
    return db.session.get_one(SupportClaim, claim, populate_existing=True)


def codes(claim):
    return [f["code"] for f in the_claim(claim).findings]


@pytest.mark.row("D08")
def test_the_second_claim_is_cut_to_what_the_budget_has_left(world):
    budget = a_budget(world)
    first, second = a_claim(world, budget, 1_200_000), a_claim(world, budget, 900_000)
    assert the_claim(first).granted_fen == 1_200_000
    assert the_claim(second).granted_fen == 800_000
    assert codes(second) == ["support.capped"]
    assert the_claim(a_claim(world, budget, 100)).granted_fen == 0
    supports.cancel_support(world.actor("cm"), first, "不做了")
    assert the_claim(a_claim(world, budget, 1_300_000)).granted_fen == 1_200_000


@pytest.mark.row("D08", "D01")
def test_an_exception_grants_the_rest_over_the_budget(world):
    budget = a_budget(world)
    a_claim(world, budget, 1_200_000)
    second = a_claim(world, budget, 900_000)
    wish = an_application(
        world,
        "D1",
        type="support",
        asked={"amount_fen": 100_000},
        subject_kind="support",
        subject_id=second,
        valid_from=ON,
        valid_to=date(2027, 1, 1),
    )
    request = exceptions.request_exception(world.actor("rep"), wish)
    exceptions.decide(world.actor("cm"), request, ActKind.APPROVE)
    assert exceptions.decide(world.actor("fin"), request, ActKind.APPROVE) == "approved"
    claim = the_claim(second)
    assert (claim.granted_fen, claim.over_fen, claim.findings) == (900_000, 100_000, [])
    # What went over does not burden the budget, and the exception is used up.
    assert reads.taken_fen(budget) == 2_000_000
    assert the_claim(a_claim(world, budget, 5_000)).granted_fen == 0


@pytest.mark.row("D08")
def test_without_evidence_nothing_is_payable(world):
    claim = a_claim(world, a_budget(world), 500_000)
    fin = world.actor("fin")
    assert set(refusal(supports.pay_support, fin, claim)) == {
        "support.no_evidence",
        "support.nothing_used",
    }
    cm = world.actor("cm")
    supports.prove_support(cm, claim, used_fen=500_001, evidence="合同 12", result="")
    assert refusal(supports.pay_support, fin, claim) == ["support.over_granted"]
    bad = ("x.exe", b"MZ...")
    assert refusal(
        supports.prove_support, cm, claim, used_fen=1, evidence="", result="", file=bad
    ) == ["support.file_kind"]
    paper = ("发票.pdf", b"%PDF-1.7 ...")
    supports.prove_support(
        cm, claim, used_fen=480_000, evidence="", result="陈列点 12 个", file=paper
    )
    supports.pay_support(fin, claim)
    assert (the_claim(claim).state, the_claim(claim).used_fen) == ("paid", 480_000)
    assert refusal(supports.pay_support, fin, claim) == ["support.not_now"]
    assert reads.evidence_of(fin, claim) == ("发票.pdf", "application/pdf", paper[1])


@pytest.mark.row("D07")
def test_a_season_outside_the_months_of_the_goods_warns(world):
    budget, group = a_budget(world), world.group("B")
    season = {"trigger": "season", "group_id": group}
    assert codes(a_claim(world, budget, 100, **season)) == ["support.no_season"]
    supports.set_season(world.actor("cm"), group, [12, 1, 2])
    assert codes(a_claim(world, budget, 100, **season)) == ["support.out_of_season"]
    december = a_claim(world, budget, 100, on_date=date(2026, 12, 1), **season)
    assert codes(december) == []
    assert codes(a_claim(world, budget, 100, trigger="recovery", group_id=group)) == []
    assert refusal(a_claim, world, budget, 100, trigger="season") == ["support.group_needed"]


@pytest.mark.row("D08")
def test_the_ledger_sums_and_a_distributor_sees_its_own_only(world):
    a_claim(world, a_budget(world), 300_000)
    a_claim(world, a_budget(world, code="D2"), 200_000)
    count, sums = listing.totals(reads.LEDGER, world.actor("cm"), {})
    assert (count, sums["CNY"]["granted_fen"]) == (2, 500_000)
    count, sums = listing.totals(reads.LEDGER, world.actor("d1"), {})
    assert (count, sums["CNY"]["granted_fen"]) == (1, 300_000)
