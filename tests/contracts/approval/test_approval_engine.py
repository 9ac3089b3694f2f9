"""Approval by example: who may do what, what each refusal says, and where each act leads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.approval import (
    CLOSED,
    SYSTEM_ROLE,
    TRANSITIONS,
    Act,
    ActKind,
    Case,
    CaseState,
    Mode,
    Route,
    Seat,
    Stage,
    Verdict,
    acts_open_to,
    advance,
    open_case,
    refusals,
)

REQUESTER, MANAGER, OTHER_MANAGER, FINANCE, OWNER = 1, 2, 3, 4, 5

ONE_STAGE = Route((Stage(Mode.ALL_OF, ("manager",)),))
TWO_STAGES = Route((Stage(Mode.ALL_OF, ("manager", "finance")), Stage(Mode.ANY_OF, ("owner",))))
ANY_STAGE = Route((Stage(Mode.ANY_OF, ("manager", "finance")),))


def do(case: Case, *acts: Act) -> Case:
    """The case after acts that must all be allowed."""
    for act in acts:
        after = advance(case, act)
        assert isinstance(after, Case), after
        case = after
    return case


def refused(case: Case, act: Act) -> str:
    """The code of the one refusal, without its family."""
    findings = advance(case, act)
    assert isinstance(findings, list)
    (finding,) = findings
    assert finding.is_blocking
    return finding.code.removeprefix("approval.")


def submitted(route: Route = ONE_STAGE) -> Case:
    return do(open_case(route, REQUESTER), Act(REQUESTER, "rep", ActKind.SUBMIT))


def approve(person: int, role: str) -> Act:
    return Act(person, role, ActKind.APPROVE)


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


def refusal_of(state: CaseState) -> str:
    """What the state answers to an act that it does not know."""
    return {
        CaseState.DRAFT: "not_submitted",
        CaseState.SENT_BACK: "not_submitted",
        CaseState.PENDING: "already_submitted",
        CaseState.EXPIRED: "expired",
    }.get(state, "already_decided")


LEGAL = {
    (CaseState.DRAFT, ActKind.SUBMIT): CaseState.PENDING,
    (CaseState.DRAFT, ActKind.WITHDRAW): CaseState.WITHDRAWN,
    (CaseState.SENT_BACK, ActKind.SUBMIT): CaseState.PENDING,
    (CaseState.SENT_BACK, ActKind.WITHDRAW): CaseState.WITHDRAWN,
    (CaseState.SENT_BACK, ActKind.EXPIRE): CaseState.EXPIRED,
    (CaseState.PENDING, ActKind.APPROVE): CaseState.APPROVED,
    (CaseState.PENDING, ActKind.REJECT): CaseState.REJECTED,
    (CaseState.PENDING, ActKind.SEND_BACK): CaseState.SENT_BACK,
    (CaseState.PENDING, ActKind.REASSIGN): CaseState.PENDING,
    (CaseState.PENDING, ActKind.ADD_APPROVER): CaseState.PENDING,
    (CaseState.PENDING, ActKind.WITHDRAW): CaseState.WITHDRAWN,
    (CaseState.PENDING, ActKind.EXPIRE): CaseState.EXPIRED,
}


@pytest.mark.row("D09")
@pytest.mark.parametrize("kind", ActKind, ids=lambda kind: kind.value)
@pytest.mark.parametrize("state", CaseState, ids=lambda state: state.value)
def test_every_act_in_every_state(state: CaseState, kind: ActKind) -> None:
    case = replace(submitted(), state=state)
    person, role = {
        ActKind.SUBMIT: (REQUESTER, "rep"),
        ActKind.WITHDRAW: (REQUESTER, "rep"),
        ActKind.EXPIRE: (0, SYSTEM_ROLE),
    }.get(kind, (MANAGER, "manager"))
    act = Act(person, role, kind, to_person=OWNER)

    expected = LEGAL.get((state, kind))

    assert TRANSITIONS.allows(state, kind) == (expected is not None)
    if expected is None:
        assert refused(case, act) == refusal_of(state)
        assert kind not in acts_open_to(case, person, [role])
    else:
        assert do(case, act).state is expected
        assert kind in acts_open_to(case, person, [role])


def test_closed_states_allow_nothing() -> None:
    assert {state for state in CaseState if not TRANSITIONS.actions(state)} == CLOSED


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
