"""People, routes and short words for the approval tests."""

from __future__ import annotations

from contracts.approval import (
    Act,
    ActKind,
    Case,
    Mode,
    Route,
    Stage,
    advance,
    open_case,
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
