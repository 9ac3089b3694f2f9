"""Every act tried in every state of an approval: where it leads, or how it is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from approval_builders import MANAGER, OWNER, REQUESTER, do, refused, submitted

from contracts.approval import (
    CLOSED,
    SYSTEM_ROLE,
    TRANSITIONS,
    Act,
    ActKind,
    CaseState,
    acts_open_to,
)


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
