"""The frozen data of an approval: its route, its seats, and the acts that people do on it.

A case is a value: every act makes a new one, so that what an approver saw can be stored whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

# The role under which the clock, and nobody else, lets a case expire.
SYSTEM_ROLE = "system"


class Mode(Enum):
    """How many of a stage's roles must sign."""

    ALL_OF = "all_of"  # 会签
    ANY_OF = "any_of"  # 或签


class CaseState(Enum):
    """Where a case stands; the states of `CLOSED` are final."""

    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


CLOSED = frozenset({CaseState.APPROVED, CaseState.REJECTED, CaseState.WITHDRAWN, CaseState.EXPIRED})


class ActKind(Enum):
    """What a person can do; the Chinese word of each is fixed by the glossary of the field."""

    SUBMIT = "submit"  # 提交
    APPROVE = "approve"  # 同意
    REJECT = "reject"  # 驳回: ends the case
    SEND_BACK = "send_back"  # 退回: one stage back
    REASSIGN = "reassign"  # 转办
    ADD_APPROVER = "add_approver"  # 加签
    WITHDRAW = "withdraw"  # 撤回
    EXPIRE = "expire"  # 超时


class Verdict(Enum):
    """What was signed on a seat."""

    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a route: the roles that are asked at the same time."""

    mode: Mode
    roles: tuple[str, ...]

    def __post_init__(self) -> None:
        """A stage that asks nobody would approve by itself."""
        if not self.roles or not all(self.roles):
            raise ValueError("a stage needs at least one role, and each role a name")


@dataclass(frozen=True, slots=True)
class Route:
    """Stages one after the other (依次); the next opens when the one before is complete."""

    stages: tuple[Stage, ...]

    def __post_init__(self) -> None:
        """A route without a stage would approve by itself."""
        if not self.stages:
            raise ValueError("a route needs at least one stage")


@dataclass(frozen=True, slots=True)
class Seat:
    """One signature asked for.

    `person` None: anyone who holds the role may sign; else only this person. `acting_person` is
    the one who signed, `in_stead_of` the absent person for whom. `added_by` is the approver who
    asked for this seat, None for the route's.
    """

    stage: int
    role: str
    person: int | None = None
    verdict: Verdict | None = None
    acting_person: int | None = None
    added_by: int | None = None
    in_stead_of: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the signature is still missing."""
        return self.verdict is None


@dataclass(frozen=True, slots=True)
class Case:
    """One request on its way: `stage_index` counts from 0 and is where it stands or will resume.

    `away` are the people who cannot be waited for: a seat given to one of them is open to all who
    hold its role, so that no handover is a dead end.
    """

    route: Route
    requester_id: int
    seats: tuple[Seat, ...] = ()
    stage_index: int = 0
    state: CaseState = CaseState.DRAFT
    away: frozenset[int] = frozenset()

    @property
    def open_seats(self) -> tuple[Seat, ...]:
        """The signatures that are waited for now; empty unless the case is pending."""
        if self.state is not CaseState.PENDING:
            return ()
        here = [seat for seat in self.seats if seat.stage == self.stage_index and seat.is_open]
        if self.route.stages[self.stage_index].mode is Mode.ANY_OF and _has_signature(self):
            here = [seat for seat in here if seat.added_by is not None]
        return tuple(here)


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody, in a role, does something; `to_person` and `to_role` name whom it is handed to.

    A delegate acts `in_stead_of` an absent person, and then `role` is that person's.
    """

    person_id: int
    role: str
    kind: ActKind
    to_person: int | None = None
    to_role: str | None = None
    in_stead_of: int | None = None

    @property
    def principal(self) -> int:
        """Whose seat it is: the absent person's, where there is one."""
        return self.person_id if self.in_stead_of is None else self.in_stead_of


def open_case(route: Route, requester_id: int) -> Case:
    """A draft; it asks nobody until its requester submits it."""
    return Case(route=route, requester_id=requester_id)


def _has_signature(case: Case) -> bool:
    """Whether one of the route's own seats of the present stage is signed."""
    return any(
        seat.stage == case.stage_index and seat.added_by is None and not seat.is_open
        for seat in case.seats
    )
