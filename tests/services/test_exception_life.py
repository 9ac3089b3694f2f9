"""The life of an exception as a state machine over the use cases, against a toy that only counts.

Random people do random things; a waiver must exist exactly when every required person has signed,
and its uses must be those of the shipments that are released by it.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from channel.access import Forbidden
from channel.db import db
from channel.models.exceptions import ApprovalSeat, ExceptionRequest, Waiver, WaiverUse
from channel.services import approvers, exceptions, shipments
from channel.services.work import Refused
from contracts.approval import ActKind
from tests.builders import a_shipment, an_application, an_order, the_shipment

pytestmark = pytest.mark.database

PEOPLE = ("rep", "cm", "cm2", "fin", "fin2", "boss")
ACTS = (
    ActKind.APPROVE,
    ActKind.APPROVE,
    ActKind.APPROVE,
    ActKind.SEND_BACK,
    ActKind.SUBMIT,
    ActKind.REJECT,
    ActKind.WITHDRAW,
)
TODAY = date(2026, 11, 21)


def machine_for(world, days):
    class Life(RuleBasedStateMachine):
        """Each example has a day of its own, so that the waivers of others do not reach it."""

        @initialize(by=st.sampled_from(("rep", "cm", "fin")), uses=st.integers(1, 2))
        def apply(self, by, uses):
            self.day, self.uses, self.by = TODAY + timedelta(days=next(days)), uses, by
            self.shipped, self.version = [], 1
            wish = an_application(
                world,
                valid_from=self.day,
                valid_to=self.day + timedelta(days=1),
                max_uses=uses,
                review_on=(self.day + timedelta(days=1),),
            )
            self.request = exceptions.request_exception(world.actor(by), wish)

        @rule(who=st.sampled_from(PEOPLE), kind=st.sampled_from(ACTS), fresh=st.booleans())
        def act(self, who, kind, fresh):
            # Endings are made rare, or few examples would get anywhere.
            if kind in (ActKind.REJECT, ActKind.WITHDRAW) and not fresh:
                return
            before = self.state
            try:
                exceptions.decide(world.actor(who), self.request, kind, note="说明")
            except (Refused, Forbidden):
                assert self.state == before
                return
            assert who != self.by or kind in (ActKind.SUBMIT, ActKind.WITHDRAW)

        @precondition(lambda self: len(self.shipped) < 4)
        @rule()
        def ship(self):
            """A shipment below the minimum passes exactly while the waiver has a use left."""
            left = self.uses - len(self.released()) if self.state == "approved" else 0
            order = an_order(world, "D2", self.day, A=52)
            shipment = a_shipment(world, order, code="D2", on=self.day)
            assert (the_shipment(shipment).state == "released") == (left > 0)
            self.shipped.append(shipment)

        @precondition(lambda self: self.released())
        @rule()
        def cancel(self):
            shipments.cancel_shipment(world.actor("cm"), self.released()[0], "改期")

        def released(self):
            return [i for i in self.shipped if the_shipment(i).state == "released"]

        @property
        def state(self):
            statement = sa.select(ExceptionRequest.state).where(ExceptionRequest.id == self.request)
            return db.session.scalar(statement)

        @invariant()
        def no_waiver_without_every_required_signature(self):
            seats = db.session.scalars(
                sa.select(ApprovalSeat).where(
                    ApprovalSeat.request_id == self.request, ApprovalSeat.verdict == "approved"
                )
            ).all()
            signed = [seat.signed_by_id for seat in seats]
            assert len(signed) == len(set(signed))
            assert world.actor(self.by).user_id not in signed
            first = {seat.role for seat in seats if seat.stage == 0}
            complete = first == {"channel_manager", "finance"} and any(
                seat.stage == 1 for seat in seats
            )
            waivers = db.session.scalar(
                sa.select(sa.func.count()).where(Waiver.request_id == self.request)
            )
            assert waivers == (1 if self.state == "approved" else 0)
            assert not waivers or complete

        @invariant()
        def used_is_what_is_released(self):
            used = db.session.scalar(
                sa.select(sa.func.coalesce(sa.func.sum(WaiverUse.uses), 0))
                .join(Waiver, Waiver.id == WaiverUse.waiver_id)
                .where(Waiver.request_id == self.request)
            )
            assert used == len(self.released()) <= self.uses

    return Life


@pytest.mark.row("D09", "D12")
def test_no_path_gives_a_waiver_without_every_required_signature(world):
    approvers.save_band(
        world.actor("admin"),
        "minimum",
        "",
        0,
        [("all", ("channel_manager", "finance")), ("any", ("owner", "finance"))],
    )
    db.session.execute(sa.text("UPDATE credit_limit SET amount_fen = NULL"))
    db.session.commit()
    days = itertools.cycle(range(1, 40))
    run_state_machine_as_test(
        machine_for(world, days),
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
        ),
    )
    # The search got somewhere: some were approved, and some were not.
    states = set(
        db.session.scalars(
            sa.select(ExceptionRequest.state).where(ExceptionRequest.type == "minimum")
        )
    )
    assert "approved" in states
    assert len(states) > 1
