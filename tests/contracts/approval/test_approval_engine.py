"""Approval by example: who may do what, what each refusal says, and where each act leads."""

from __future__ import annotations

import pytest
from approval_builders import (
    ANY_STAGE,
    FINANCE,
    MANAGER,
    OTHER_MANAGER,
    OWNER,
    REQUESTER,
    TWO_STAGES,
    approve,
    do,
    refused,
    submitted,
)

from contracts.approval import (
    SYSTEM_ROLE,
    Act,
    ActKind,
    CaseState,
    Mode,
    Route,
    Seat,
    Stage,
    Verdict,
    acts_open_to,
    refusals,
)


@pytest.mark.row("D09")
def test_nobody_approves_a_request_of_their_own() -> None:
    case = submitted()

    for kind in (ActKind.APPROVE, ActKind.REJECT, ActKind.SEND_BACK):
        assert refused(case, Act(REQUESTER, "manager", kind)) == "own_request"
    for kind in (ActKind.REASSIGN, ActKind.ADD_APPROVER):
        assert refused(case, Act(REQUESTER, "manager", kind, to_person=9)) == "own_request"
        assert refused(case, Act(MANAGER, "manager", kind, to_person=REQUESTER)) == "own_request"


@pytest.mark.row("D09")
def test_stages_follow_one_another_and_all_must_sign() -> None:
    case = submitted(TWO_STAGES)
    half = do(case, approve(FINANCE, "finance"))

    assert half.state is CaseState.PENDING
    assert [seat.role for seat in half.open_seats] == ["manager"]
    assert refused(half, approve(OWNER, "owner")) == "wrong_role"

    full = do(half, approve(MANAGER, "manager"))
    assert (full.stage_index, [seat.role for seat in full.open_seats]) == (1, ["owner"])
    assert do(full, approve(OWNER, "owner")).state is CaseState.APPROVED


@pytest.mark.row("D09")
def test_any_of_needs_one_signature() -> None:
    assert do(submitted(ANY_STAGE), approve(FINANCE, "finance")).state is CaseState.APPROVED


@pytest.mark.row("D09")
def test_an_added_approver_must_sign_even_where_any_one_is_enough() -> None:
    case = do(
        submitted(ANY_STAGE),
        Act(MANAGER, "manager", ActKind.ADD_APPROVER, to_person=OWNER, to_role="owner"),
        approve(MANAGER, "manager"),
    )

    assert case.state is CaseState.PENDING
    assert case.open_seats == (Seat(0, "owner", person=OWNER, added_by=MANAGER),)
    assert refused(case, approve(FINANCE, "finance")) == "seat_taken"
    assert do(case, approve(OWNER, "whatever")).state is CaseState.APPROVED


def test_the_signature_of_an_added_approver_alone_is_not_enough() -> None:
    case = do(
        submitted(ANY_STAGE),
        Act(MANAGER, "manager", ActKind.ADD_APPROVER, to_person=OWNER, to_role="owner"),
        approve(OWNER, "owner"),
    )

    assert [seat.role for seat in case.open_seats] == ["manager", "finance"]


@pytest.mark.row("D09")
def test_a_reassigned_seat_is_signed_by_the_person_named_and_nobody_else() -> None:
    case = do(submitted(), Act(MANAGER, "manager", ActKind.REASSIGN, to_person=OTHER_MANAGER))

    assert refused(case, approve(MANAGER, "manager")) == "not_yours"
    signed = do(case, approve(OTHER_MANAGER, "deputy"))
    assert signed.seats[0].acting_person == OTHER_MANAGER


def test_a_seat_given_to_a_person_is_signed_before_a_seat_of_the_role() -> None:
    route = Route((Stage(Mode.ALL_OF, ("manager", "manager")),))
    hand_over = Act(MANAGER, "manager", ActKind.ADD_APPROVER, to_person=OTHER_MANAGER)

    case = do(submitted(route), hand_over, approve(OTHER_MANAGER, "manager"))

    assert [seat.acting_person for seat in case.seats] == [None, None, OTHER_MANAGER]


@pytest.mark.row("D09")
def test_one_person_does_not_sign_two_seats() -> None:
    route = Route((Stage(Mode.ALL_OF, ("manager", "manager")), Stage(Mode.ALL_OF, ("owner",))))
    case = do(submitted(route), approve(MANAGER, "manager"))

    assert refused(case, approve(MANAGER, "manager")) == "already_signed"
    later = do(case, approve(OTHER_MANAGER, "manager"))
    assert refused(later, approve(MANAGER, "owner")) == "already_signed"
    # The remedy: the one who has signed hands the second seat to somebody else.
    hand_over = Act(MANAGER, "owner", ActKind.REASSIGN, to_person=OWNER)
    assert do(later, hand_over, approve(OWNER, "owner")).state is CaseState.APPROVED


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (Act(MANAGER, "manager", ActKind.REASSIGN), "nobody_named"),
        (Act(MANAGER, "manager", ActKind.ADD_APPROVER), "nobody_named"),
        (Act(MANAGER, "manager", ActKind.REASSIGN, to_person=FINANCE), "already_signed"),
        (Act(MANAGER, "manager", ActKind.ADD_APPROVER, to_person=FINANCE), "already_signed"),
        (Act(MANAGER, "manager", ActKind.ADD_APPROVER, to_person=OWNER), "already_seated"),
        (Act(MANAGER, "finance", ActKind.APPROVE), "seat_taken"),
        (Act(MANAGER, "rep", ActKind.APPROVE), "wrong_role"),
        (Act(MANAGER, "manager", ActKind.SUBMIT), "already_submitted"),
        (Act(MANAGER, "manager", ActKind.WITHDRAW), "not_yours"),
        (Act(MANAGER, "manager", ActKind.EXPIRE), "not_yours"),
    ],
)
def test_each_refusal_has_its_own_reason(act: Act, code: str) -> None:
    case = do(
        submitted(TWO_STAGES),
        Act(MANAGER, "manager", ActKind.ADD_APPROVER, to_person=OWNER, to_role="owner"),
        approve(FINANCE, "finance"),
    )

    assert refused(case, act) == code


