"""Who signs what, and who signs for whom: bands of approvers and absences with delegates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from channel.access import Actor, Forbidden, Permission, Role
from channel.models.accounts import User
from channel.models.approvals import Absence, ApprovalBand
from channel.models.exceptions import TYPES
from channel.queries import approvals as reads
from channel.queries import partners
from channel.services.steps import approvers
from channel.services.work import Refused, Work, work
from contracts.approval import Band, Mode, Route, Stage, check_bands, route_to_json
from contracts.values.findings import block

#: One stage as typed: «any» or «all», and the roles; a stage without roles is left out.
TypedStage = tuple[str, Sequence[str]]


def save_band(
    actor: Actor, kind: str, class_code: str, from_fen: int, stages: Sequence[TypedStage]
) -> None:
    """Set who signs a kind for a class from an amount on; the same bounds are replaced.

    The first band that the house sets for a kind takes the defaults along, so that no hole opens.
    """
    with work(actor, Permission.SETTINGS_MANAGE) as w:
        route = _route(stages)
        assert kind in TYPES
        if not _rows(w, kind, class_code):
            _take_defaults(w, kind, class_code)
        row = next((r for r in _rows(w, kind, class_code) if r.from_fen == from_fen), None)
        old = route_words(row.route) if row else ""
        if row is None:
            row = ApprovalBand(type=kind, class_code=class_code, from_fen=from_fen, route=[])
            w.session.add(row)
        row.route = route_to_json(route)
        w.session.flush()  # the audit line needs row.id
        _check(w, kind)
        changes = {
            "class_code": class_code,
            "from_fen": from_fen,
            "route": (old, route_words(row.route)),
        }
        w.audit("band:save", row, label=kind, changes=changes)


def route_words(route: Sequence[dict[str, object]]) -> str:
    """A route in plain signs, for the trail: «channel_manager → finance + owner»."""
    parts = []
    for stage in route:
        joint = " + " if stage["mode"] == Mode.ALL_OF.value else " / "
        roles = stage["roles"]
        assert isinstance(roles, list)
        parts.append(joint.join(str(role) for role in roles))
    return " → ".join(parts)


def _route(stages: Sequence[TypedStage]) -> Route:
    made = [
        Stage(Mode.ALL_OF if mode == "all" else Mode.ANY_OF, tuple(roles))
        for mode, roles in stages
        if roles
    ]
    if not made or not stages[0][1]:
        raise Refused([block("approval.band_stage", "stage_1")])
    return Route(tuple(made))


def _rows(w: Work, kind: str, class_code: str) -> list[ApprovalBand]:
    return list(
        w.session.scalars(
            sa.select(ApprovalBand)
            .where(ApprovalBand.type == kind, ApprovalBand.class_code == class_code)
            .order_by(ApprovalBand.from_fen)
        )
    )


def _take_defaults(w: Work, kind: str, class_code: str) -> None:
    """What holds now for the kind, written down as the house's own."""
    for band in approvers.bands(partners.get_maker()):
        if band.type == kind and band.class_code == "":
            w.session.add(
                ApprovalBand(
                    type=kind,
                    class_code=class_code,
                    from_fen=band.from_fen,
                    route=route_to_json(band.route),
                )
            )
    w.session.flush()  # the new band is set among them


def _check(w: Work, kind: str) -> None:
    bands = approvers.bands(partners.get_maker())
    findings = check_bands([b for b in bands if b.type == kind], [kind])
    if findings:
        raise Refused(findings)


def delete_band(actor: Actor, band_id: int) -> None:
    """Take a band away; the one from zero goes last, and then the default holds again."""
    with work(actor, Permission.SETTINGS_MANAGE) as w:
        row = w.session.get(ApprovalBand, band_id)
        if row is None:
            return
        rows = _rows(w, row.type, row.class_code)
        if row.from_fen == 0 and len(rows) > 1:
            raise Refused([block("approval.band_start")])
        w.audit(
            "band:delete",
            row,
            label=row.type,
            changes={
                "class_code": row.class_code,
                "from_fen": row.from_fen,
                "route": (route_words(row.route), ""),
            },
        )
        w.session.delete(row)


def bands_now() -> list[Band]:
    """The bands in force, defaults included."""
    return approvers.bands(partners.get_maker())


@dataclass(frozen=True)
class Away:
    """An absence as typed; `valid_to` is exclusive. Without a delegate the colleagues sign."""

    person_id: int
    delegate_id: int | None
    valid_from: date
    valid_to: date
    reason: str = ""


def enter_absence(actor: Actor, away: Away) -> int:
    """Enter one's own absence, or as administrator anybody's; gives its id."""
    with work(actor) as w:
        _require(actor, away.person_id)
        if away.valid_to <= away.valid_from:
            raise Refused([block("absence.span", "last_day")])
        if away.valid_to <= w.today:
            raise Refused([block("absence.past", "last_day")])
        person = w.session.get(User, away.person_id)
        if person is None or person.role not in reads.DECIDING:
            raise Refused([block("absence.delegate", "person_id")])
        if away.delegate_id is not None:
            _check_delegate(w, away)
        row = Absence(
            person_id=away.person_id,
            delegate_id=away.delegate_id,
            valid_from=away.valid_from,
            valid_to=away.valid_to,
            reason=away.reason.strip(),
            entered_by_id=actor.user_id,
            created_at=w.now,
        )
        w.session.add(row)
        w.session.flush()  # the audit line needs row.id
        delegate = w.session.get(User, away.delegate_id) if away.delegate_id else None
        w.audit(
            "absence:enter",
            row,
            label=person.name,
            reason=away.reason.strip(),
            changes={
                "valid_from": away.valid_from,
                "valid_to": away.valid_to,
                "delegate": delegate.name if delegate else "",
            },
        )
        return row.id


def _require(actor: Actor, person_id: int) -> None:
    """Everybody enters their own absence; the administrator enters all."""
    if actor.role is not Role.ADMIN and actor.user_id != person_id:
        raise Forbidden(Permission.USERS_MANAGE)


def _check_delegate(w: Work, away: Away) -> None:
    delegate = w.session.get(User, away.delegate_id)
    if (
        delegate is None
        or delegate.id == away.person_id
        or not delegate.is_active
        or delegate.role not in reads.DECIDING
    ):
        raise Refused([block("absence.delegate", "delegate_id")])
    also_away = w.session.scalar(
        sa.select(Absence.id).where(
            Absence.person_id == delegate.id,
            Absence.ended_at.is_(None),
            Absence.valid_from < away.valid_to,
            Absence.valid_to > away.valid_from,
        )
    )
    if also_away is not None:
        raise Refused([block("absence.delegate_away", "delegate_id", name=delegate.name)])


def end_absence(actor: Actor, absence_id: int) -> None:
    """The person is back; twice changes nothing."""
    with work(actor) as w:
        row = w.session.get(Absence, absence_id)
        if row is None:
            return
        _require(actor, row.person_id)
        if row.ended_at is None:
            row.ended_at = w.now
            person = w.session.get_one(User, row.person_id)
            w.audit("absence:end", row, label=person.name)
