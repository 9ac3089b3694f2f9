"""How a signed consequence is carried out and undone: one entry each, in the ledger it concerns.

Nothing here commits; the step is signed in the same transaction.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from channel.access import Permission
from channel.db import lock
from channel.messages.diversions import RUNG_WORDS
from channel.models.deposits import DepositEntry
from channel.models.diversions import ConductStep
from channel.models.market import Incident
from channel.models.partners import Distributor
from channel.queries import accounts as people
from channel.queries import agreements, partners
from channel.queries import diversions as findings
from channel.services.steps import deposits, rebates_filling, rebates_pool
from channel.services.steps.agreement_papers import distributor_party, maker_party
from channel.services.steps.closing import assert_open
from channel.services.steps.deposits import Movement
from channel.services.work import Refused, Work
from contracts import agreement as terms_of
from contracts.consequences import Ladder
from contracts.values.findings import block, in_currency
from contracts.values.money import Money


def ladder_for(distributor_id: int, on: date) -> Ladder:
    """What the agreement in force on the day says of a breach, or the last one where none is."""
    ruling, last = agreements.ruling_version(distributor_id, on)
    version = ruling or last
    if version is None:
        return Ladder()
    duties = terms_of.from_json(version.terms).duties
    return Ladder(duties.diversion_penalty_fen, duties.deposit_top_up_days)


def carry_out(w: Work, step: ConductStep) -> None:
    """Write the entry of a step that is being signed; refused where the ledger refuses it."""
    # The debtor, locked: money is taken once, and shipments see the stop.
    [distributor] = lock(Distributor, [step.distributor_id])
    if step.kind == "deposit":
        _move_deposit(w, step, distributor)
    elif step.kind in ("fine", "withhold"):
        _move_pool(w, step)


def _move_deposit(w: Work, step: ConductStep, distributor: Distributor) -> None:
    assert_open(w, w.today)
    reason = f"{step.incident.number} {step.number} {step.reason}"[:500]
    if step.reverses is None:
        deposits.assert_there(distributor, "deducted", step.amount_fen)
        taking = Movement("deducted", step.amount_fen, w.today, reason, step.top_up_by)
        entry = deposits.write(w, distributor, taking, proposed_by_id=step.proposed_by_id)
    else:
        taken = w.session.get_one(DepositEntry, step.reverses.deposit_entry_id)
        deposits.assert_not_restored(taken)
        giving = Movement("restored", -taken.amount_fen, w.today, reason)
        entry = deposits.write(
            w, distributor, giving, restores_id=taken.id, proposed_by_id=step.proposed_by_id
        )
    step.deposit_entry_id = entry.id


def _move_pool(w: Work, step: ConductStep) -> None:
    """A fine or a withheld rebate leaves the pool; its reversal brings the same back.

    A rebate is withheld within the contract's limit of what may be taken back.
    """
    withheld = step.kind == "withhold"
    if withheld and step.amount_fen > 0:
        most = rebates_filling.most_back(w, step.distributor_id, step.currency, w.today)
        if most is not None and step.amount_fen > most:
            found = block(
                "payout.clawback", step.number, asked=Money.from_fen(step.amount_fen),
                most=Money.from_fen(most),
            )  # fmt: skip
            raise Refused(in_currency([found], step.currency))
    entry = rebates_pool.write(
        w,
        (step.distributor_id, step.currency),
        "reversed",
        -step.amount_fen,
        counter="withheld" if withheld else "penalty",
        reference=step.reverses.number if step.reverses else step.number,
        reason=f"{step.incident.number} {step.reason}"[:500],
        reverses_id=step.reverses.pool_entry_id if step.reverses else None,
    )
    step.pool_entry_id = entry.id


def paper_of(w: Work, incident: Incident, number: str) -> dict[str, Any]:
    """What notice and decision print alike: parties, contract, the goods found; no victim."""
    ruling, last = agreements.ruling_version(incident.distributor_id, w.today)
    version = ruling or last
    return {
        "number": number,
        "case": incident.number,
        "contract": version.agreement.number if version else "",
        "version": version.version_no if version else 0,
        "terms_hash": version.terms_hash if version else "",
        "issued_on": w.today.isoformat(),
        "maker": maker_party(partners.get_maker()),
        "distributor": distributor_party(incident.distributor),
        "place": incident.place,
        "division": incident.division_code,
        "found": [
            {
                "number": scan.number,
                "on": scan.found_on.isoformat(),
                "code": scan.code,
                "product": f"{scan.product.code} {scan.product.name}" if scan.product else "",
                "batch": scan.range.shipment_line.batch if scan.range else "",
                "shipment": scan.range.shipment.number if scan.range else "",
                "division": scan.division_code,
                "place": scan.place,
                "quantity": scan.quantity,
            }
            for scan in findings.scans_of(incident.id, with_victims=False)
        ],
        "issued_by": w.actor.name,
    }


def decision_of(w: Work, step: ConductStep) -> dict[str, Any]:
    """The decision as it is printed."""
    return {
        **paper_of(w, step.incident, step.number),
        "kind": step.kind,
        "currency": step.currency,
        "amount_fen": step.amount_fen,
        "contract_fen": step.contract_fen,
        "basis": step.basis,
        "reason": step.reason,
        "result": step.incident.result,
        "from_on": step.from_on.isoformat(),
        "until_on": step.until_on.isoformat() if step.until_on else "",
        "top_up_by": step.top_up_by.isoformat() if step.top_up_by else "",
        "reverses": step.reverses.number if step.reverses else "",
    }


def tell(w: Work, step: ConductStep) -> None:
    """The decision, to the people of the distributor."""
    for user in people.people_with(Permission.MARKET_READ, ("distributor",)):
        if user.distributor_id != step.distributor_id:
            continue
        with force_locale(user.locale):
            w.mail(
                user.email,
                _("Decision in case %(number)s", number=step.incident.number),
                _("%(kind)s: %(reason)s\n\nThe decision is on the page of the case.\n",
                  kind=RUNG_WORDS[step.kind], reason=step.reason),
                key=f"conduct:{step.id}:{user.id}",
            )  # fmt: skip
