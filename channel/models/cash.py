"""Cash application: the house's rules for it, lines of bank statements and what was learned of
payers, write-offs, and notes over late-payment interest.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from channel.db import Code, Currency, Facts, Fen, Id, Instant, Model
from channel.models.partners import Distributor
from channel.models.receivables import Invoice, Receipt
from channel.models.uploads import Upload


class CashRule(Model):
    """How money is applied in this house; one row."""

    __tablename__ = "cash_rule"
    __table_args__ = (
        sa.CheckConstraint("policy IN ('oldest','interest_first')", name="policy"),
        sa.CheckConstraint(
            "short_fen >= 0 AND short_bp >= 0 AND over_fen >= 0 AND over_bp >= 0"
            " AND interest_bp >= 0 AND write_off_band_fen >= 0",
            name="not_negative",
        ),
    )

    id: Mapped[Id]
    #: Which items money pays first where a receipt does not say otherwise.
    policy: Mapped[str] = mapped_column(sa.String(16), default="oldest")
    #: A payment may fall short by the smaller of the amount and the share of the item.
    short_fen: Mapped[Fen] = mapped_column(default=0)
    short_bp: Mapped[int] = mapped_column(default=0)
    #: So much too much, the smaller of the amount and the share of the receipt, may be kept.
    over_fen: Mapped[Fen] = mapped_column(default=0)
    over_bp: Mapped[int] = mapped_column(default=0)
    over_is_income: Mapped[bool] = mapped_column(default=False)
    #: Late-payment interest by the year, where the agreement says nothing.
    interest_bp: Mapped[int] = mapped_column(default=0)
    #: A write-off of more than this also needs the owner.
    write_off_band_fen: Mapped[Fen] = mapped_column(default=1_000_000)
    row_version: Mapped[int] = mapped_column(default=1)


class KeptReceipt(Model):
    """A receipt whose rest waits for a person: no automatic run sets it against anything."""

    __tablename__ = "kept_receipt"

    id: Mapped[Id]
    receipt_id: Mapped[int] = mapped_column(sa.ForeignKey("receipt.id"), unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    kept_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    kept_at: Mapped[Instant]


class BankLine(Model):
    """One line of a bank statement. What came in is given to a distributor and booked once."""

    __tablename__ = "bank_line"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('outgoing','unassigned','matched','booked','left_out')", name="state"
        ),
        sa.CheckConstraint("amount_fen <> 0", name="amount"),
        sa.CheckConstraint("state <> 'booked' OR receipt_id IS NOT NULL", name="booked"),
        sa.Index("ix_bank_line_state", "state", "booked_on", "id"),
        sa.Index("ix_bank_line_upload_id", "upload_id"),
    )

    id: Mapped[Id]
    upload_id: Mapped[int | None] = mapped_column(sa.ForeignKey("upload.id"))
    #: The row of the file, as people count it.
    row_no: Mapped[int]
    booked_on: Mapped[date]
    #: Negative for money that went out.
    amount_fen: Mapped[Fen]
    currency: Mapped[Currency]
    payer_name: Mapped[str] = mapped_column(sa.String(255), default="")
    payer_account: Mapped[str] = mapped_column(sa.String(64), default="")
    purpose: Mapped[str] = mapped_column(sa.String(500), default="")
    #: The bank's own number of the movement.
    reference: Mapped[str] = mapped_column(sa.String(100), default="")
    #: What makes it this line and no other: channel.rules.bank.fingerprint.
    fingerprint: Mapped[str] = mapped_column(sa.String(64), unique=True)
    state: Mapped[str] = mapped_column(sa.String(12))
    distributor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    #: account | name | alias | number | hand, or why not: ambiguous | unknown | outgoing
    reason: Mapped[str] = mapped_column(sa.String(12), default="")
    #: What it was matched by, e.g. the account number; or the codes between which it stands.
    evidence: Mapped[str] = mapped_column(sa.String(255), default="")
    receipt_id: Mapped[int | None] = mapped_column(sa.ForeignKey("receipt.id"), unique=True)
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[Instant | None]
    row_version: Mapped[int] = mapped_column(default=1)

    upload: Mapped[Upload | None] = relationship()
    distributor: Mapped[Distributor | None] = relationship()
    receipt: Mapped[Receipt | None] = relationship()


class PayerMemory(Model):
    """An account or a name that a person once gave to a distributor."""

    __tablename__ = "payer_memory"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('account','name')", name="kind"),
        sa.UniqueConstraint("kind", "value", "distributor_id"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.String(8))
    #: Folded: channel.rules.bank.plain_account, channel.rules.collection.plain_name.
    value: Mapped[str] = mapped_column(sa.String(255))
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    learned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    learned_at: Mapped[Instant]


class WriteOff(Model):
    """A part of a debt that is given up: proposed by one, approved by another, then posted as a
    credit note of its own kind. Payment differences within the tolerance are posted at once."""

    __tablename__ = "write_off"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('bad_debt','difference','income')", name="kind"),
        sa.CheckConstraint("state IN ('proposed','posted','refused','reversed')", name="state"),
        sa.CheckConstraint("amount_fen <> 0", name="amount"),
        sa.CheckConstraint("state <> 'posted' OR note_id IS NOT NULL", name="posted"),
        sa.Index("ix_write_off_owner", "distributor_id", "currency", "state"),
        sa.Index("ix_write_off_receipt_id", "receipt_id"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    #: bad_debt | difference (a payment a little short) | income (a little too much, kept)
    kind: Mapped[str] = mapped_column(sa.String(10))
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    #: What it lowers; none where money too much is kept.
    invoice_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice.id"), index=True)
    instalment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice_instalment.id"))
    #: The receipt that was a little short, or a little too much.
    receipt_id: Mapped[int | None] = mapped_column(sa.ForeignKey("receipt.id"))
    #: What the debt is lowered by; negative where money too much is kept as income.
    amount_fen: Mapped[Fen]
    reason: Mapped[str] = mapped_column(sa.String(500))
    state: Mapped[str] = mapped_column(sa.String(10), default="proposed")
    #: contracts.approval.Route as JSON, and [{"person", "role", "name", "at"}].
    route: Mapped[Facts | None]
    signatures: Mapped[Facts | None]
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    proposed_at: Mapped[Instant]
    posted_on: Mapped[date | None] = mapped_column(index=True)
    #: The document that was posted, and the opposite one that undid it.
    note_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice.id"), unique=True)
    reversal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice.id"), unique=True)
    row_version: Mapped[int] = mapped_column(default=1)

    distributor: Mapped[Distributor] = relationship()
    invoice: Mapped[Invoice | None] = relationship(foreign_keys=[invoice_id])
    note: Mapped[Invoice | None] = relationship(foreign_keys=[note_id])


class InterestNote(Model):
    """Interest for late payment, proposed for a debtor up to a day; posted by a second person as
    an invoice of its own kind."""

    __tablename__ = "interest_note"
    __table_args__ = (
        sa.CheckConstraint("state IN ('proposed','posted','dropped')", name="state"),
        sa.CheckConstraint("state <> 'posted' OR invoice_id IS NOT NULL", name="posted"),
        sa.CheckConstraint("amount_fen > 0", name="amount"),
        sa.Index("ix_interest_note_owner", "distributor_id", "currency", "state"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    #: The last day that is counted.
    up_to: Mapped[date]
    rate_bp: Mapped[int]
    #: Where the rate comes from: house, or the number of the agreement.
    rate_source: Mapped[str] = mapped_column(sa.String(64), default="")
    amount_fen: Mapped[Fen]
    state: Mapped[str] = mapped_column(sa.String(10), default="proposed")
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    proposed_at: Mapped[Instant]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[Instant | None]
    invoice_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice.id"), unique=True)
    row_version: Mapped[int] = mapped_column(default=1)

    distributor: Mapped[Distributor] = relationship()
    items: Mapped[list[InterestItem]] = relationship(
        back_populates="interest", order_by="InterestItem.id"
    )


class InterestItem(Model):
    """The interest on one overdue item: after the day `since`, up to and with the day `until`."""

    __tablename__ = "interest_item"
    __table_args__ = (
        sa.CheckConstraint("until > since", name="span"),
        sa.Index("ix_interest_item_invoice", "invoice_id", "instalment_id"),
        sa.Index("ix_interest_item_note_id", "note_id"),
    )

    id: Mapped[Id]
    note_id: Mapped[int] = mapped_column(sa.ForeignKey("interest_note.id"))
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"))
    instalment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice_instalment.id"))
    since: Mapped[date]
    until: Mapped[date]
    #: [[since, until, days, outstanding fen]]: credit.interest.Stretch.
    working: Mapped[Facts]
    amount_fen: Mapped[Fen]

    interest: Mapped[InterestNote] = relationship(back_populates="items")
    invoice: Mapped[Invoice] = relationship()
