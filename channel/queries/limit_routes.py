"""Who signs a change of a credit limit: the route of a proposal, and where it stands.

The signatures are replayed through the approval engine, so that a limit obeys the same law as
every other request: nobody signs for himself, nobody signs twice.
"""

from __future__ import annotations

from channel.access import Actor, Role
from channel.models.credit import CreditLimit
from contracts import approval
from contracts.approval import Act, ActKind, Case, Mode, Route, Stage

CM, FIN, OWNER = Role.CHANNEL_MANAGER.value, Role.FINANCE.value, Role.OWNER.value
#: A small raise, a cut, or a limit that an import brought: any one desk.
SHORT = Route((Stage(Mode.ANY_OF, (CM, FIN, OWNER)),))
#: A large raise and a first limit: the channel, then finance, then the owner.
LONG = Route(tuple(Stage(Mode.ANY_OF, (role,)) for role in (CM, FIN, OWNER)))


def route(*, is_large: bool) -> Route:
    return LONG if is_large else SHORT


def case_of(limit: CreditLimit) -> Case:
    """The proposal as the engine sees it, after the signatures that it bears."""
    made = approval.route_from_json(limit.route) if limit.route else SHORT
    requester = limit.proposed_by_id or 0
    case = approval.advance(approval.open_case(made, requester), Act(requester, "", ActKind.SUBMIT))
    for signature in limit.signatures or []:
        assert isinstance(case, Case)
        case = approval.advance(case, Act(signature["person"], signature["role"], ActKind.APPROVE))
    assert isinstance(case, Case), "a signature that was once accepted"
    return case


def waits_for(limit: CreditLimit) -> list[str]:
    """The roles whose signature is wanted now."""
    return sorted({seat.role for seat in case_of(limit).open_seats})


def may_sign(actor: Actor, limit: CreditLimit) -> bool:
    """Whether this person's signature would be accepted now."""
    if limit.approved_at is not None or actor.user_id is None:
        return False
    act = Act(actor.user_id, actor.role.value, ActKind.APPROVE)
    return not approval.refusals(case_of(limit), act)
