"""The one place where an approval moves: an act on a case gives the next case, or the refusals.

Nobody decides a request of their own, nobody signs twice, and a case that is closed stays closed;
a refusal is a list of findings and leaves the case as it was.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from contracts.approval.model import (
    SYSTEM_ROLE,
    Act,
    ActKind,
    Case,
    CaseState,
    Mode,
    Seat,
    Verdict,
)
from contracts.values.findings import Fact, Finding, Severity
from contracts.values.transitions import IllegalTransition, Transitions

# The state that each act leads to when it completes; an approval that leaves signatures open and
# a sending back from a later stage keep the case pending instead.
TRANSITIONS: Transitions[CaseState, ActKind] = Transitions(
    {
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
)

VERDICTS = frozenset({ActKind.APPROVE, ActKind.REJECT, ActKind.SEND_BACK})
HANDOVERS = frozenset({ActKind.REASSIGN, ActKind.ADD_APPROVER})
OWNER_ACTS = frozenset({ActKind.SUBMIT, ActKind.WITHDRAW})


def advance(case: Case, act: Act) -> Case | list[Finding]:
    """The case after the act, or every reason why the act is refused (never an empty list)."""
    return refusals(case, act) or _apply(case, act)


def refusals(case: Case, act: Act) -> list[Finding]:
    """Why this act may not be done on this case now; an empty list is leave to do it."""
    return _wrong_moment(case, act) or _wrong_person(case, act) or _wrong_target(case, act)


def acts_open_to(
    case: Case,
    person_id: int,
    roles: Collection[str],
    steads: Collection[tuple[int, str]] = (),
) -> tuple[ActKind, ...]:
    """The acts for which a page may offer a button to this person, in the order of `ActKind`.

    `steads` are the absent people, each with a role, for whom the person may sign. Whom a handover
    names is not judged here, because the page does not know it yet.
    """
    open_acts = []
    for kind in ActKind:
        tries = [Act(person_id, role, kind) for role in sorted(roles) or [""]]
        tries += [Act(person_id, role, kind, in_stead_of=absent) for absent, role in steads]
        if any(not (_wrong_moment(case, act) or _wrong_person(case, act)) for act in tries):
            open_acts.append(kind)
    return tuple(open_acts)


def _refuse(code: str, **facts: Fact) -> list[Finding]:
    return [Finding(f"approval.{code}", Severity.BLOCK, facts=facts)]


def _wrong_moment(case: Case, act: Act) -> list[Finding]:
    """The state does not know the act: decided, expired, or not yet (or again) submitted."""
    try:
        TRANSITIONS.next(case.state, act.kind)
    except IllegalTransition:
        if case.state is CaseState.EXPIRED:
            return _refuse("expired")
        if case.state is CaseState.PENDING:
            return _refuse("already_submitted")
        if case.state in (CaseState.DRAFT, CaseState.SENT_BACK):
            return _refuse("not_submitted")
        return _refuse("already_decided", state=case.state.value)
    return []


def _wrong_person(case: Case, act: Act) -> list[Finding]:
    """The person may not do this act, whoever it names."""
    if act.kind is ActKind.EXPIRE:
        return [] if act.role == SYSTEM_ROLE else _refuse("not_yours")
    if act.kind in OWNER_ACTS:
        own = act.person_id == case.requester_id and act.in_stead_of is None
        return [] if own else _refuse("not_yours")
    both = {act.person_id, act.principal}
    if case.requester_id in both:
        # Neither the requester nor anybody for the requester.
        return _refuse("own_request")
    if act.kind in VERDICTS and any(_has_signed(case, person) for person in both):
        return _refuse("already_signed")
    return [] if _seat_of(case, act) is not None else _no_seat(case, act)


def _wrong_target(case: Case, act: Act) -> list[Finding]:
    """The one to whom a seat would be handed may not sit there."""
    if act.kind not in HANDOVERS:
        return []
    if act.to_person is None and (act.kind is ActKind.REASSIGN or not act.to_role):
        return _refuse("nobody_named")
    if act.to_person is None:
        return []
    if act.to_person == case.requester_id:
        return _refuse("own_request")
    if _has_signed(case, act.to_person):
        return _refuse("already_signed")
    if any(seat.person == act.to_person for seat in case.open_seats):
        return _refuse("already_seated")
    return []


def _no_seat(case: Case, act: Act) -> list[Finding]:
    """Which of the reasons it is that no open seat is this person's."""
    if any(seat.role == act.role for seat in case.open_seats):
        return _refuse("not_yours")
    here = [seat for seat in case.seats if seat.stage == case.stage_index]
    if any(seat.role == act.role for seat in here):
        # Signed by a colleague, or no longer waited for because any one was enough.
        return _refuse("seat_taken", role=act.role)
    needed = tuple(sorted({seat.role for seat in case.open_seats}))
    return _refuse("wrong_role", role=act.role, needed=needed)


