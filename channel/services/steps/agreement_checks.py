"""What the rest of the house says against a version: its policies, its margins, its past days.

Reads only, a constant number of statements whatever the agreement names.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.agreements import AgreementVersion
from channel.models.catalogue import PriceBook, PriceEntry, Product, ProductGroup, SuggestedPrice
from channel.models.rebates import RebatePolicy, RebateRun, RebateStatement
from channel.models.receivables import Invoice
from channel.queries import agreements, partners, rebates_policies
from channel.queries.catalogue_margins import holds
from contracts import agreement as rules
from contracts.agreement import Terms
from contracts.margins import Ladder, dealer_margin
from contracts.rebates.beside import check_beside
from contracts.rebates.model import RebateTerms
from contracts.rebates.validate import validate
from contracts.values.findings import Finding, Severity, block, warn
from contracts.values.periods import Period
from contracts.values.rates import Rate

GOODS_NAMED = 5


def check_policies(terms: Terms, on: date) -> list[Finding]:
    """Holes and idle tiers of the policies named, as they stand on the first day; policies that
    pay the same lines, or ask for a target or a mix that the agreement does not name."""
    named = named_policies(terms.rebate_policies, on)
    groups = rebates_policies.groups_of_products() if len(named) > 1 else {}
    found = []
    for at, policy in enumerate(named):
        found += [f for f in validate(policy) if f.severity >= Severity.WARN]
        beside = check_beside(policy, named[at + 1 :], groups)
        found += [f for f in beside if f.code == "rebate.pays_same_lines"]
        found += _unnamed(policy, terms)
    return found


def _unnamed(policy: RebateTerms, terms: Terms) -> list[Finding]:
    """What a policy looks at and the agreement says nothing of."""
    kinds = {condition.kind for condition in policy.conditions}
    found = []
    if not terms.targets and (policy.gauge == "attainment" or "attainment" in kinds):
        found.append(warn("rebate.target_missing", "targets", policy=policy.code))
    if not terms.mix and "mix" in kinds:
        found.append(warn("rebate.mix_missing", "targets", policy=policy.code))
    return found


def named_policies(codes: Collection[str], on: date) -> list[RebateTerms]:
    """The approved policies of these codes, in the version that stands on a day."""
    if not codes:
        return []
    newest: dict[str, RebatePolicy] = {}
    for policy in db.session.scalars(
        sa.select(RebatePolicy)
        .where(RebatePolicy.code.in_(codes), RebatePolicy.state == "approved")
        .order_by(RebatePolicy.code, RebatePolicy.version_no)
    ):
        if policy.code not in newest or policy.valid_from <= on:
            newest[policy.code] = policy
    return [rebates_policies.terms_of(policy) for _code, policy in sorted(newest.items())]


def check_margins(terms: Terms, on: date) -> list[Finding]:
    """The goods of the price book whose dealer keeps less than the house's floor.

    With the rebate of the margin ladder, where the agreement pays one.
    """
    maker = partners.get_maker()
    floor = Rate.basis_points(maker.floor_margin_bp)
    rebate = Rate.basis_points(maker.ladder_rebate_bp if terms.rebate_policies else 0)
    rows = db.session.execute(
        sa.select(
            Product.code, PriceEntry.gross_fen, SuggestedPrice.wholesale_fen,
            SuggestedPrice.retail_fen,
        )
        .join(PriceBook, PriceBook.id == PriceEntry.book_id)
        .join(Product, Product.id == PriceEntry.product_id)
        .join(ProductGroup, ProductGroup.id == Product.group_id)
        .join(
            SuggestedPrice,
            sa.and_(
                SuggestedPrice.product_id == Product.id,
                SuggestedPrice.currency == PriceBook.currency,
                holds(SuggestedPrice, on),
            ),
        )
        .where(
            PriceBook.code == terms.price_book,
            holds(PriceEntry, on),
            ProductGroup.code.in_(terms.goods) if terms.goods else sa.true(),
        )
        .order_by(Product.code)
    )  # fmt: skip
    below = [
        code
        for code, dealer, wholesale, retail in rows
        if not dealer_margin(Ladder(code, dealer, wholesale, retail), rebate).reaches(floor)
    ]
    if not below:
        return []
    named = tuple(below[:GOODS_NAMED]) + (("…",) if len(below) > GOODS_NAMED else ())
    return [warn("agreement.margin_below", "price", goods=named, floor=floor)]


def check_past(version: AgreementVersion, terms: Terms) -> list[Finding]:
    """Documents and statements of days that the version would come to rule.

    Posted ones are never judged again. Invoices are a warning; a settled rebate period refuses a
    version that changes targets, mix or policies within it. A first contract has no past.
    """
    signed = [v for v in version.agreement.versions if v.state in agreements.SIGNED]
    before = rules.in_force([agreements.as_rule(v) for v in signed], version.valid_from)
    if before is None or version.state in agreements.SIGNED:
        return []
    return [
        *_replaced(version, signed),
        *_invoiced(version),
        *_settled(version, terms, before.number),
    ]


def _replaced(version: AgreementVersion, signed: list[AgreementVersion]) -> list[Finding]:
    """Amendments within the version's days whose words it does not carry on."""
    span = Period(version.valid_from, version.valid_to)
    carried = {version.based_on_id}
    lost = [
        f"v{v.version_no}"
        for v in signed
        if v.origin == "amendment"
        and v.id not in carried
        and any(
            rule.number == v.version_no and days.overlaps(span)
            for rule, days in rules.ruled_days([agreements.as_rule(one) for one in signed])
        )
    ]
    if not lost:
        return []
    return [warn("agreement.replaces", versions=tuple(lost), start=span.start, last=span.last_day)]


