"""Steps that the use cases of the market share: where it was, incidents, and photos as evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from channel import clock
from channel.access import Actor, Permission
from channel.models.market import Evidence, Incident, Outlet
from channel.models.partners import Distributor
from channel.queries import accounts as people
from channel.queries import agreements, territories
from channel.queries.scope import get_visible
from channel.rules import incidents as rules
from channel.services.work import Refused, Work
from contracts import agreement as terms_of
from contracts.values.findings import Finding, block, to_json

#: What a photo or paper may be, by its first bytes: a name can be changed, these not.
SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
#: The largest file that is kept as evidence.
MOST_BYTES = 8_000_000


@dataclass(frozen=True)
class File:
    """A file as it was handed in."""

    filename: str
    data: bytes


@dataclass(frozen=True)
class Where:
    """Whose area, which outlet if it is known, the place in words and its division."""

    distributor: Distributor
    outlet_id: int | None
    place: str
    division_code: str


def where(
    actor: Actor,
    w: Work,
    distributor_id: int,
    outlet_id: int | None = None,
    place: str = "",
    division_code: str | None = None,
) -> Where:
    """An outlet of the register names place and division; else they are given in words.

    Without a division the distributor's own counts.
    """
    owner: Distributor = get_visible(actor, Distributor, distributor_id)
    if outlet_id is not None:
        outlet: Outlet = get_visible(actor, Outlet, outlet_id)
        if outlet.distributor_id != owner.id:
            raise Refused([block("market.other_outlet")])
        return Where(owner, outlet.id, outlet.name, outlet.division_code)
    code = division_code or owner.division_code
    if not place.strip():
        raise Refused([block("market.place_needed")])
    if not code or not territories.is_known(code, w.today):
        raise Refused([block("market.division_needed")])
    return Where(owner, None, place.strip(), code)


def duties(distributor_id: int, w: Work) -> terms_of.Duties:
    """The duties of the agreement in force today; those of the standard contract without one."""
    version, _last = agreements.ruling_version(distributor_id, w.today)
    return terms_of.from_json(version.terms).duties if version else terms_of.Duties()


def open_incident(
    w: Work,
    kind: str,
    at: Where,
    *,
    finding: Finding | None = None,
    severity: str = "medium",
    known_at: datetime | None = None,
    hours: int | None = None,
    **values: Any,
) -> Incident:
    """A new incident with its number; `hours`: the clock by which it has to be acknowledged."""
    incident = Incident(
        number=w.draw("IN", w.today),
        kind=kind,
        distributor_id=at.distributor.id,
        division_code=at.division_code,
        place=at.place,
        severity=severity,
        finding=to_json([finding]) if finding else None,
        state=rules.State.OPEN.value,
        opened_on=w.today,
        known_at=known_at or w.now,
        reported_at=w.now,
        due_at=rules.due_at(w.now, hours) if hours is not None else None,
        filed_by_id=w.actor.user_id,
        row_version=1,
        **values,
    )
    w.session.add(incident)
    w.session.flush()  # the audit entry and what points here need its id
    what = str(values.get("what", ""))
    w.audit("incident:open", incident, label=incident.number, reason=what[:500])
    return incident


def attach(w: Work, subject: Any, distributor_id: int, files: Sequence[File]) -> list[Evidence]:
    """Keep photos and papers byte for byte; refused where one is neither or too large."""
    kept = []
    for file in files:
        if not file.data:
            continue
        mimetype = next((kind for head, kind in SIGNATURES if file.data.startswith(head)), None)
        if mimetype is None:
            raise Refused([block("market.not_a_photo", file=file.filename)])
        if len(file.data) > MOST_BYTES:
            raise Refused([block("market.too_large", file=file.filename)])
        evidence = Evidence(
            distributor_id=distributor_id,
            subject_kind=subject.__tablename__,
            subject_id=subject.id,
            filename=file.filename[-255:],
            mimetype=mimetype,
            sha256=hashlib.sha256(file.data).hexdigest(),
            data=file.data,
            added_by_id=w.actor.user_id,
            added_at=w.now,
        )
        w.session.add(evidence)
        kept.append(evidence)
    return kept


def tell_distributor(w: Work, incident: Incident) -> None:
    """The notice, to the people of the distributor."""
    for user in people.people_with(Permission.MARKET_FILE):
        if user.distributor_id != incident.distributor_id:
            continue
        with force_locale(user.locale):
            w.mail(
                user.email,
                _("Notice: %(number)s", number=incident.number),
                _("%(notice)s\n\nPlease answer on the page of the incident.\n",
                  notice=incident.notice),
                key=f"incident:{incident.id}:notice:{incident.row_version}:{user.id}",
            )  # fmt: skip


def tell_owner(w: Work, incident: Incident) -> None:
    """The escalation: nobody acknowledged it in time."""
    for user in people.people_with(Permission.MARKET_HANDLE, ("owner",)):
        with force_locale(user.locale):
            w.mail(
                user.email,
                _("Not acknowledged in time: %(number)s", number=incident.number),
                _("%(what)s\nFiled %(at)s, due %(due)s.\n",
                  what=incident.what,
                  at=incident.reported_at.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M"),
                  due=incident.due_at.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M")
                  if incident.due_at else ""),
                key=f"incident:{incident.id}:escalation:{user.id}",
            )  # fmt: skip
