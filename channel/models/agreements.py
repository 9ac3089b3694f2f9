"""Agreements and their versions, with the territory and the rebate policies spread out for SQL."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from channel.db import Code, Facts, Fen, Id, Instant, Model
from channel.models.partners import Distributor


class Agreement(Model):
    """The contract with one distributor; what it says stands in its versions."""

    __tablename__ = "agreement"

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    created_at: Mapped[Instant]
    external_key: Mapped[str | None] = mapped_column(sa.String(100), unique=True)

    distributor: Mapped[Distributor] = relationship()
    versions: Mapped[list[AgreementVersion]] = relationship(
        back_populates="agreement", order_by="AgreementVersion.version_no"
    )


class AgreementVersion(Model):
    """One version. Documents are judged by the version in force on their date.

    In force on a date: approved, the date inside [valid_from, valid_to), and the highest
    version number of those.
    """

    __tablename__ = "agreement_version"
    __table_args__ = (
        sa.UniqueConstraint("agreement_id", "version_no"),
        sa.CheckConstraint(
            "state IN ('draft','review','approved','rejected','suspended','terminated')",
            name="state",
        ),
        sa.CheckConstraint("valid_to > valid_from", name="span"),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR submitted_by_id IS NULL"
            " OR approved_by_id <> submitted_by_id",
            name="two_persons",
        ),
        sa.CheckConstraint("origin IN ('first','amendment','renewal','copy')", name="origin"),
        sa.Index("ix_agreement_version_state_valid_to", "state", "valid_to"),
    )

    id: Mapped[Id]
    agreement_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement.id"), index=True)
    version_no: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(12), default="draft")
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    #: contracts.agreement.Terms as JSON.
    terms: Mapped[Facts]
    terms_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    #: Why this version: «first contract», «payment relaxed for the season».
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    submitted_at: Mapped[Instant | None]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_at: Mapped[Instant | None]
    row_version: Mapped[int] = mapped_column(default=1)
    #: How it came about, and from which version its words were taken.
    origin: Mapped[str] = mapped_column(sa.String(10), default="first", server_default="first")
    based_on_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agreement_version.id"))
    #: When it was shown to the distributor before it is signed; None: the house's own draft.
    shared_at: Mapped[Instant | None]
    #: The first day on which orders are stopped, while the state is suspended.
    suspended_from: Mapped[date | None]
    #: The first day on which a terminated version no longer binds.
    ended_on: Mapped[date | None]
    #: Why it was suspended or terminated.
    end_reason: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")

    agreement: Mapped[Agreement] = relationship(back_populates="versions")
    based_on: Mapped[AgreementVersion | None] = relationship(remote_side="AgreementVersion.id")


class TerritoryGrant(Model):
    """What an approved version says of one division, for «who holds this place on a date».

    Derived from the terms at approval; a later version cuts the span of the earlier one's rows.
    """

    __tablename__ = "territory_grant"
    __table_args__ = (
        sa.Index("ix_territory_grant_division_span", "division_code", "valid_from", "valid_to"),
    )

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement_version.id"), index=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    division_code: Mapped[str] = mapped_column(sa.String(6))
    #: False: carved out.
    is_included: Mapped[bool]
    is_exclusive: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date]


class PolicyEnrolment(Model):
    """That a distributor earns under a rebate policy between two dates, by which version."""

    __tablename__ = "policy_enrolment"
    __table_args__ = (
        sa.Index("ix_policy_enrolment_code_span", "policy_code", "valid_from", "valid_to"),
    )

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement_version.id"), index=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    policy_code: Mapped[str] = mapped_column(sa.String(64))
    valid_from: Mapped[date]
    valid_to: Mapped[date]


class Obligation(Model):
    """A free duty of clause 11 with its day, and whether it was done.

    Written from the terms at approval or added to a running agreement; «overdue» is an open one
    whose day has passed. A later version that no longer names it drops it.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        sa.CheckConstraint("state IN ('open','fulfilled','dropped')", name="state"),
        sa.CheckConstraint("owner IN ('distributor','maker')", name="owner"),
        sa.CheckConstraint("kind IN ('other', 'training')", name="kind"),
        sa.CheckConstraint("(state = 'fulfilled') = (fulfilled_on IS NOT NULL)", name="fulfilled"),
        sa.Index("ix_obligation_distributor_due", "distributor_id", "due_on"),
    )

    id: Mapped[Id]
    agreement_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement.id"), index=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    text: Mapped[str] = mapped_column(sa.String(500))
    due_on: Mapped[date]
    owner: Mapped[str] = mapped_column(sa.String(12))
    #: training: rebates may ask for it; the house says when it took place.
    kind: Mapped[str] = mapped_column(sa.String(10), default="other", server_default="other")
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    #: False: added to the running agreement, beside the words of its versions.
    is_from_terms: Mapped[bool]
    evidence: Mapped[str] = mapped_column(sa.String(500), default="")
    fulfilled_on: Mapped[date | None]
    fulfilled_by: Mapped[str] = mapped_column(sa.String(255), default="")
    row_version: Mapped[int] = mapped_column(default=1)

    agreement: Mapped[Agreement] = relationship()


class BreachNotice(Model):
    """A notice that duties were not kept, as it was sent; never changed afterwards."""

    __tablename__ = "breach_notice"

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement_version.id"), index=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    issued_on: Mapped[date]
    #: By this day the distributor answers and mends.
    reply_by: Mapped[date]
    #: Everything that is printed, frozen.
    document: Mapped[Facts]
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]

    version: Mapped[AgreementVersion] = relationship()


class AgreementFile(Model):
    """The PDF bytes of a contract, an amendment or a notice in one language, with their hash.

    `key` names what was printed, e.g. «contract:12:3:zh»: version 12 with the amendments up to
    number 3. A later amendment makes another paper; the old one stays.
    """

    __tablename__ = "agreement_file"
    __table_args__ = (sa.CheckConstraint("kind IN ('contract','amendment','notice')", name="kind"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement_version.id"), index=True)
    notice_id: Mapped[int | None] = mapped_column(sa.ForeignKey("breach_notice.id"))
    filename: Mapped[str] = mapped_column(sa.String(120))
    lang: Mapped[str] = mapped_column(sa.String(2))
    #: Of the version that was printed, and of the bytes.
    terms_hash: Mapped[str] = mapped_column(sa.String(64))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    data: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary, nullable=False))
    created_at: Mapped[Instant]


class AgreementAttachment(Model):
    """A paper that belongs to a version, such as a signed copy or an annex, byte for byte."""

    __tablename__ = "agreement_attachment"

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement_version.id"), index=True)
    filename: Mapped[str] = mapped_column(sa.String(255))
    mimetype: Mapped[str] = mapped_column(sa.String(40))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    data: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary, nullable=False))
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]


class ExitQuotation(Model):
    """What leaving a commitment on a day would cost, with its working, as it was issued."""

    __tablename__ = "exit_quotation"

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement_version.id"), index=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    exit_on: Mapped[date]
    #: The month of the commitment in which the exit falls, counted from 1.
    month_no: Mapped[int]
    months: Mapped[int]
    committed_fen: Mapped[Fen]
    bought_fen: Mapped[Fen]
    remaining_fen: Mapped[Fen]
    #: Percent as text, exact.
    rate: Mapped[str] = mapped_column(sa.String(20))
    charge_fen: Mapped[Fen]
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]
