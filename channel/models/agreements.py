"""Agreements and their versions, with the territory and the rebate policies spread out for SQL."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Code, Facts, Id, Instant, Model
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
            "state IN ('draft','review','approved','rejected','terminated')", name="state"
        ),
        sa.CheckConstraint("valid_to > valid_from", name="span"),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR submitted_by_id IS NULL"
            " OR approved_by_id <> submitted_by_id",
            name="two_persons",
        ),
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

    agreement: Mapped[Agreement] = relationship(back_populates="versions")


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
