"""Reads of the dry runs of credit policies: their sums, and every document with its reasons."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.access import Actor, NotVisible
from channel.db import db
from channel.messages.credit_policies import CHANGES
from channel.models.credit_policies import CreditTrial, CreditTrialLine
from channel.models.partners import Distributor
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible


def trials_of(policy_id: int) -> list[CreditTrial]:
    """The dry runs of a version, newest first."""
    t = CreditTrial
    return list(
        db.session.scalars(sa.select(t).where(t.policy_id == policy_id).order_by(t.id.desc()))
    )


def get_trial(actor: Actor, trial_id: int) -> CreditTrial:
    found = None if actor.is_distributor else db.session.get(CreditTrial, trial_id)
    if found is None:
        raise NotVisible
    return found


def get_line(actor: Actor, line_id: int) -> CreditTrialLine:
    """A line of a dry run, for who may see its document."""
    line: CreditTrialLine = get_visible(actor, CreditTrialLine, line_id)
    if actor.is_distributor:
        raise NotVisible
    return line


@dataclass
class Tally:
    """What a dry run found of one kind of document in one currency; (documents, fen) each."""

    kind: str
    currency: str
    judged: tuple[int, int] = (0, 0)
    accepted_then: tuple[int, int] = (0, 0)
    accepted_now: tuple[int, int] = (0, 0)
    stopped: tuple[int, int] = (0, 0)
    freed: tuple[int, int] = (0, 0)
    unknown: tuple[int, int] = (0, 0)

    def add(self, was: str, now: str, change: str, count: int, fen: int) -> None:
        names = ["judged"]
        names += ["accepted_then"] if was == "accept" else []
        names += ["accepted_now"] if now == "accept" else []
        names += [change] if change != "same" else []
        for name in names:
            old = getattr(self, name)
            setattr(self, name, (old[0] + count, old[1] + fen))


def tallies(actor: Actor, trial_id: int) -> list[Tally]:
    """Orders first, then shipments; by currency. One statement."""
    x = CreditTrialLine
    found: dict[tuple[str, str], Tally] = {}
    for kind, currency, was, now, change, count, fen in db.session.execute(
        sa.select(
            x.kind, x.currency, x.was, x.now, x.change, sa.func.count(), sa.func.sum(x.amount_fen)
        )
        .where(x.trial_id == trial_id, visible(actor, x.distributor_id))
        .group_by(x.kind, x.currency, x.was, x.now, x.change)
        .order_by(x.kind, x.currency)
    ):
        tally = found.setdefault((kind, currency), Tally(kind, currency))
        tally.add(was, now, change, count, int(fen))
    return list(found.values())


def lacks_of(line: CreditTrialLine) -> list[str]:
    """The figures that an unknown line would have needed."""
    if line.change != "unknown":
        return []
    return [name for part in line.reasons for name in part["lacks"]]


def lacking(actor: Actor, trial_id: int) -> list[str]:
    """All figures that any unknown line of a dry run would have needed."""
    x = CreditTrialLine
    stored = db.session.scalars(
        sa.select(x.reasons)
        .where(x.trial_id == trial_id, x.change == "unknown", visible(actor, x.distributor_id))
        .distinct()
    )
    return sorted({name for parts in stored for part in parts for name in part["lacks"]})


def trial_listing(trial_id: int) -> Listing:
    """Every document of a dry run with what was decided and what would have been."""
    x = CreditTrialLine
    return Listing(
        name="credit-trial",
        title=_l("Documents of the dry run"),
        identity=x.id,
        source=sa.join(x, Distributor, x.distributor_id == Distributor.id),
        columns=[
            Column("number", _l("number"), x.number, "code"),
            Column("document_date", _l("date"), x.document_date, "date", wide=True),
            Column("code", _l("code"), Distributor.code, "code", wide=True),
            Column("name", _l("distributor"), Distributor.name),
            Column("amount_fen", _l("amount"), x.amount_fen, "fen", total=True),
            Column("was", _l("then"), x.was, "state", wide=True),
            Column("now", _l("under this policy"), x.now, "state", wide=True),
            Column("change", _l("effect"), x.change, "state"),
        ],
        default_sort="number",
        scope=lambda actor: sa.and_(x.trial_id == trial_id, visible(actor, x.distributor_id)),
        filters=[
            Filter(
                "change",
                _l("effect"),
                x.change,
                choices=[(name, word) for name, (word, _colour) in CHANGES.items()],
            ),
            Filter("kind", _l("kind"), x.kind,
                   choices=[("order", _l("Orders")), ("shipment", _l("Shipments"))]),
        ],
        search=[x.number, Distributor.code, Distributor.name],
        currency=x.currency,
        endpoint="credit_policies.line",
        empty=_l("No document of these days was judged."),
    )  # fmt: skip
