"""The mails of an approval: who is waited for, who waits too long, what was decided."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from channel.access import Permission
from channel.models.exceptions import ExceptionRequest
from channel.queries import accounts as people
from channel.queries import approvals
from channel.queries import exceptions as reads
from channel.services.steps.approvers import OWNER
from channel.services.work import Work
from contracts.approval import ActKind, Case, acts_open_to


def tell_waiting(w: Work, request: ExceptionRequest, case: Case) -> None:
    """Everybody who could sign now, delegates of absent people among them."""
    for user in people.people_with(Permission.EXCEPTIONS_DECIDE):
        steads = approvals.steads(people.actor_of(user), w.today)
        if ActKind.APPROVE not in acts_open_to(case, user.id, (user.role,), steads):
            continue
        with force_locale(user.locale):
            w.mail(
                user.email,
                _("Waiting for your decision: %(number)s", number=request.number),
                _(
                    "Distributor %(name)s applies for an exception.\nReason: %(reason)s\n",
                    name=request.distributor.name if request.distributor else "",
                    reason=request.reason,
                ),
                key=f"exception:{request.id}:{request.stage}:{request.row_version}:{user.id}",
            )


def tell_requester(w: Work, request: ExceptionRequest) -> None:
    """The requester, of what was decided."""
    user = people.find_user(request.requester_id)
    if user is None:
        return
    with force_locale(user.locale):
        w.mail(
            user.email,
            _("Decided: %(number)s", number=request.number),
            _(
                "Your application %(number)s now has the state: %(state)s.\n",
                number=request.number,
                state=reads.state_word(request.state),
            ),
        )


def tell_owner(w: Work, request: ExceptionRequest, number: int) -> None:
    """The escalation: the owner hears that nobody decides; once for each idle span."""
    for user in people.people_with(Permission.EXCEPTIONS_DECIDE, (OWNER,)):
        with force_locale(user.locale):
            w.mail(
                user.email,
                _("Waits for 48 hours: %(number)s", number=request.number),
                _("Nobody has decided on %(number)s for two days.\n", number=request.number),
                key=f"escalate:{request.id}:{number}:{user.id}",
            )
