"""What every use case on agreement versions takes: the draft, the next state, the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.models.agreements import Agreement, AgreementVersion
from channel.services.work import Refused, Work
from contracts import agreement as rules
from contracts.agreement import WORKFLOW, Action, State, Terms
from contracts.values.findings import block
from contracts.values.transitions import IllegalTransition


@dataclass(frozen=True)
class Draft:
    """A version as somebody wants it; `valid_to` is exclusive."""

    valid_from: date
    valid_to: date
    terms: Terms
    reason: str = ""


def add_version(
    w: Work,
    agreement: Agreement,
    draft: Draft,
    origin: str = "first",
    based_on: AgreementVersion | None = None,
) -> AgreementVersion:
    last = w.session.scalar(
        sa.select(sa.func.max(AgreementVersion.version_no)).where(
            AgreementVersion.agreement_id == agreement.id
        )
    )
    version = AgreementVersion(
        agreement_id=agreement.id,
        version_no=(last or 0) + 1,
        state=State.DRAFT.value,
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        terms=rules.to_json(draft.terms),
        reason=draft.reason,
        drafted_by_id=w.actor.user_id,
        row_version=1,
        origin=origin,
        based_on_id=based_on.id if based_on else None,
    )
    w.session.add(version)
    w.session.flush()  # the audit line needs version.id
    audit_version(w, "agreement:draft", version, agreement)
    return version


def audit_version(
    w: Work,
    tag: str,
    version: AgreementVersion,
    agreement: Agreement,
    reason: str = "",
    changes: dict[str, Any] | None = None,
) -> None:
    w.audit(
        tag,
        version,
        label=f"{agreement.number} v{version.version_no}",
        reason=reason,
        changes=changes,
        distributor_id=agreement.distributor_id,
    )


def next_state(version: AgreementVersion, act: Action) -> State:
    try:
        return WORKFLOW.next(State(version.state), act)
    except IllegalTransition:
        raise Refused([block("agreement.not_now")]) from None