def test_the_wrong_role_is_told_which_roles_are_waited_for() -> None:
    (finding,) = refusals(submitted(TWO_STAGES), approve(OWNER, "owner"))

    assert finding.facts == {"role": "owner", "needed": ("finance", "manager")}


@pytest.mark.row("D09")
def test_sending_back_goes_one_stage_back_and_voids_the_signatures_there() -> None:
    second = do(submitted(TWO_STAGES), approve(MANAGER, "manager"), approve(FINANCE, "finance"))

    first = do(second, Act(OWNER, "owner", ActKind.SEND_BACK))

    assert (first.state, first.stage_index) == (CaseState.PENDING, 0)
    assert [seat.role for seat in first.open_seats] == ["manager", "finance"]
    again = do(first, approve(FINANCE, "finance"), approve(MANAGER, "manager"))
    assert [seat.role for seat in again.open_seats] == ["owner"]


def test_the_third_stage_sends_back_to_the_second() -> None:
    route = Route(tuple(Stage(Mode.ALL_OF, (role,)) for role in ("manager", "finance", "owner")))
    third = do(submitted(route), approve(MANAGER, "manager"), approve(FINANCE, "finance"))

    second = do(third, Act(OWNER, "owner", ActKind.SEND_BACK))

    assert (second.state, second.stage_index) == (CaseState.PENDING, 1)
    assert second.seats[0].acting_person == MANAGER


@pytest.mark.row("D09")
def test_the_first_stage_sends_back_to_the_requester_who_submits_again() -> None:
    back = do(submitted(), Act(MANAGER, "manager", ActKind.SEND_BACK))

    assert back.state is CaseState.SENT_BACK
    assert back.open_seats == ()
    assert refused(back, approve(MANAGER, "manager")) == "not_submitted"
    resubmitted = do(back, Act(REQUESTER, "rep", ActKind.SUBMIT))
    assert do(resubmitted, approve(MANAGER, "manager")).state is CaseState.APPROVED


def test_a_handover_outlives_a_sending_back() -> None:
    case = do(
        submitted(),
        Act(MANAGER, "manager", ActKind.REASSIGN, to_person=OTHER_MANAGER),
        Act(OTHER_MANAGER, "manager", ActKind.SEND_BACK),
        Act(REQUESTER, "rep", ActKind.SUBMIT),
    )

    assert [seat.person for seat in case.open_seats] == [OTHER_MANAGER]


def test_a_rejection_ends_the_case_and_keeps_who_rejected() -> None:
    case = do(submitted(), Act(MANAGER, "manager", ActKind.REJECT))

    assert case.state is CaseState.REJECTED
    assert (case.seats[0].verdict, case.seats[0].acting_person) == (Verdict.REJECTED, MANAGER)


def test_the_requester_withdraws_and_the_clock_expires() -> None:
    withdrawn = do(submitted(), Act(REQUESTER, "rep", ActKind.WITHDRAW))
    expired = do(submitted(), Act(0, SYSTEM_ROLE, ActKind.EXPIRE))

    assert (withdrawn.state, expired.state) == (CaseState.WITHDRAWN, CaseState.EXPIRED)
    assert refused(withdrawn, approve(MANAGER, "manager")) == "already_decided"
    assert refused(expired, approve(MANAGER, "manager")) == "expired"


def test_a_page_offers_only_what_would_be_allowed() -> None:
    case = submitted(TWO_STAGES)
    decisions = (
        ActKind.APPROVE,
        ActKind.REJECT,
        ActKind.SEND_BACK,
        ActKind.REASSIGN,
        ActKind.ADD_APPROVER,
    )

    assert acts_open_to(case, MANAGER, ["manager", "rep"]) == decisions
    assert acts_open_to(case, REQUESTER, ["manager"]) == (ActKind.WITHDRAW,)
    assert acts_open_to(case, REQUESTER, []) == (ActKind.WITHDRAW,)
    assert acts_open_to(case, OWNER, ["owner"]) == ()


@pytest.mark.parametrize("roles", [(), ("",)])
def test_a_stage_asks_somebody(roles: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="role"):
        Stage(Mode.ALL_OF, roles)


def test_a_route_has_a_stage() -> None:
    with pytest.raises(ValueError, match="stage"):
        Route(())