def _has_signed(case: Case, person_id: int) -> bool:
    """Whether a signature is this person's, by their own hand, for another or by a delegate."""
    return any(
        seat.verdict is not None and person_id in (seat.acting_person, seat.in_stead_of)
        for seat in case.seats
    )


def _seat_of(case: Case, act: Act) -> int | None:
    """Position of the open seat this person acts on: one given to the person before the role's."""
    waiting = case.open_seats
    named = [seat for seat in waiting if seat.person == act.principal]
    by_role = [
        seat
        for seat in waiting
        if (seat.person is None or seat.person in case.away) and seat.role == act.role
    ]
    for seat in (*named, *by_role):
        return case.seats.index(seat)
    return None


def _apply(case: Case, act: Act) -> Case:
    """The act, which is known to be allowed, done."""
    if act.kind is ActKind.SUBMIT:
        return _enter(case, case.stage_index)
    if act.kind in (ActKind.WITHDRAW, ActKind.EXPIRE):
        return replace(case, state=TRANSITIONS.next(case.state, act.kind))
    position = _seat_of(case, act)
    if position is None:
        raise AssertionError("an act without a seat was not refused")
    seat = case.seats[position]
    if act.kind is ActKind.APPROVE:
        return _completed(_signed(case, position, Verdict.APPROVED, act))
    if act.kind is ActKind.REJECT:
        signed = _signed(case, position, Verdict.REJECTED, act)
        return replace(signed, state=CaseState.REJECTED)
    if act.kind is ActKind.SEND_BACK:
        return _sent_back(case)
    if act.kind is ActKind.REASSIGN:
        handed = replace(seat, person=act.to_person, role=act.to_role or seat.role)
        return _with_seat(case, position, handed)
    added = Seat(
        stage=case.stage_index,
        role=act.to_role or seat.role,
        person=act.to_person,
        added_by=act.person_id,
    )
    return replace(case, seats=(*case.seats, added))


def _with_seat(case: Case, position: int, seat: Seat) -> Case:
    return replace(case, seats=(*case.seats[:position], seat, *case.seats[position + 1 :]))


def _signed(case: Case, position: int, verdict: Verdict, act: Act) -> Case:
    seat = replace(
        case.seats[position],
        verdict=verdict,
        acting_person=act.person_id,
        in_stead_of=act.in_stead_of,
    )
    return _with_seat(case, position, seat)


def _completed(case: Case) -> Case:
    """The case after a signature: the same stage, the next one, or approved."""
    if not _stage_is_complete(case):
        return case
    following = case.stage_index + 1
    if following == len(case.route.stages):
        return replace(case, state=CaseState.APPROVED)
    return _enter(case, following)


def _stage_is_complete(case: Case) -> bool:
    """Added approvers must all sign; of the route's own seats all, or any one, by the mode."""
    here = [seat for seat in case.seats if seat.stage == case.stage_index]
    asked = [seat.verdict is Verdict.APPROVED for seat in here if seat.added_by is None]
    added = [seat.verdict is Verdict.APPROVED for seat in here if seat.added_by is not None]
    mode = case.route.stages[case.stage_index].mode
    return all(added) and (all(asked) if mode is Mode.ALL_OF else any(asked))


def _enter(case: Case, stage_index: int) -> Case:
    """The case waiting in a stage; seats of an earlier visit are kept, handovers included."""
    seats = case.seats
    if not any(seat.stage == stage_index for seat in seats):
        roles = case.route.stages[stage_index].roles
        seats = (*seats, *(Seat(stage=stage_index, role=role) for role in roles))
    return replace(case, seats=seats, stage_index=stage_index, state=CaseState.PENDING)


def _sent_back(case: Case) -> Case:
    """One stage back, or to the requester from the first; signatures from there on are void."""
    back_to = max(case.stage_index - 1, 0)
    seats = tuple(
        replace(seat, verdict=None, acting_person=None, in_stead_of=None)
        if seat.stage >= back_to
        else seat
        for seat in case.seats
    )
    state = CaseState.SENT_BACK if case.stage_index == 0 else CaseState.PENDING
    return replace(case, seats=seats, stage_index=back_to, state=state)
