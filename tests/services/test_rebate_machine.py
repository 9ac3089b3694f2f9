"""Any sequence of sales, late invoices, returns, cases and runs, beside a toy that knows sums only.

The toy has net sales by quarter and cases by quarter. After each run what every policy has
granted must be what the toy says of the settled quarters, however the documents were cut and in
whatever order the runs came; the derivation re-adds to the statement and the statements to the
pool, and a run without news grants nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    consumes,
    invariant,
    rule,
)

from channel import clock
from channel.db import db
from channel.models.market import Incident
from channel.models.rebates import PoolEntry, RebateRun, RebateStatement
from channel.queries import rebates_rows
from channel.services.work import work
from contracts.rebates.compute import steps_from_json
from contracts.rebates.model import Condition, Factor
from contracts.values.money import fen_of
from contracts.values.periods import Period
from contracts.values.rates import Rate
from tests import machines
from tests.machines import HouseMachine
from tests.services.rebate_trade import (
    a_posted_run,
    an_approved_policy,
    an_invoice,
    some_terms,
    statements_of,
)
from tests.services.test_rebate_true_ups import a_case, a_return

pytestmark = pytest.mark.database

TODAY = date(2026, 11, 20)
QUARTERS = tuple(Period.quarter(2026, number) for number in (2, 3, 4))
OWNERS = ("D1", "D4")
GATE = Condition(
    "diversion", (Factor(Decimal(0), Rate.percent("100")), Factor(Decimal(1), Rate.percent("0")))
)
POLICIES = (
    some_terms("FLAT", (("0", "1"), ("100000", "2"), ("200000", "3"))),
    some_terms("GATE", conditions=(GATE,)),
    some_terms("REDUCED", (("0", "5"),), reduced_by=frozenset({"FLAT"})),
    some_terms("YEAR", (("0", "1"), ("300000", "4")), accumulate="year"),
)
quarters, owners = st.sampled_from(QUARTERS), st.sampled_from(OWNERS)
amounts = st.integers(1, 150_000)


def whole(yuan: int, *tiers: tuple[int, int]) -> int:
    """Fen of whole-amount tiers on whole yuan: percent of yuan is fen."""
    rate = max((percent for lower, percent in tiers if yuan >= lower), default=0)
    return yuan * rate if yuan > 0 else 0


@dataclass
class Toy:
    """Net sales and open cases by owner and quarter, and the quarters that are settled."""

    net: dict[tuple[str, Period], int] = field(default_factory=lambda: defaultdict(int))
    cases: dict[tuple[str, Period], int] = field(default_factory=lambda: defaultdict(int))
    settled: set[Period] = field(default_factory=set)

    def granted(self, owner: str, code: str) -> int:
        """What the statements of a policy come to once every settled quarter was looked at."""
        if code == "YEAR":
            if not self.settled:
                return 0
            last = max(self.settled)
            so_far = sum(self.net[owner, q] for q in QUARTERS if q <= last)
            return whole(so_far, (0, 1), (300_000, 4))
        return sum(self._of(owner, code, quarter) for quarter in self.settled)

    def _of(self, owner: str, code: str, quarter: Period) -> int:
        yuan = self.net[owner, quarter]
        flat = whole(yuan, (0, 1), (100_000, 2), (200_000, 3))
        if code == "FLAT":
            return flat
        if code == "GATE":
            return 0 if self.cases[owner, quarter] else flat
        left = max(Decimal(0), Decimal(yuan) - Decimal(flat).scaleb(-2)) if yuan > 0 else Decimal(0)
        return fen_of(left * Decimal("0.05"))


class RebateMachine(HouseMachine):
    """Three quarters of two distributors under four policies, on a database of their own."""

    start = TODAY

    sales: Any = Bundle("sales")
    cases: Any = Bundle("cases")

    def __init__(self) -> None:
        super().__init__()
        with clock.at(date(2026, 1, 2)):
            for terms in POLICIES:
                an_approved_policy(self.world, terms)
        self.toy, self.day = Toy(), 0

    def _on(self, quarter: Period) -> date:
        """Another day of the quarter each time: the order of the documents is no order of days."""
        self.day = (self.day * 37 + 11) % 90
        return date.fromordinal(quarter.start.toordinal() + self.day)

    @rule(target=sales, owner=owners, quarter=quarters, yuan=amounts, cut=st.integers(1, 3))
    def sell(self, owner: str, quarter: Period, yuan: int, cut: int) -> Any:
        """At once, or cut into lines and then into invoices; late where the quarter is settled."""
        parts = [yuan // cut + (yuan % cut if i == 0 else 0) for i in range(cut)]
        made = an_invoice(
            self.world, owner, self._on(quarter), *(("A", str(part)) for part in parts[:2])
        )
        for part in parts[2:]:
            an_invoice(self.world, owner, self._on(quarter), ("A", str(part)))
        self.toy.net[owner, quarter] += yuan
        return made, owner, quarter, parts[0]

    @rule(sale=consumes(sales), share=st.integers(1, 4))
    def give_back(self, sale: Any, share: int) -> None:
        made, owner, quarter, yuan = sale
        back = yuan // share
        a_return(self.world, made, TODAY, str(back))
        self.toy.net[owner, quarter] -= back

    @rule(target=cases, owner=owners, quarter=quarters)
    def uphold(self, owner: str, quarter: Period) -> Any:
        number = a_case(self.world, owner, self._on(quarter), TODAY)
        self.toy.cases[owner, quarter] += 1
        return number, owner, quarter

    @rule(case=consumes(cases))
    def take_back(self, case: Any) -> None:
        number, owner, quarter = case
        with work(self.world.actor("cm")) as w:
            incident = w.session.scalars(sa.select(Incident).filter_by(number=number)).one()
            incident.is_upheld = False
        self.toy.cases[owner, quarter] -= 1

    @rule(quarter=quarters)
    def run(self, quarter: Period) -> None:
        posted = a_posted_run(self.world, quarter, TODAY)
        self.toy.settled.add(quarter)
        for statement in statements_of(posted):
            steps = steps_from_json(statement.steps)
            entitlement = sum((step.amount for step in steps), Decimal(0))
            assert entitlement == Decimal(statement.entitlement_fen).scaleb(-2)
            assert rebates_rows.recount(statement).agrees
            document = statement.document
            assert sum(x["net_e4"] for x in document["base_lines"]) == statement.base_e4
        for owner in OWNERS:
            for terms in POLICIES:
                found = self._granted(owner, terms.code)
                assert (owner, terms.code, found) == (
                    owner, terms.code, self.toy.granted(owner, terms.code),
                )  # fmt: skip

    @rule()
    def run_again(self) -> None:
        """Nothing came since the last run that looked at everything: nothing is granted."""
        if not self.toy.settled:
            return
        self.run(max(self.toy.settled))
        assert statements_of(a_posted_run(self.world, max(self.toy.settled), TODAY)) == []

    def _granted(self, owner: str, code: str) -> int:
        s = RebateStatement
        statement = (
            sa.select(sa.func.coalesce(sa.func.sum(s.amount_fen), 0))
            .join(RebateRun, RebateRun.id == s.run_id)
            .where(
                RebateRun.state == "posted", s.policy_code == code,
                s.distributor_id == self.world.distributor(owner),
            )
        )  # fmt: skip
        return int(db.session.scalar(statement) or 0)

    @invariant()
    def the_pool_is_the_sum_of_the_statements(self) -> None:
        for owner in OWNERS:
            of = self.world.distributor(owner)
            pool = db.session.scalar(
                sa.select(sa.func.coalesce(sa.func.sum(PoolEntry.amount_fen), 0)).where(
                    PoolEntry.distributor_id == of
                )
            )
            told = db.session.scalar(
                sa.select(sa.func.coalesce(sa.func.sum(RebateStatement.amount_fen), 0))
                .join(RebateRun, RebateRun.id == RebateStatement.run_id)
                .where(RebateStatement.distributor_id == of, RebateRun.state == "posted")
            )
            assert pool == told
        db.session.rollback()


@pytest.mark.row("E04")
def test_any_order_of_documents_and_runs_grants_what_the_toy_says(backend, var_dir, tmp_path):
    machines.run(RebateMachine, backend, var_dir, tmp_path, steps=14)
