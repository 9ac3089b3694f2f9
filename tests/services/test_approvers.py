"""Who signs: bands by kind, amount and class; absences with delegates; bulk decisions (D09)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import Forbidden
from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.exceptions import ApprovalSeat, ExceptionRequest
from channel.models.partners import Distributor
from channel.queries import approvals
from channel.services import approvers, exceptions
from contracts.approval import ActKind
from tests.builders import an_application
from tests.services.test_exceptions import refusal

pytestmark = [pytest.mark.database, pytest.mark.row("D09")]

TODAY = date(2026, 11, 21)


def a_request(world, by="rep", **changes):
    return exceptions.request_exception(world.actor(by), an_application(world, **changes))


def state_of(request):
    return db.session.get_one(ExceptionRequest, request, populate_existing=True).state


def away(world, who, delegate=None, days=7, by=None):
    person = world.actor(who).user_id
    stand_in = world.actor(delegate).user_id if delegate else None
    return approvers.enter_absence(
        world.actor(by or who),
        approvers.Away(person, stand_in, TODAY, TODAY + timedelta(days=days), "出差"),
    )


def test_a_delegate_signs_in_the_absent_persons_stead_and_is_shown_as_such(world):
    request = a_request(world)
    assert refusal(exceptions.decide, world.actor("boss"), request, ActKind.APPROVE) == [
        "approval.wrong_role"
    ]
    away(world, "cm", "boss")
    assert [r.id for r in approvals.inbox(world.actor("boss"))] == [request]
    assert exceptions.decide(world.actor("boss"), request, ActKind.APPROVE) == "approved"
    seat = db.session.scalars(
        sa.select(ApprovalSeat).where(ApprovalSeat.request_id == request)
    ).one()
    assert (seat.signed_by_id, seat.in_stead_of_id) == (
        world.actor("boss").user_id,
        world.actor("cm").user_id,
    )
    line = db.session.scalars(
        sa.select(AuditEntry).where(
            AuditEntry.tag == "exception:approve", AuditEntry.subject_id == request
        )
    ).one()
    assert line.changes["in_stead_of"] == "陈敏"
    assert line.changes["seen_version"] == 1


def test_a_delegate_signs_only_within_the_dates(world):
    request = a_request(world)
    away(world, "cm", "boss", days=2)
    with clock.at(TODAY + timedelta(days=2)):
        assert refusal(exceptions.decide, world.actor("boss"), request, ActKind.APPROVE) == [
            "approval.wrong_role"
        ]


def test_nobody_signs_their_own_request_for_another(world):
    request = a_request(world, by="cm")
    away(world, "cm2", "cm")
    assert refusal(exceptions.decide, world.actor("cm"), request, ActKind.APPROVE) == [
        "approval.own_request"
    ]


def test_one_person_does_not_sign_two_seats_by_delegation(world):
    request = a_request(world, code="D1", type="credit", asked={"amount_fen": 100_000})
    away(world, "cm", "fin")
    assert exceptions.decide(world.actor("fin"), request, ActKind.APPROVE) == "pending"
    assert refusal(exceptions.decide, world.actor("fin"), request, ActKind.APPROVE) == [
        "approval.already_signed"
    ]
    assert exceptions.decide(world.actor("fin2"), request, ActKind.APPROVE) == "approved"


def test_a_seat_handed_to_somebody_away_is_no_dead_end(world):
    request = a_request(world)
    cm2 = world.actor("cm2").user_id
    exceptions.decide(world.actor("cm"), request, ActKind.REASSIGN, to_person=cm2)
    assert approvals.inbox(world.actor("cm")) == []
    away(world, "cm2")  # without a delegate
    assert [r.id for r in approvals.inbox(world.actor("cm"))] == [request]
    assert exceptions.decide(world.actor("cm"), request, ActKind.APPROVE) == "approved"


def test_after_the_escalation_a_named_seat_is_open_to_the_role(world):
    request = a_request(world)
    cm2 = world.actor("cm2").user_id
    exceptions.decide(world.actor("cm"), request, ActKind.REASSIGN, to_person=cm2)
    with clock.at(clock.now() + timedelta(hours=48)):
        exceptions.remind_and_expire(world.actor("admin"))
        assert exceptions.decide(world.actor("cm"), request, ActKind.APPROVE) == "approved"


def test_a_request_is_handed_only_to_people_who_decide(world):
    request = a_request(world)
    d1 = world.actor("d1").user_id
    assert refusal(
        exceptions.decide, world.actor("cm"), request, ActKind.REASSIGN, to_person=d1
    ) == ["approval.cannot_decide"]


def test_absences_are_entered_for_oneself_or_by_the_administrator(world):
    with pytest.raises(Forbidden):
        away(world, "cm", "boss", by="cm2")
    away(world, "cm", "boss", by="admin")
    assert refusal(away, world, "cm2", "cm2") == ["absence.delegate"]
    assert refusal(away, world, "cm2", "rep") == ["absence.delegate"]
    assert refusal(away, world, "cm2", "cm") == ["absence.delegate_away"]
    absence = approvals.absences()[0][0].id
    approvers.end_absence(world.actor("cm"), absence)
    assert approvals.steads(world.actor("boss"), TODAY) == ()


def test_bands_by_kind_amount_and_class(world):
    admin = world.actor("admin")
    db.session.get_one(Distributor, world.distributor("D3")).class_code = "C"
    db.session.commit()
    both = [("all", ("channel_manager", "finance"))]
    approvers.save_band(admin, "minimum", "C", 0, both)
    careful = a_request(world, code="D3")
    assert exceptions.decide(world.actor("cm"), careful, ActKind.APPROVE) == "pending"
    assert exceptions.decide(world.actor("fin"), careful, ActKind.APPROVE) == "approved"
    # Other classes keep the default of the house.
    easy = a_request(world, code="D2")
    assert exceptions.decide(world.actor("cm"), easy, ActKind.APPROVE) == "approved"


def test_the_first_own_band_takes_the_defaults_along_and_leaves_no_hole(world):
    admin = world.actor("admin")
    approvers.save_band(admin, "minimum", "", 20_000_000, [("any", ("owner",))])
    bounds = [b.from_fen for b in approvers.bands_now() if b.type == "minimum"]
    assert bounds == [0, 5_000_000, 20_000_000]
    zero = next(b for b in approvals.bands() if b.from_fen == 0)
    assert refusal(approvers.delete_band, admin, zero.id) == ["approval.band_start"]
    assert refusal(approvers.save_band, admin, "minimum", "", 0, [("any", ())]) == [
        "approval.band_stage"
    ]
    with pytest.raises(Forbidden):
        approvers.save_band(world.actor("cm"), "minimum", "", 0, [("any", ("owner",))])


@pytest.mark.row("P02")
def test_several_at_once_and_the_refused_are_listed(world):
    first, own = a_request(world), a_request(world, by="cm")
    seen = a_request(world, code="D3")
    exceptions.decide(world.actor("cm2"), seen, ActKind.ADD_APPROVER, to_role="finance")
    done, refused = exceptions.decide_many(
        world.actor("cm"), [(first, 1), (own, 1), (seen, 1)], ActKind.APPROVE
    )
    assert done == 1
    assert [(i, f[0].code) for i, f in refused] == [
        (own, "approval.own_request"),
        (seen, "exception.stale"),
    ]
    assert state_of(first) == "approved"
    assert state_of(seen) == "pending"
