"""Lists of dunning: the proposals of a day, and the letters that were sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel.access import Actor
from channel.db import db
from channel.messages.dunning import LEVEL_WORDS, why_words
from channel.models.dunning import (
    DunningLetter,
    DunningLetterFile,
    DunningLetterItem,
    DunningRun,
)
from channel.models.partners import Distributor
from channel.models.receivables import Allocation, Invoice, InvoiceInstalment
from channel.queries.computed import table_of
from channel.queries.dunning import Debtor
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible

_TYPES = {
    "distributor_id": sa.BigInteger(),
    "currency": sa.String(3),
    "overdue": sa.BigInteger(),
    "rests": sa.BigInteger(),
    "demanded": sa.BigInteger(),
    "days": sa.Integer(),
    "level": sa.Integer(),
    "why": sa.String(300),
}


def proposals_listing(found: Sequence[Debtor], on: date) -> Listing:
    """What is offered to whom on the day, and why nothing to the others."""
    rows = [
        (
            debtor.distributor_id,
            debtor.currency,
            debtor.proposal.overdue_fen,
            debtor.proposal.overdue_fen - debtor.proposal.demanded_fen,
            debtor.proposal.demanded_fen,
            debtor.proposal.oldest_days,
            debtor.proposal.level,
            why_words(debtor.proposal, debtor.currency),
        )
        for debtor in found
    ]
    told = table_of("proposal", _TYPES, rows)
    return Listing(
        name=f"dunning-{on.isoformat()}",
        title=_l("Dunning"),
        identity=told.c.distributor_id,
        source=sa.join(told, Distributor, Distributor.id == told.c.distributor_id),
        columns=[
            Column("code", _l("code"), Distributor.code, "code", wide=True),
            Column("name", _l("distributor"), Distributor.name),
            Column("currency", _l("currency"), told.c.currency, wide=True),
            Column("overdue", _l("overdue"), told.c.overdue, "fen", total=True, wide=True),
            Column("rests", _l("of it resting"), told.c.rests, "fen", total=True, wide=True),
            Column("demanded", _l("to be asked for"), told.c.demanded, "fen", total=True),
            Column("days", _l("oldest, days late"), told.c.days, "quantity", wide=True),
            Column("level", _l("letter offered"), told.c.level, "dunning_level"),
            Column("why", _l("why"), told.c.why, wide=True),
        ],
        default_sort="-days",
        scope=lambda actor: visible(actor, told.c.distributor_id),
        filters=[
            Filter("level", _l("letter offered"), told.c.level,
                   choices=[(str(n), word) for n, word in LEVEL_WORDS.items() if n < 6]),
        ],
        search=[Distributor.code, Distributor.name],
        currency=told.c.currency,
        fixed={"on": on.isoformat()},
        endpoint="dunning.debtor",
        empty=_l("Nothing is overdue on this day."),
    )  # fmt: skip


LETTERS = Listing(
    name="dunning-letters",
    title=_l("Dunning letters"),
    identity=DunningLetter.id,
    source=sa.join(
        DunningLetter, Distributor, Distributor.id == DunningLetter.distributor_id
    ).join(DunningRun, DunningRun.id == DunningLetter.run_id),
    columns=[
        Column("number", _l("number"), DunningLetter.number, "code"),
        Column("on_date", _l("date"), DunningLetter.on_date, "date"),
        Column("name", _l("distributor"), Distributor.name),
        Column("level", _l("level"), DunningLetter.level, "dunning_level"),
        Column("currency", _l("currency"), DunningLetter.currency, wide=True),
        Column("overdue", _l("overdue"), DunningLetter.overdue_fen, "fen", total=True, wide=True),
        Column("demanded", _l("asked for"), DunningLetter.demanded_fen, "fen", total=True),
        Column("pay_until", _l("pay by"), DunningLetter.pay_until, "date", wide=True),
        Column("run", _l("run"), DunningRun.number, "code", wide=True),
    ],
    default_sort="-number",
    scope=lambda actor: visible(actor, DunningLetter.distributor_id),
    filters=[
        Filter("level", _l("level"), DunningLetter.level,
               choices=[(str(n), word) for n, word in LEVEL_WORDS.items() if 0 < n < 6]),
        Filter("from", _l("from"), DunningLetter.on_date, kind="from"),
        Filter("to", _l("to"), DunningLetter.on_date, kind="to"),
    ],
    search=[DunningLetter.number, DunningRun.number, Distributor.code, Distributor.name],
    currency=DunningLetter.currency,
    endpoint="dunning.letter",
    empty=_l("No letter was sent yet."),
)  # fmt: skip


def get_letter(actor: Actor, letter_id: int) -> DunningLetter:
    """The letter, when the actor may see it; with its distributor and its run."""
    found: DunningLetter = get_visible(
        actor,
        DunningLetter,
        letter_id,
        joinedload(DunningLetter.distributor),
        joinedload(DunningLetter.run),
    )
    return found


def letters_of(actor: Actor, distributor_id: int, limit: int = 5) -> list[DunningLetter]:
    """A distributor's newest letters."""
    return list(
        db.session.scalars(
            sa.select(DunningLetter)
            .where(
                DunningLetter.distributor_id == distributor_id,
                visible(actor, DunningLetter.distributor_id),
            )
            .order_by(DunningLetter.id.desc())
            .limit(limit)
        )
    )


