"""Use cases about goods: products, groups, VAT rates and the working-day calendar.

Prices have their own module; nothing here is deleted that a document may rest on.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.models.catalogue import (
    PriceBook,
    PriceEntry,
    Product,
    ProductGroup,
    VatRate,
    WorkingDay,
)
from channel.queries.catalogue import get_record, working_days
from channel.services.steps.records import other_with, put
from channel.services.work import Refused, Work, work
from contracts.values.findings import Finding, block


@dataclass(frozen=True)
class ProductFacts:
    """What the form of a product says."""

    code: str
    name: str
    group_id: int
    name_en: str = ""
    unit: str = "箱"
    units_per_case: int = 1
    vat_class: str = "standard"
    shelf_life_days: int | None = None
    srp_fen: int | None = None
    is_active: bool = True
    launched_on: date | None = None


def _taken(w: Work, model: type, code: str, record_id: int | None) -> list[Finding]:
    other = other_with(w, model, "code", code, record_id)
    return [block("goods.code_taken", code, value=code, name=other.name)] if other else []


def _check_product(w: Work, facts: ProductFacts, record_id: int | None) -> None:
    findings = _taken(w, Product, facts.code, record_id)
    if w.session.get(ProductGroup, facts.group_id) is None:
        findings.append(block("product.group_unknown"))
    known = sa.select(VatRate.id).where(VatRate.vat_class == facts.vat_class).limit(1)
    if w.session.scalar(known) is None:
        findings.append(block("product.vat_unknown", value=facts.vat_class))
    if findings:
        raise Refused(findings)


def create_product(actor: Actor, facts: ProductFacts) -> int:
    """Open a product; its id."""
    with work(actor, Permission.CATALOGUE_WRITE) as w:
        _check_product(w, facts, None)
        product = Product(**asdict(facts))
        w.session.add(product)
        w.session.flush()  # the audit entry needs its id
        w.audit("product:create", product, label=product.code)
        return product.id


def save_product(actor: Actor, product_id: int, facts: ProductFacts) -> None:
    """Change a product; documents keep the prices and rates that they froze."""
    with work(actor, Permission.CATALOGUE_WRITE) as w:
        product: Product = get_record(Product, product_id)
        _check_product(w, facts, product_id)
        if changed := put(product, asdict(facts)):
            w.audit("product:save", product, label=product.code, changes=changed)


def save_group(actor: Actor, group_id: int | None, code: str, name: str) -> int:
    """Open a product group (no id) or change it; its id."""
    with work(actor, Permission.CATALOGUE_WRITE) as w:
        if findings := _taken(w, ProductGroup, code, group_id):
            raise Refused(findings)
        if group_id is None:
            group = ProductGroup(code=code, name=name)
            w.session.add(group)
            w.session.flush()  # the audit entry needs its id
            w.audit("group:create", group, label=code)
            return group.id
        group = get_record(ProductGroup, group_id)
        if changed := put(group, {"code": code, "name": name}):
            w.audit("group:save", group, label=code, changes=changed)
        return group_id


def save_book(actor: Actor, book_id: int | None, code: str, name: str, currency: str) -> int:
    """Open a price book (no id) or change it; with prices in it the currency stays."""
    with work(actor, Permission.CATALOGUE_WRITE) as w:
        if findings := _taken(w, PriceBook, code, book_id):
            raise Refused(findings)
        if book_id is None:
            book = PriceBook(code=code, name=name, currency=currency)
            w.session.add(book)
            w.session.flush()  # the audit entry needs its id
            w.audit("price_book:create", book, label=code)
            return book.id
        book = get_record(PriceBook, book_id)
        has_prices = sa.select(PriceEntry.id).where(PriceEntry.book_id == book_id).limit(1)
        if currency != book.currency and w.session.scalar(has_prices) is not None:
            raise Refused([block("price_book.currency_fixed", currency=book.currency)])
        changed = put(book, {"code": code, "name": name, "currency": currency})
        if changed:
            w.audit("price_book:save", book, label=code, changes=changed)
        return book_id


def add_vat_rate(actor: Actor, vat_class: str, rate_bp: int, valid_from: date) -> None:
    """Add the rate of a class from a day on; it holds until the next one of the class."""
    with work(actor, Permission.CATALOGUE_WRITE) as w:
        known = sa.select(VatRate.id).where(
            VatRate.vat_class == vat_class, VatRate.valid_from == valid_from
        )
        if w.session.scalar(known) is not None:
            raise Refused([block("vat.known", vat_class=vat_class, since=valid_from)])
        rate = VatRate(vat_class=vat_class, rate_bp=rate_bp, valid_from=valid_from)
        w.session.add(rate)
        w.session.flush()  # the audit entry needs its id
        changes = {"rate_bp": rate_bp, "valid_from": valid_from}
        w.audit("vat:add", rate, label=vat_class, changes=changes)


def remove_vat_rate(actor: Actor, rate_id: int) -> None:
    """Take back a rate that is not yet in force."""
    with work(actor, Permission.CATALOGUE_WRITE) as w:
        rate: VatRate = get_record(VatRate, rate_id)
        if rate.valid_from <= w.today:
            raise Refused([block("vat.in_force", since=rate.valid_from)])
        changes = {"rate_bp": rate.rate_bp, "valid_from": rate.valid_from}
        w.audit("vat:remove", rate, label=rate.vat_class, changes=changes)
        w.session.delete(rate)


def set_day(actor: Actor, day: date, is_working: bool | None, name: str, state: str) -> None:
    """Say that a date is worked or off; None takes the exception away: Monday to Friday again."""
    with work(actor, Permission.CATALOGUE_WRITE) as w:
        known = w.session.get(WorkingDay, day)
        old = known.is_working if known else None
        if is_working is None:
            if known is not None:
                w.session.delete(known)
        elif known is None:
            known = WorkingDay(day=day, is_working=is_working, name=name, state=state)
            w.session.add(known)
        else:
            put(known, {"is_working": is_working, "name": name, "state": state})
        if known is not None:
            changes = {"is_working": (old, is_working), "name": name, "state": state}
            w.audit("calendar:day", known, label=day.isoformat(), changes=changes)


def mark_official(actor: Actor, year: int) -> int:
    """The notice of the year is out and entered: nothing in it is a forecast any more."""
    with work(actor, Permission.CATALOGUE_WRITE) as w:
        days = working_days(year)
        if not days:
            raise Refused([block("calendar.nothing_known", year=str(year))])
        forecast = [d for d in days.values() if d.state == "forecast"]
        for day in forecast:
            day.state = "official"
        if forecast:
            w.audit(
                "calendar:official",
                forecast[0],
                label=str(year),
                changes={"days": len(forecast)},
            )
        return len(forecast)
