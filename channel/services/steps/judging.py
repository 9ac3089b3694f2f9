"""How an order or a shipment is judged: one place, so that every path takes the same check.

Facts are read (under the debtor's lock, when something will be saved), the cores say what they
find, approved waivers soften what they cover, and the verdict keeps findings and figures.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from channel.models.agreements import AgreementVersion
from channel.models.credit import CreditAccount
from channel.models.exceptions import Waiver
from channel.models.partners import Distributor, Maker
from channel.queries import agreements, carve_outs, catalogue, conduct, territories
from channel.services.steps.credit import Checked
from channel.services.steps.waivers import Left, of_type
from contracts import agreement as terms_of
from contracts.agreement import Terms
from contracts.minimums import MinimumRule, MinimumWaiver, check_minimum, uses_waiver
from contracts.pricing import price_on
from contracts.territory import check_ship_to, lies_in
from contracts.values.findings import Finding, Severity, block, to_json
from contracts.values.money import Money
from contracts.values.periods import Period
from credit.checking import soften
from credit.facts import Offer
from credit.release import Verdict, judge


@dataclass(frozen=True)
class Ground:
    """What rules on a date: the version in force, or the last one when none is."""

    version: AgreementVersion | None
    terms: Terms | None
    is_in_force: bool

    @property
    def version_id(self) -> int | None:
        return self.version.id if self.version else None


@dataclass
class Judgement:
    """Findings so far, and which waivers the document would use up (id, value, quantity)."""

    ground: Ground
    findings: list[Finding] = field(default_factory=list)
    uses: list[tuple[int, int, int]] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    #: The policy that ruled on credit, and every figure that it judged by.
    credit: dict[str, Any] | None = None

    def verdict(self) -> Verdict:
        return judge(self.findings)

    def frozen(self, on: date) -> dict[str, Any]:
        """What is stored with the document: the decision with all that led to it."""
        verdict = self.verdict()
        version = self.ground.version
        return {
            "decision": verdict.decision.value,
            "on": on.isoformat(),
            "findings": to_json(verdict.findings),
            "agreement_version": version.id if version else None,
            "terms_hash": version.terms_hash if version else None,
            "figures": self.figures,
            "credit": self.credit,
        }


def ground_on(distributor_id: int, on: date) -> Ground:
    """The version in force on the date; else the newest approved one, marked as not in force."""
    ruling, last = agreements.ruling_version(distributor_id, on)
    version = ruling or last
    terms = None
    if version is not None:
        cuts = carve_outs.cuts_of([version.agreement_id]).get(version.agreement_id, ())
        terms = carve_outs.overlaid(terms_of.from_json(version.terms), cuts)
    return Ground(version, terms, ruling is not None)


def book_price(distributor_id: int, product_id: int, on: date) -> int | None:
    """The price in fen of the book that the agreement in force names, or None without one."""
    terms = ground_on(distributor_id, on).terms
    product = catalogue.products_by_id([product_id]).get(product_id)
    if terms is None or not terms.price_book or product is None:
        return None
    entries = catalogue.price_entries(terms.price_book, [product.id], on)
    entry = price_on(entries, product.code, on)
    return entry.gross_fen if entry else None


def check_agreement(
    judgement: Judgement, distributor: Distributor, value_fen: int, lefts: list[Left], on: date
) -> None:
    """No agreement in force: refused, unless an exception lets this value through.

    A suspended one is refused whatever was excepted: first it is resumed.
    """
    version = judgement.ground.version
    if judgement.ground.is_in_force and version is not None:
        if agreements.as_rule(version).is_suspended(on):
            judgement.findings.append(
                block(
                    "agreement.suspended",
                    contract=version.agreement.number,
                    since=version.suspended_from or on,
                    reason=version.end_reason,
                )
            )
        return
    facts: dict[str, Any] = {"distributor": distributor.name, "on": on}
    if judgement.ground.version is not None:
        last = agreements.as_rule(judgement.ground.version).binding
        facts["ended"] = last.end if last else judgement.ground.version.valid_to
    for left in of_type(lefts, "expiry"):
        cap = left.value_fen if left.value_fen is not None else left.waiver.amount_fen
        if judgement.ground.terms is not None and (cap is None or value_fen <= cap):
            judgement.findings.append(
                Finding("agreement.none_waived", Severity.WARN, "", {"on": on})
            )
            judgement.uses.append((left.waiver.id, value_fen, 0))
            return
    judgement.findings.append(Finding("agreement.none_in_force", Severity.BLOCK, "", facts))


def check_stop(
    judgement: Judgement, distributor_id: int, on: date, severity: Severity = Severity.BLOCK
) -> None:
    """Shipping stopped by a decision: refused on its days, whatever else would let it through."""
    stop = conduct.stop_on(distributor_id, on)
    if stop is None:
        return
    facts: dict[str, Any] = {"case": stop.case, "since": stop.since}
    code = "conduct.stopped_open"
    if stop.until is not None:
        code, facts["until"] = "conduct.stopped", stop.until
    judgement.findings.append(Finding(code, severity, stop.case, facts))


def check_place(
    judgement: Judgement, division_code: str | None, lefts: list[Left], value_fen: int, on: date
) -> None:
    """The ship-to must lie in the territory, or in a place that an exception opens."""
    terms = judgement.ground.terms
    if terms is None:
        return
    if not division_code:
        judgement.findings.append(Finding("territory.no_ship_to", Severity.BLOCK))
        return
    named = terms.territory.named()
    # An address may still bear a code of yesterday; the place is judged by today's.
    division_code = territories.current(division_code, on)
    tree = territories.ancestors({division_code, *named}, on)
    name = territories.names([division_code], on).get(division_code, division_code)
    outside = check_ship_to(terms.territory, division_code, name, tree, on)
    for finding in outside:
        waived = next(
            (
                left
                for left in of_type(lefts, "territory")
                if left.waiver.division_code
                and left.takes(value_fen)
                and lies_in(division_code, left.waiver.division_code, tree)
            ),
            None,
        )
        if waived is None:
            judgement.findings.append(finding)
            continue
        judgement.findings.append(
            replace(finding, code="territory.outside_waived", severity=Severity.WARN)
        )
        judgement.uses.append((waived.waiver.id, value_fen, 0))


def postpone_payment(judgement: Judgement, lefts: list[Left], value_fen: int) -> None:
    """The exception that lets these goods be paid later, where one still covers their value."""
    terms = judgement.ground.terms
    if terms is None or terms.payment is None or terms.payment.kind == "prepaid":
        return
    fitting = [left for left in of_type(lefts, "terms") if left.takes(value_fen)]
    best = max(fitting, key=lambda left: left.waiver.extra_days or 0, default=None)
    if best is not None:
        days = best.waiver.extra_days or 0
        judgement.findings.append(Finding("terms.postponed", Severity.INFO, "", {"days": days}))
        judgement.uses.append((best.waiver.id, value_fen, 0))


def check_floor(
    judgement: Judgement, maker: Maker, goods_gross_fen: int, lefts: list[Left], on: date
) -> None:
    """The minimum shipment: the agreement's or the house's floor, lowered by an exception."""
    terms = judgement.ground.terms
    own = terms.min_shipment_fen if terms else None
    number = judgement.ground.version.agreement.number if judgement.ground.version else ""
    rule = MinimumRule(own, number) if own is not None else MinimumRule(maker.min_shipment_fen, "")
    offers = [
        (left.waiver, as_minimum_waiver(left.waiver, left.uses))
        for left in of_type(lefts, "minimum")
        if left.takes(goods_gross_fen)
    ]
    best = min(offers, key=lambda o: o[1].floor_fen, default=None)
    offer = best[1] if best else None
    judgement.findings += check_minimum(goods_gross_fen, rule, offer, on)
    if best and uses_waiver(goods_gross_fen, rule, offer, on):
        judgement.uses.append((best[0].id, goods_gross_fen, 0))
        judgement.findings.append(
            Finding(
                "minimum.waived",
                Severity.INFO,
                "",
                {
                    "value": Money.from_fen(goods_gross_fen),
                    "floor": Money.from_fen(best[1].floor_fen),
                },
            )
        )


def as_minimum_waiver(waiver: Waiver, uses_left: int | None) -> MinimumWaiver:
    assert waiver.floor_fen is not None
    return MinimumWaiver(waiver.floor_fen, Period(waiver.valid_from, waiver.valid_to), uses_left)


def soften_credit(
    judgement: Judgement, checked: Checked, lefts: list[Left], value_fen: int
) -> None:
    """Credit findings, made a warning where an exception covers the amount and the policy lets
    exceptions through; the figures are kept for the verdict."""
    usable = of_type(lefts, "credit")
    offers = [Offer(left.waiver.amount_fen or 0, left.value_fen) for left in usable]
    judgement.credit = checked.stored(offers)
    for finding, taken, needed in soften(checked.findings, offers, value_fen):
        judgement.findings.append(finding)
        if taken is None:
            continue
        waiver = usable[taken].waiver
        if all(waiver.id != used for used, _v, _q in judgement.uses):
            judgement.uses.append((waiver.id, needed, 0))


def figures_of(account: CreditAccount) -> dict[str, int]:
    """The balances that the verdict used."""
    return {
        "ordered_fen": account.ordered_fen,
        "shipped_fen": account.shipped_fen,
        "invoiced_fen": account.invoiced_fen,
        "unapplied_fen": account.unapplied_fen,
    }