def _invoiced(version: AgreementVersion) -> list[Finding]:
    mine = (
        Invoice.distributor_id == version.agreement.distributor_id,
        Invoice.kind.in_(("invoice", "credit_note")),
        Invoice.invoice_date >= version.valid_from,
        Invoice.invoice_date < version.valid_to,
    )
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Invoice).where(*mine)) or 0
    if not count:
        return []
    number, day = db.session.execute(
        sa.select(Invoice.number, Invoice.invoice_date)
        .where(*mine)
        .order_by(Invoice.invoice_date.desc(), Invoice.id.desc())
        .limit(1)
    ).one()
    return [
        warn(
            "agreement.rejudges_invoices",
            count=count, start=version.valid_from, number=number, last=day,
        )
    ]  # fmt: skip


def _settled(version: AgreementVersion, terms: Terms, before_no: int) -> list[Finding]:
    old = next(v for v in version.agreement.versions if v.version_no == before_no)
    if not _changes_rebates(rules.from_json(old.terms), terms):
        return []
    row: Any = db.session.execute(
        sa.select(RebateStatement.number, RebateRun.period_start, RebateRun.period_end)
        .join(RebateRun, RebateRun.id == RebateStatement.run_id)
        .where(
            RebateStatement.distributor_id == version.agreement.distributor_id,
            RebateRun.state == "posted",
            RebateRun.period_end > version.valid_from,
            RebateRun.period_start < version.valid_to,
        )
        .order_by(RebateRun.period_end.desc(), RebateStatement.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return []
    return [
        block(
            "agreement.rejudges_statements",
            "targets",
            period=Period(row.period_start, row.period_end).label,
            number=row.number or "",
            start=version.valid_from,
            first=row.period_end,
        )
    ]


def _changes_rebates(old: Terms, new: Terms) -> bool:
    """Whether what a settled period was computed from is other than before."""
    kept = {t for t in old.targets}
    return (
        set(old.rebate_policies) != set(new.rebate_policies)
        or old.mix != new.mix
        or any(t not in kept for t in new.targets)
    )
