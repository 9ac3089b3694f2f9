"""Reads of what was put on paper or issued under an agreement: files, notices, quotations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.agreements import (
    Agreement,
    AgreementAttachment,
    AgreementFile,
    AgreementVersion,
    BreachNotice,
    ExitQuotation,
    Obligation,
)
from channel.models.receivables import Invoice
from channel.queries.agreements import shown_to
from channel.queries.scope import get_visible, visible


def file_by_key(key: str) -> AgreementFile | None:
    """A paper with its bytes, or None while it was never printed."""
    return db.session.scalar(
        sa.select(AgreementFile)
        .options(undefer(AgreementFile.data))
        .where(AgreementFile.key == key)
    )


def get_file(actor: Actor, file_id: int) -> AgreementFile:
    """A stored paper with its bytes; a distributor sees its own only."""
    found = db.session.scalar(
        sa.select(AgreementFile)
        .join(AgreementVersion, AgreementVersion.id == AgreementFile.version_id)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .options(undefer(AgreementFile.data))
        .where(AgreementFile.id == file_id, visible(actor, Agreement.distributor_id))
    )
    if found is None:
        raise NotVisible
    return found


def files_of(version_ids: Sequence[int]) -> list[AgreementFile]:
    """The papers of some versions, newest first, without their bytes."""
    return list(
        db.session.scalars(
            sa.select(AgreementFile)
            .where(AgreementFile.version_id.in_(version_ids))
            .order_by(AgreementFile.id.desc())
        )
    )


def attachments_of(version_ids: Sequence[int]) -> list[AgreementAttachment]:
    """What was attached to some versions, oldest first, without the bytes."""
    return list(
        db.session.scalars(
            sa.select(AgreementAttachment)
            .where(AgreementAttachment.version_id.in_(version_ids))
            .order_by(AgreementAttachment.id)
        )
    )


def get_attachment(actor: Actor, attachment_id: int) -> AgreementAttachment:
    """An attachment with its bytes; a distributor sees those of the versions it may see."""
    found = db.session.scalar(
        sa.select(AgreementAttachment)
        .join(AgreementVersion, AgreementVersion.id == AgreementAttachment.version_id)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .options(undefer(AgreementAttachment.data))
        .where(
            AgreementAttachment.id == attachment_id,
            visible(actor, Agreement.distributor_id),
            shown_to(actor),
        )
    )
    if found is None:
        raise NotVisible
    return found


def notices_of(version_ids: Sequence[int]) -> list[BreachNotice]:
    """The notices under some versions, newest first."""
    return list(
        db.session.scalars(
            sa.select(BreachNotice)
            .where(BreachNotice.version_id.in_(version_ids))
            .order_by(BreachNotice.id.desc())
        )
    )


def get_notice(actor: Actor, notice_id: int) -> BreachNotice:
    notice: BreachNotice = get_visible(
        actor, BreachNotice, notice_id, joinedload(BreachNotice.version)
    )
    return notice


def quotations_of(version_ids: Sequence[int]) -> list[ExitQuotation]:
    """The exit quotations issued under some versions, newest first."""
    return list(
        db.session.scalars(
            sa.select(ExitQuotation)
            .where(ExitQuotation.version_id.in_(version_ids))
            .order_by(ExitQuotation.id.desc())
        )
    )


def obligations_of(agreement_id: int) -> list[Obligation]:
    """The free duties of an agreement by day; those no longer agreed are left out."""
    return list(
        db.session.scalars(
            sa.select(Obligation)
            .where(Obligation.agreement_id == agreement_id, Obligation.state != "dropped")
            .order_by(Obligation.due_on, Obligation.id)
        )
    )


def get_obligation(actor: Actor, obligation_id: int) -> Obligation:
    found: Obligation = get_visible(
        actor, Obligation, obligation_id, joinedload(Obligation.agreement)
    )
    return found


def bought_fen(distributor_id: int, start: date, until: date) -> int:
    """Purchases incl. VAT, less credit notes, invoiced from a day to another (inclusive)."""
    total = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Invoice.gross_fen), 0)).where(
            Invoice.distributor_id == distributor_id,
            Invoice.kind.in_(("invoice", "credit_note")),
            Invoice.invoice_date >= start,
            Invoice.invoice_date <= until,
        )
    )
    return int(total or 0)