def run_of(run_id: int) -> tuple[str, int]:
    """The number of a run and how many letters it has."""
    number, count = db.session.execute(
        sa.select(DunningRun.number, sa.func.count(DunningLetter.id))
        .join(DunningLetter, DunningLetter.run_id == DunningRun.id)
        .where(DunningRun.id == run_id)
        .group_by(DunningRun.number)
    ).one()
    return number, count


def items_of(letter_id: int) -> list[tuple[DunningLetterItem, str, int]]:
    """(item, invoice number, fen that are open of it today) of a letter, as they stand on it."""
    item, part = DunningLetterItem, InvoiceInstalment
    paid = sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0)).where(
        Allocation.invoice_id == item.invoice_id,
        sa.or_(item.instalment_id.is_(None), Allocation.instalment_id == item.instalment_id),
    )
    amount = sa.func.coalesce(part.amount_fen, Invoice.gross_fen)
    rows = db.session.execute(
        sa.select(item, Invoice.number, amount - paid.scalar_subquery())
        .join(Invoice, Invoice.id == item.invoice_id)
        .outerjoin(part, part.id == item.instalment_id)
        .where(item.letter_id == letter_id)
        .order_by(item.id)
    )
    return [(row, number, int(fen)) for row, number, fen in rows]


def file_of(letter_id: int, lang: str) -> tuple[bytes, str] | None:
    """(bytes, hash) of a letter that is printed already."""
    row = db.session.execute(
        sa.select(DunningLetterFile.data, DunningLetterFile.sha256).where(
            DunningLetterFile.letter_id == letter_id, DunningLetterFile.lang == lang
        )
    ).first()
    return (bytes(row[0]), row[1]) if row else None


def hashes_of(letter_id: int) -> dict[str, str]:
    """Language → hash of the PDF, of those that are printed."""
    rows = db.session.execute(
        sa.select(DunningLetterFile.lang, DunningLetterFile.sha256).where(
            DunningLetterFile.letter_id == letter_id
        )
    )
    return dict(rows.all())


def unprinted(run_id: int, lang: str) -> list[int]:
    """The letters of a run that have no PDF in the language yet."""
    printed = sa.select(DunningLetterFile.letter_id).where(DunningLetterFile.lang == lang)
    return list(
        db.session.scalars(
            sa.select(DunningLetter.id)
            .where(DunningLetter.run_id == run_id, DunningLetter.id.not_in(printed))
            .order_by(DunningLetter.id)
        )
    )


def documents_of(letter_ids: Sequence[int]) -> list[tuple[int, dict[str, object]]]:
    """(id, frozen document) of letters."""
    rows = db.session.execute(
        sa.select(DunningLetter.id, DunningLetter.document)
        .where(DunningLetter.id.in_(letter_ids))
        .order_by(DunningLetter.id)
    )
    return [(letter_id, document) for letter_id, document in rows]
