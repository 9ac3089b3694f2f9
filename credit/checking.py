"""The check at a control point: the facts of debtor and document against a policy, all reasons.

The facts are a value that is stored with the verdict, so that any other policy can be tried on
the very same figures later. An exception softens what it covers unless the policy blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from contracts.values.findings import Fact, Finding, Severity, in_currency, info
from contracts.values.money import Money
from credit.ageing import days_overdue
from credit.exposure import check_limit, check_prepaid
from credit.facts import CreditFacts, Offer
from credit.holds import Point, check_overdue
from credit.policy import Control, CreditPolicy, Mode
from credit.pools import check_pools
from credit.release import Decision, judge


def check(policy: CreditPolicy, facts: CreditFacts) -> list[Finding]:
    """Every reason that the policy has against the document, and what it warns of."""
    control = policy.at(facts.at)
    if facts.is_prepaid:
        found = _check_prepaid(policy, facts)
    elif (rest := _grace(policy, facts)) is not None:
        found = [info("credit.grace", until=rest, days=policy.grace_days)]
    else:
        items = [(None, due, fen) for due, fen in facts.overdue]
        ladder = check_overdue(items, policy.rules_of(facts.grade), facts.on, facts.at)
        counted = facts.counted(control)
        limits = check_limit(counted, facts.room, control.mode.severity)
        limits += check_pools(facts.pools, counted.new_fen, control.mode.severity)
        found = _firm(limits, control.mode) + ladder
        found += _firm(_check_oldest(control, facts), control.mode)
        found += _check_document(control, facts)
        if counted.left_out_fen and facts.new_fen >= 0:
            found.append(info("credit.not_counted", left=Money.from_fen(counted.left_out_fen)))
    return in_currency(found, facts.currency)


def _check_prepaid(policy: CreditPolicy, facts: CreditFacts) -> list[Finding]:
    """Goods against money received; orders only where the policy lets them wait for it, too."""
    mode, exposure = policy.at(facts.at).mode, facts.exposure
    gone = exposure.unpaid_fen
    if facts.at is Point.SHIPMENT:
        short = check_prepaid(exposure.unapplied_fen, gone, facts.value_fen, mode.severity)
    elif policy.prepaid == "both":
        claimed = gone + exposure.ordered_fen
        short = check_prepaid(exposure.unapplied_fen, claimed, facts.new_fen, mode.severity)
    else:
        return []
    return _firm(short, mode)


def _grace(policy: CreditPolicy, facts: CreditFacts) -> date | None:
    """The last day on which the shipment goes unchecked, where that has not passed."""
    if facts.at is not Point.SHIPMENT or not policy.grace_days or facts.confirmed_on is None:
        return None
    last = facts.confirmed_on + timedelta(days=policy.grace_days)
    return last if facts.on <= last else None


def _check_oldest(control: Control, facts: CreditFacts) -> list[Finding]:
    """`credit.oldest_item`: something is overdue for longer than the policy bears."""
    if control.oldest_days is None or facts.new_fen < 0:
        return []
    aged = [
        (days, fen)
        for due, fen in facts.overdue
        if fen > 0 and (days := days_overdue(due, facts.on)) > control.oldest_days
    ]
    if not aged:
        return []
    about: dict[str, Fact] = {
        "days": max(days for days, _ in aged),
        "most": control.oldest_days,
        "pay": Money.from_fen(sum(fen for _, fen in aged)),
    }
    return [Finding("credit.oldest_item", control.mode.severity, facts=about)]


def _check_document(control: Control, facts: CreditFacts) -> list[Finding]:
    """What no money cures: a document too large, a payment term too long."""
    found = []
    severity, release = control.mode.severity, _RELEASE[control.mode]
    if facts.new_fen < 0:
        return []
    if control.largest_fen is not None and facts.value_fen > control.largest_fen:
        about: dict[str, Fact] = {
            "value": Money.from_fen(facts.value_fen),
            "most": Money.from_fen(control.largest_fen),
            "release": release,
        }
        found.append(Finding("credit.document_large", severity, facts=about))
    days, most = facts.term_days, control.longest_days
    if most is not None and days is not None and days > most:
        about = {"days": days, "most": most, "release": release}
        found.append(Finding("credit.terms_longer", severity, facts=about))
    return found


#: What releases where money does not: nothing but the house, or an exception as well.
_RELEASE = {Mode.WARN: "exception", Mode.APPROVE: "exception", Mode.BLOCK: "limit"}


def _firm(findings: Iterable[Finding], mode: Mode) -> list[Finding]:
    """Say what releases: without the fact, money and exceptions do; see `is_firm`."""
    told = []
    for finding in findings:
        payable = bool(finding.facts.keys() & {"pay", "short"})
        release = ("money" if mode is Mode.BLOCK else "") if payable else _RELEASE[mode]
        facts = {**finding.facts, "release": release} if release else finding.facts
        told.append(replace(finding, facts=facts))
    return told


def is_firm(finding: Finding) -> bool:
    """Whether no exception softens it: the policy of its control point blocks."""
    return finding.facts.get("release") in ("money", "limit")


def soften(
    findings: Iterable[Finding], offers: Sequence[Offer], value_fen: int
) -> list[tuple[Finding, int | None, int]]:
    """(finding, the offer that made it a warning, the fen that it takes of it) for each finding.

    An offer is needed for the amount that is missing, or for the whole document where nothing
    but its value says how much is at stake.
    """
    done = []
    for finding in findings:
        taken, needed = None, 0
        if finding.is_blocking and not is_firm(finding):
            gap = finding.facts.get("excess") or finding.facts.get("short")
            needed = gap.fen if isinstance(gap, Money) else value_fen
            taken = next((n for n, offer in enumerate(offers) if _covers(offer, needed)), None)
        if taken is not None:
            finding = replace(finding, severity=Severity.WARN)
        done.append((finding, taken, needed))
    return done


def _covers(offer: Offer, fen: int) -> bool:
    return fen <= offer.amount_fen and (offer.left_fen is None or fen <= offer.left_fen)


def try_on(
    policy: CreditPolicy, facts: CreditFacts, offers: Sequence[Offer], others: Iterable[Finding]
) -> tuple[Decision, list[Finding]]:
    """What the policy would have decided on these figures; `others` are the findings of the
    other rules, which it does not change."""
    found = [each for each, *_ in soften(check(policy, facts), offers, facts.goods_fen)]
    return judge([*others, *found]).decision, found


def unknown_to(policy: CreditPolicy, facts: CreditFacts) -> bool:
    """Whether the policy asks for what these facts do not hold."""
    needs_later = policy.at(facts.at).horizon_days is not None and not facts.is_prepaid
    return needs_later and facts.later is None


def pay_to_release(findings: Iterable[Finding]) -> int | None:
    """The fen that satisfy every reason that blocks; None where money alone does not release.

    One payment lessens the use of the limit and settles the oldest debts, so the largest
    amount asked for does it.
    """
    amounts = []
    for finding in findings:
        if not finding.is_blocking:
            continue
        asked = finding.facts.get("pay") or finding.facts.get("short")
        if finding.family != "credit":
            return None
        if not isinstance(asked, Money):
            # In verdicts from before policies the excess is what must be paid.
            asked = finding.facts.get("excess") if _is_payable(finding) else None
        if not isinstance(asked, Money):
            return None
        amounts.append(asked.fen)
    return max(amounts, default=None)


def _is_payable(finding: Finding) -> bool:
    return finding.facts.get("release", "money") == "money"
