"""Use cases about incidents: filed, acknowledged in time or escalated, answered, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from channel import clock
from channel.access import Actor, Permission
from channel.db import lock
from channel.models.market import Incident
from channel.queries import market_incidents as reads
from channel.rules.incidents import Action, State
from channel.services.jobs import CHORES
from channel.services.steps import incidents as steps
from channel.services.steps import market
from channel.services.steps.market import File
from channel.services.work import Refused, work
from contracts.values.findings import block


@dataclass(frozen=True)
class Filing:
    """An incident in words: «local» with its topic, or «diversion» (goods found elsewhere)."""

    distributor_id: int
    kind: str
    what: str
    known_at: datetime
    topic: str = ""
    severity: str = "medium"
    place: str = ""
    division_code: str | None = None
    interest: str = ""
    actions: str = ""


def file_incident(actor: Actor, filing: Filing, files: Sequence[File] = ()) -> int:
    """File an incident; its id. The clock to acknowledge it runs from now.

    The hours are those of the agreement in force (clause 6). A distributor files local ones only.
    """
    with work(actor, Permission.MARKET_FILE) as w:
        if filing.kind != "local" and actor.is_distributor:
            raise Refused([block("incident.not_yours")])
        if not filing.what.strip():
            raise Refused([block("incident.what_needed")])
        if filing.known_at > w.now:
            raise Refused([block("incident.in_future")])
        at = market.where(actor, w, filing.distributor_id, None, filing.place, filing.division_code)
        incident = market.open_incident(
            w,
            filing.kind,
            at,
            severity=filing.severity,
            known_at=filing.known_at,
            hours=market.duties(at.distributor.id, w).incident_report_hours,
            what=filing.what.strip(),
            topic=filing.topic if filing.kind == "local" else "",
            interest=filing.interest,
            actions=filing.actions,
        )
        market.attach(w, incident, at.distributor.id, files)
        return incident.id


def acknowledge(actor: Actor, incident_id: int, seen: int | None = None) -> None:
    """Say that the house knows; the clock stops."""
    with work(actor, Permission.MARKET_HANDLE) as w:
        incident = steps.locked(w, incident_id, seen)
        if incident.acknowledged_at is not None or incident.state == State.CLOSED:
            raise Refused([block("incident.not_now")])
        steps.acknowledge(w, incident)
        w.audit("incident:acknowledge", incident, label=incident.number)


def notify(actor: Actor, incident_id: int, notice: str, seen: int | None = None) -> None:
    """Send the distributor a notice that asks for an answer."""
    with work(actor, Permission.MARKET_HANDLE) as w:
        incident = steps.locked(w, incident_id, seen)
        if not notice.strip():
            raise Refused([block("incident.notice_needed")])
        old = steps.move_on(incident, Action.NOTIFY)
        incident.notice, incident.noticed_at = notice.strip(), w.now
        steps.acknowledge(w, incident)
        market.tell_distributor(w, incident)
        changes = {"state": (old, incident.state)}
        w.audit("incident:notify", incident, reason=notice.strip()[:500], changes=changes)


def answer(
    actor: Actor,
    incident_id: int,
    text: str,
    files: Sequence[File] = (),
    seen: int | None = None,
) -> None:
    """The distributor's answer to a notice, or the desk's note of what it said."""
    with work(actor, Permission.MARKET_FILE) as w:
        incident = steps.locked(w, incident_id, seen)
        if not text.strip():
            raise Refused([block("incident.answer_needed")])
        old = steps.move_on(incident, Action.ANSWER)
        incident.answer, incident.answered_at = text.strip(), w.now
        market.attach(w, incident, incident.distributor_id, files)
        changes = {"state": (old, incident.state)}
        w.audit("incident:answer", incident, reason=text.strip()[:500], changes=changes)


def close(
    actor: Actor,
    incident_id: int,
    result: str,
    seen: int | None = None,
    *,
    is_upheld: bool | None = None,
) -> None:
    """Close with a written result; without one it stays open.

    Upheld, it counts against the distributor's scores; None: where a notice had been sent.
    """
    with work(actor, Permission.MARKET_HANDLE) as w:
        incident = steps.locked(w, incident_id, seen)
        if not result.strip():
            raise Refused([block("incident.result_needed")])
        counts = incident.kind != "local"
        old = steps.close(w, incident, result, is_upheld=is_upheld if counts else None)
        changes = {"state": (old, incident.state)}
        if incident.is_upheld is not None:
            changes["upheld"] = ("", "yes" if incident.is_upheld else "no")
        w.audit("incident:close", incident, reason=result.strip()[:500], changes=changes)


def record_actions(actor: Actor, incident_id: int, actions: str, seen: int | None = None) -> None:
    """Write down what was done meanwhile; the history keeps each entry."""
    with work(actor, Permission.MARKET_FILE) as w:
        incident = steps.locked(w, incident_id, seen)
        if incident.state == State.CLOSED:
            raise Refused([block("incident.not_now")])
        if not actions.strip():
            raise Refused([block("incident.actions_needed")])
        incident.actions = "\n".join(filter(None, [incident.actions, actions.strip()]))
        w.audit("incident:act", incident, reason=actions.strip()[:500])


def escalate(actor: Actor) -> None:
    """The chore: what nobody acknowledged in time goes to the owner, once."""
    for incident_id in reads.unheard_ids(clock.now()):
        with work(actor) as w:
            [incident] = lock(Incident, [incident_id])
            if incident.acknowledged_at is not None or incident.escalated_at is not None:
                continue
            incident.escalated_at = w.now
            incident.row_version += 1
            market.tell_owner(w, incident)
            w.audit("incident:escalate", incident)


CHORES.append(escalate)
