"""The approval engine against a toy that keeps only who signed what, over random histories."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts.approval import (
    CLOSED,
    SYSTEM_ROLE,
    Act,
    ActKind,
    CaseState,
    Mode,
    Route,
    Stage,
    Verdict,
    acts_open_to,
    advance,
    open_case,
)

REQUESTER = 0
#: Who may act in which role; person 5 wears two hats, the requester one of an approver.
ROLES = {
    0: ("rep", "manager"),
    1: ("manager",),
    2: ("manager",),
    3: ("finance",),
    4: ("owner",),
    5: ("finance", "owner"),
}
STAGES = st.builds(
    Stage,
    st.sampled_from(Mode),
    st.lists(st.sampled_from(("manager", "finance", "owner")), min_size=1, max_size=3).map(tuple),
)


class Approval(RuleBasedStateMachine):
    """Random people do random things; the toy decides with sets what must have happened."""

    @initialize(stages=st.lists(STAGES, min_size=1, max_size=3).map(tuple))
    def start(self, stages: tuple[Stage, ...]) -> None:
        self.case = open_case(Route(stages), REQUESTER)
        #: stage → the people who signed it and whose signatures still stand
        self.signed: dict[int, set[int]] = {}
        self.stage = 0
        self.submissions = 0

    @rule(gone=st.frozensets(st.sampled_from(sorted(ROLES))))
    def go_away(self, gone: frozenset[int]) -> None:
        """People come and go; a seat given to one who is away is open to the role."""
        self.case = replace(self.case, away=gone)

    def attempt(self, act: Act) -> bool:
        """Do the act; a refusal must leave the case alone and agree with the buttons offered."""
        before = self.case
        if act.in_stead_of is None:
            offered = act.kind in acts_open_to(before, act.person_id, [act.role])
        else:
            steads = [(act.in_stead_of, act.role)]
            offered = act.kind in acts_open_to(before, act.person_id, [], steads)
        after = advance(before, act)
        if isinstance(after, list):
            assert after, "a refusal has a reason"
            assert before == self.case
            return False
        assert offered
        assert before.state not in CLOSED
        self.case = after
        return True

    @rule()
    def submit(self) -> None:
        waits = self.case.state in (CaseState.DRAFT, CaseState.SENT_BACK)
        done = self.attempt(Act(REQUESTER, "rep", ActKind.SUBMIT))
        assert done == waits
        self.submissions += done

    @rule(data=st.data())
    def approve(self, data: st.DataObject) -> None:
        person, role = self.somebody(data)
        if not self.attempt(Act(person, role, ActKind.APPROVE)):
            return
        assert person != REQUESTER
        assert all(person not in people for people in self.signed.values())
        self.signed.setdefault(self.stage, set()).add(person)
        if self.case.state is CaseState.APPROVED:
            assert self.stage == len(self.case.route.stages) - 1
        else:
            assert self.case.stage_index in (self.stage, self.stage + 1)
            self.stage = self.case.stage_index

    @rule(data=st.data(), absent=st.sampled_from(sorted(ROLES)))
    def approve_in_stead(self, data: st.DataObject, absent: int) -> None:
        """A delegate signs for somebody else, in a role of that person."""
        person = data.draw(st.sampled_from(sorted(ROLES)))
        role = data.draw(st.sampled_from(ROLES[absent]))
        if not self.attempt(Act(person, role, ActKind.APPROVE, in_stead_of=absent)):
            return
        assert REQUESTER not in (person, absent)
        everybody = {one for people in self.signed.values() for one in people}
        assert not {person, absent} & everybody
        self.signed.setdefault(self.stage, set()).update({person, absent})
        if self.case.state is not CaseState.APPROVED:
            self.stage = self.case.stage_index

    @rule(data=st.data())
    def send_back(self, data: st.DataObject) -> None:
        person, role = self.somebody(data)
        if not self.attempt(Act(person, role, ActKind.SEND_BACK)):
            return
        assert (self.case.state is CaseState.SENT_BACK) == (self.stage == 0)
        self.stage = max(self.stage - 1, 0)
        for stage in [stage for stage in self.signed if stage >= self.stage]:
            del self.signed[stage]

    @rule(data=st.data(), to_person=st.sampled_from(sorted(ROLES)))
    def hand_over(self, data: st.DataObject, to_person: int) -> None:
        person, role = self.somebody(data)
        kind = data.draw(st.sampled_from([ActKind.REASSIGN, ActKind.ADD_APPROVER]))
        waiting = len(self.case.open_seats)
        if self.attempt(Act(person, role, kind, to_person=to_person)):
            assert to_person != REQUESTER
            assert len(self.case.open_seats) == waiting + (kind is ActKind.ADD_APPROVER)

    @rule(data=st.data(), end=st.sampled_from([ActKind.REJECT, ActKind.WITHDRAW, ActKind.EXPIRE]))
    def end(self, data: st.DataObject, end: ActKind) -> None:
        # Endings are made rare, or few histories would get anywhere.
        if data.draw(st.integers(0, 4)):
            return
        person, role = self.somebody(data)
        if end is ActKind.EXPIRE:
            role = SYSTEM_ROLE
        if self.attempt(Act(person, role, end)):
            assert self.case.state in CLOSED
            assert end is not ActKind.WITHDRAW or person == REQUESTER

    def somebody(self, data: st.DataObject) -> tuple[int, str]:
        person = data.draw(st.sampled_from(sorted(ROLES)))
        return person, data.draw(st.sampled_from(ROLES[person]))

    @invariant()
    def agrees_with_the_toy(self) -> None:
        case = self.case
        assert case.stage_index == self.stage
        signatures = {
            (seat.stage, person)
            for seat in case.seats
            if seat.verdict is Verdict.APPROVED
            for person in (seat.acting_person, seat.in_stead_of)
            if person is not None
        }
        assert sorted(signatures) == sorted(
            (stage, person) for stage, people in self.signed.items() for person in people
        )
        assert all(person != REQUESTER for _, person in signatures)

    @invariant()
    def nobody_stands_behind_two_seats(self) -> None:
        behind = [
            person
            for seat in self.case.seats
            if seat.verdict is not None
            for person in {seat.acting_person, seat.in_stead_of} - {None}
        ]
        assert len(behind) == len(set(behind))

    @invariant()
    def every_stage_behind_is_complete(self) -> None:
        behind = range(self.stage + (self.case.state is CaseState.APPROVED))
        for index in behind:
            stage = self.case.route.stages[index]
            own = [seat for seat in self.case.seats if seat.stage == index and not seat.added_by]
            added = [seat for seat in self.case.seats if seat.stage == index and seat.added_by]
            count = sum(seat.verdict is Verdict.APPROVED for seat in own)
            assert count >= (len(own) if stage.mode is Mode.ALL_OF else 1)
            assert all(seat.verdict is Verdict.APPROVED for seat in added)

    @invariant()
    def waits_for_somebody_exactly_while_pending(self) -> None:
        assert bool(self.case.open_seats) == (self.case.state is CaseState.PENDING)
        if self.submissions == 0:
            assert self.case.state not in (CaseState.PENDING, CaseState.APPROVED)


TestApproval = Approval.TestCase
TestApproval.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
