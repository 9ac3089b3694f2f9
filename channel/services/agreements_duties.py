"""Free duties of an agreement and the price of leaving it: added, fulfilled, quoted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from channel.access import Actor, Permission
from channel.models.agreements import AgreementVersion, ExitQuotation, Obligation
from channel.queries import agreements
from channel.queries import agreements_papers as reads
from channel.services.work import Refused, assert_seen, work
from contracts import agreement as rules
from contracts import commitments
from contracts.commitments import Quotation
from contracts.values.findings import block


@dataclass(frozen=True)
class NewDuty:
    """A duty in words, the day by which it is done, the side that owes it; a training or other."""

    text: str
    due_on: date
    owner: str = "distributor"
    kind: str = "other"


def add_obligation(actor: Actor, version_id: int, duty: NewDuty) -> int:
    """Note a duty on a running agreement, beside the words of its versions (clause 11)."""
    with work(actor, Permission.AGREEMENTS_WRITE) as w:
        version = agreements.get_version(actor, version_id)
        if version.state not in agreements.SIGNED:
            raise Refused([block("obligation.not_signed")])
        if not duty.text.strip():
            raise Refused([block("obligation.text_needed")])
        row = Obligation(
            agreement_id=version.agreement_id,
            distributor_id=version.agreement.distributor_id,
            text=duty.text.strip()[:500],
            due_on=duty.due_on,
            owner="maker" if duty.owner == "maker" else "distributor",
            kind="training" if duty.kind == "training" else "other",
            is_from_terms=False,
            row_version=1,
        )
        w.session.add(row)
        w.session.flush()  # the trail needs row.id
        w.audit(
            "obligation:add",
            row,
            label=version.agreement.number,
            changes={"text": row.text, "due_on": row.due_on},
        )
        return row.id


def fulfil_obligation(
    actor: Actor,
    obligation_id: int,
    evidence: str,
    seen_version: int | None = None,
    done_on: date | None = None,
) -> None:
    """Say that a duty was done, with what shows it; a distributor for its own duties only.

    The house may name the day on which it was done. Of a training, on which rebates depend, the
    house alone says that it took place.
    """
    with work(actor, Permission.OBLIGATIONS_FULFIL) as w:
        row = reads.get_obligation(actor, obligation_id)
        assert_seen(row, seen_version)
        if row.state != "open":
            raise Refused([block("obligation.not_open")])
        if actor.is_distributor and row.owner != "distributor":
            raise Refused([block("obligation.not_yours")])
        if actor.is_distributor and row.kind == "training":
            raise Refused([block("obligation.training")])
        if not evidence.strip():
            raise Refused([block("obligation.evidence_needed")])
        day = (None if actor.is_distributor else done_on) or w.today
        if day > w.today:
            raise Refused([block("obligation.in_future", on=day, today=w.today)])
        row.state, row.evidence = "fulfilled", evidence.strip()[:500]
        row.fulfilled_on, row.fulfilled_by = day, actor.name
        w.audit(
            "obligation:fulfil",
            row,
            label=row.agreement.number,
            changes={
                "state": ("open", "fulfilled"),
                "evidence": row.evidence,
                "done_on": row.fulfilled_on,
            },
        )


def committed_from(version: AgreementVersion) -> date:
    """The first day of the agreement: months of a commitment are counted from it."""
    days = rules.ruled_days([agreements.as_rule(v) for v in version.agreement.versions])
    return min((span.start for _v, span in days), default=version.valid_from)


def quote_exit(version: AgreementVersion, exit_on: date, today: date) -> Quotation | None:
    """What leaving on a day would cost by the purchases so far; None without a commitment."""
    commitment = rules.from_json(version.terms).commitment
    if commitment is None:
        return None
    start = committed_from(version)
    if exit_on < start:
        raise Refused([block("exit.before_start", start=start)])
    bought = reads.bought_fen(version.agreement.distributor_id, start, min(exit_on, today))
    return commitments.quote(commitment, start, bought, exit_on)


def issue_quotation(actor: Actor, version_id: int, exit_on: date) -> int:
    """Put an exit quotation on record, for both sides to see; gives its id."""
    with work(actor, Permission.AGREEMENTS_WRITE) as w:
        version = agreements.get_version(actor, version_id)
        if version.state not in agreements.SIGNED:
            raise Refused([block("obligation.not_signed")])
        found = quote_exit(version, exit_on, w.today)
        if found is None:
            raise Refused([block("exit.no_commitment")])
        row = ExitQuotation(
            number=w.draw("EQ", w.today),
            version_id=version.id,
            distributor_id=version.agreement.distributor_id,
            exit_on=exit_on,
            month_no=found.month_no,
            months=found.months,
            committed_fen=found.committed_fen,
            bought_fen=found.bought_fen,
            remaining_fen=found.remaining_fen,
            rate=str(found.rate.as_percent()),
            charge_fen=found.charge_fen,
            issued_by_id=actor.user_id,
            created_at=w.now,
        )
        w.session.add(row)
        w.session.flush()  # the trail needs row.id
        w.audit("exit:quote", row, changes={"on": exit_on, "amount_fen": found.charge_fen})
        return row.id
