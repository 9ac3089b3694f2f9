"""Steps on an incident that several use cases share: locked, moved on, acknowledged."""

from __future__ import annotations

from channel.db import lock
from channel.models.market import Incident
from channel.queries.scope import get_visible
from channel.rules.incidents import WORKFLOW, Action, State
from channel.services.work import Refused, Work, assert_seen
from contracts.values.findings import block
from contracts.values.transitions import IllegalTransition


def locked(w: Work, incident_id: int, seen: int | None) -> Incident:
    """The incident, when the actor may see it, locked; Stale when it moved on since."""
    get_visible(w.actor, Incident, incident_id)
    [incident] = lock(Incident, [incident_id])
    assert_seen(incident, seen)
    return incident  # type: ignore[no-any-return]


def move_on(incident: Incident, act: Action) -> str:
    """Take a step of the workflow; gives the state before as the trail words it."""
    try:
        new = WORKFLOW.next(State(incident.state), act)
    except IllegalTransition:
        raise Refused([block("incident.not_now")]) from None
    old, incident.state = incident.state, new.value
    return "incident_open" if old == State.OPEN else old


def acknowledge(w: Work, incident: Incident) -> None:
    """Stop the clock, once."""
    if incident.acknowledged_at is None:
        incident.acknowledged_at, incident.acknowledged_by_id = w.now, w.actor.user_id


def close(w: Work, incident: Incident, result: str, *, is_upheld: bool | None) -> str:
    """Close with a written result; gives the state before."""
    old = move_on(incident, Action.CLOSE)
    incident.result = result.strip()
    incident.is_upheld = is_upheld
    incident.closed_at, incident.closed_on = w.now, w.today
    incident.closed_by_id = w.actor.user_id
    acknowledge(w, incident)
    return old
