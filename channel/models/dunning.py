"""Dunning: the policy, runs with their letters, promises to pay, disputes, statements in batch."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from channel.db import Code, Currency, Facts, Fen, Id, Instant, Json, Model
from channel.models.partners import Distributor
from channel.models.rebates import RebateStatement
from channel.models.receivables import Invoice


class DunningPolicy(Model):
    """The levels as credit.dunning reads them; the newest row rules, older ones explain runs."""

    __tablename__ = "dunning_policy"

    id: Mapped[Id]
    #: credit.dunning.Policy as JSON.
    terms: Mapped[Facts]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]


class DunningRun(Model):
    """Letters that were sent together, as of a day; no later run is of an earlier day."""

    __tablename__ = "dunning_run"

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    on_date: Mapped[date] = mapped_column(index=True)
    #: The policy as it stood, credit.dunning.Policy as JSON.
    terms: Mapped[Facts]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]


class DunningLetter(Model):
    """A letter that was really sent, with its figures as they were frozen."""

    __tablename__ = "dunning_letter"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "distributor_id", "currency"),
        sa.Index("ix_dunning_letter_owner", "distributor_id", "currency", "on_date"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("dunning_run.id"))
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    level: Mapped[int]
    on_date: Mapped[date]
    pay_until: Mapped[date]
    #: What was overdue, and what of it the letter asks for.
    overdue_fen: Mapped[Fen]
    demanded_fen: Mapped[Fen]
    #: channel.documents.dunning.DunningDoc.
    document: Mapped[Facts]
    created_at: Mapped[Instant]

    distributor: Mapped[Distributor] = relationship()
    run: Mapped[DunningRun] = relationship()


class DunningLetterItem(Model):
    """An overdue item on a letter, and the level that it reached by it."""

    __tablename__ = "dunning_letter_item"
    __table_args__ = (
        sa.Index("ix_dunning_letter_item_invoice_id", "invoice_id", "instalment_id"),
        sa.Index("ix_dunning_letter_item_letter_id", "letter_id"),
    )

    id: Mapped[Id]
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("dunning_letter.id"))
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"))
    instalment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice_instalment.id"))
    level: Mapped[int]
    #: False where the item is only listed: it stays on the level that it had.
    is_raised: Mapped[bool]
    pay_by: Mapped[date]
    days_overdue: Mapped[int]
    open_fen: Mapped[Fen]


class DunningLetterFile(Model):
    """The PDF bytes of a letter in one language, with their hash."""

    __tablename__ = "dunning_letter_file"
    __table_args__ = (sa.UniqueConstraint("letter_id", "lang"),)

    id: Mapped[Id]
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("dunning_letter.id"))
    lang: Mapped[str] = mapped_column(sa.String(2))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    data: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary))
    created_at: Mapped[Instant]


class Promise(Model):
    """A promise to pay. Whether it is open, kept or broken is computed from the money received
    by its day (credit.promises); nothing of that is stored."""

    __tablename__ = "promise"
    __table_args__ = (
        sa.CheckConstraint("amount_fen > 0", name="amount"),
        sa.CheckConstraint("due_on >= made_on", name="span"),
        sa.Index("ix_promise_owner", "distributor_id", "currency", "due_on"),
        sa.Index("ix_promise_due_on", "due_on"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    amount_fen: Mapped[Fen]
    made_on: Mapped[date]
    #: The day by which the money is to be there.
    due_on: Mapped[date]
    #: Who said so, on the distributor's side.
    promised_by: Mapped[str] = mapped_column(sa.String(100), default="")
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    entered_at: Mapped[Instant]
    #: Of a broken one: when somebody asked why, and what was said.
    followed_up_at: Mapped[Instant | None]
    follow_up: Mapped[str] = mapped_column(sa.String(500), default="")
    #: Entered by mistake: counts for nothing.
    withdrawn_at: Mapped[Instant | None]
    row_version: Mapped[int] = mapped_column(default=1)

    distributor: Mapped[Distributor] = relationship()


class Dispute(Model):
    """What a distributor contests of an invoice, or of one line of a rebate statement.

    Open until it is answered with an outcome. What is contested of an invoice rests from dunning;
    what is contested of a statement is held in the rebate pool until it is settled.
    """

    __tablename__ = "dispute"
    __table_args__ = (
        sa.CheckConstraint(
            "amount_fen > 0 OR (statement_id IS NOT NULL AND amount_fen = 0)", name="amount"
        ),
        sa.CheckConstraint("(invoice_id IS NULL) <> (statement_id IS NULL)", name="one_document"),
        sa.CheckConstraint(
            "outcome IN ('','upheld','partly','rejected','withdrawn')", name="outcome"
        ),
        sa.CheckConstraint("(closed_on IS NULL) = (outcome = '')", name="closed"),
        sa.CheckConstraint(
            "line_kind IN ('','base','line','missing','tier','condition','granted')",
            name="line_kind",
        ),
        sa.CheckConstraint("correction IN ('','document','run')", name="correction"),
        sa.Index("ix_dispute_owner", "distributor_id", "opened_on"),
        sa.Index("ix_dispute_invoice_id", "invoice_id"),
        sa.Index("ix_dispute_statement_id", "statement_id"),
        sa.Index("ix_dispute_answer_by", "closed_on", "answer_by"),
    )

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    invoice_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice.id"))
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"))
    currency: Mapped[Currency]
    #: Of an invoice: the part that is contested; the rest is owed and asked for. Of a statement:
    #: what is held in the pool, 0 where the line moves no money of it.
    amount_fen: Mapped[Fen]
    #: price | quantity | quality | delivery | duplicate | other
    reason_kind: Mapped[str] = mapped_column(sa.String(16))
    reason: Mapped[str] = mapped_column(sa.String(1000))
    opened_on: Mapped[date]
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    opened_at: Mapped[Instant]
    closed_on: Mapped[date | None]
    #: upheld: the distributor was right; '' while open.
    outcome: Mapped[str] = mapped_column(sa.String(10), default="")
    outcome_note: Mapped[str] = mapped_column(sa.String(1000), default="")
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    row_version: Mapped[int] = mapped_column(default=1)

    statement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rebate_statement.id"))
    #: What of the statement is contested; '' for an invoice.
    line_kind: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")
    #: Which one of its kind: «2026-08|SAUCE 酱类», the id of an invoice line, a tier's number.
    line_key: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    #: The line as people read it, frozen.
    line_label: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    #: The line's figure as stated and as the distributor says it is, in ten-thousandths; None:
    #: it says that nothing of the line is right.
    stated_e4: Mapped[int | None] = mapped_column(sa.BigInteger)
    claimed_e4: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: What the rebate would change by if the distributor is right.
    difference_fen: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: The last day on which the house answers.
    answer_by: Mapped[date | None]
    escalated_at: Mapped[Instant | None]
    #: How what was upheld is put right: a document of its own, or the next run; '' otherwise.
    correction: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")
    #: The day on which it was put right; None: it still has to be.
    corrected_on: Mapped[date | None]
    corrected_by: Mapped[str] = mapped_column(sa.String(100), default="", server_default="")
    #: The movements of the pool that held and freed the amount.
    hold_entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pool_entry.id"))
    free_entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pool_entry.id"))

    distributor: Mapped[Distributor] = relationship()
    invoice: Mapped[Invoice | None] = relationship()
    statement: Mapped[RebateStatement | None] = relationship()


class StatementBatch(Model):
    """Statements of account of many distributors over one span of days, both inclusive."""

    __tablename__ = "statement_batch"
    __table_args__ = (sa.CheckConstraint("last_day >= first_day", name="span"),)

    id: Mapped[Id]
    number: Mapped[Code] = mapped_column(unique=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    lang: Mapped[str] = mapped_column(sa.String(2))
    #: By what they were chosen, for people: {"by": ..., "value": ..., "label": ...}.
    chosen: Mapped[Facts]
    #: The ids of the distributors, fixed when it was ordered.
    distributor_ids: Mapped[Facts]
    #: Whether each distributor is told by mail.
    with_mail: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[Instant]


class AccountStatementFile(Model):
    """One statement of a batch: its frozen figures, and the PDF bytes with their hash."""

    __tablename__ = "account_statement_file"
    __table_args__ = (sa.UniqueConstraint("batch_id", "distributor_id"),)

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("statement_batch.id"))
    distributor_id: Mapped[int] = mapped_column(sa.ForeignKey("distributor.id"), index=True)
    currency: Mapped[Currency]
    opening_fen: Mapped[Fen]
    closing_fen: Mapped[Fen]
    #: channel.documents.account.AccountStatementDoc.
    document: Mapped[Facts] = deferred(mapped_column(Json))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    data: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary))
    created_at: Mapped[Instant]

    distributor: Mapped[Distributor] = relationship()
