"""Product groups, products and VAT rates, by code.

A group that a product names and nobody has opened is opened with it; a VAT rate that no class
has is refused, because a mistyped rate would tax every order that follows.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.catalogue import Product, ProductGroup, VatRate
from channel.queries import catalogue
from channel.services.steps.importing import master
from channel.services.steps.importing.plan import Plan, Task, by_key, insert_many
from channel.services.steps.importing.trail import Trace, leave
from channel.services.work import Work

COLUMNS = (
    "name", "name_en", "group_id", "unit", "units_per_case", "vat_class", "shelf_life_days",
    "srp_fen", "launched_on",
)  # fmt: skip


def plan_groups(task: Task) -> Plan:
    """New and renamed product groups."""
    wanted = {row.code: {"name": row.name} for row in task.rows}
    standing = by_key(ProductGroup.code, list(wanted), ProductGroup.id, ProductGroup.name)
    difference = master.compare(standing, wanted)
    result = Plan(len(difference.new), len(difference.changed), difference.same)

    def write(w: Work, reason: str) -> None:
        for code, values in difference.new.items():
            values["code"] = code
        master.write(w, ProductGroup, ProductGroup.code, difference, noun="group", reason=reason)

    result.write = write
    return result


def plan_products(task: Task) -> Plan:
    """New and changed products; groups are found by code or by name."""
    groups = _groups()
    unknown = {row.group: row.group for row in task.rows if row.group not in groups}
    classes = _classes(task)
    result = Plan()
    wanted = {}
    for row in task.rows:
        vat_class = None
        if row.vat_rate_bp is not None:
            vat_class = classes.get(row.vat_rate_bp)
            if vat_class is None:
                result.findings.append(
                    task.stop("import.no_vat_class", row.row, "vat_rate_bp",
                              value=f"{row.vat_rate_bp / 100:g} %")
                )  # fmt: skip
        wanted[row.code] = _values(task, row, groups.get(row.group), vat_class)
    if unknown:
        result.findings.append(
            task.note("import.new_groups", count=len(unknown), value="、".join(list(unknown)[:8]))
        )
    standing = by_key(
        Product.code, list(wanted), Product.id, *(getattr(Product, n) for n in COLUMNS)
    )
    _keep_classes(task, standing, wanted, classes)
    difference = master.compare(standing, wanted)
    result.new, result.changed = len(difference.new), len(difference.changed)
    result.same = difference.same
    # A product in a group that is not open yet is moved when the group is.
    by_group = {row.code: row.group for row in task.rows if row.group in unknown}
    moved = {c for c in by_group if c in standing and c not in difference.changed}
    result.changed, result.same = result.changed + len(moved), result.same - len(moved)
    result.write = lambda w, reason: _write(w, difference, by_group, standing, reason)
    return result


def _values(task: Task, row: Any, group_id: int | None, vat_class: str | None) -> dict[str, Any]:
    return {
        "name": row.name,
        "name_en": row.name_en,
        "group_id": group_id,
        "unit": row.unit,
        "units_per_case": row.units_per_case if "units_per_case" in task.given else None,
        "vat_class": vat_class,
        "shelf_life_days": row.shelf_life_days,
        "srp_fen": row.srp_fen,
        "launched_on": row.launched_on,
    }


def _groups() -> dict[str, int]:
    """Code or name → id; a code wins over another group's name."""
    rows = db.session.execute(
        sa.select(ProductGroup.id, ProductGroup.code, ProductGroup.name).order_by(ProductGroup.id)
    ).all()
    found = {name: group_id for group_id, _code, name in rows}
    return found | {code: group_id for group_id, code, _name in rows}


def _classes(task: Task) -> dict[int, str]:
    """Rate in force today → VAT class; the classes that most goods are in come first."""
    rates = catalogue.vat_rates(None, task.today)
    known = ["standard", "reduced", "services", "small_scale", "zero"]
    ranked = sorted(rates, key=lambda c: (known.index(c) if c in known else len(known), c))
    found: dict[int, str] = {}
    for vat_class in ranked:
        found.setdefault(rates[vat_class], vat_class)
    return found


def _keep_classes(
    task: Task, standing: Any, wanted: dict[str, dict[str, Any]], classes: dict[int, str]
) -> None:
    """A product whose class has the asked rate already keeps its class."""
    rates = catalogue.vat_rates(None, task.today)
    for code, row in standing.items():
        asked = wanted[code]["vat_class"]
        if asked is not None and rates.get(row.vat_class) == rates[asked]:
            wanted[code]["vat_class"] = row.vat_class


def _write(
    w: Work, difference: master.Difference, by_group: dict[str, str], standing: Any, reason: str
) -> None:
    if by_group:
        names = sorted(set(by_group.values()))
        insert_many(w, ProductGroup, [{"code": name, "name": name} for name in names])
        ids = by_key(ProductGroup.code, names, ProductGroup.id)
        leave(
            w,
            [Trace("group:create", "product_group", ids[name].id, name) for name in names],
            reason,
        )
        for code, group in by_group.items():
            if code in difference.new:
                difference.new[code]["group_id"] = ids[group].id
            else:
                changes = difference.changed.setdefault(code, {})
                changes["group_id"] = (standing[code].group_id, ids[group].id)
                difference.ids[code] = standing[code].id
    for code, values in difference.new.items():
        values |= {"code": code, "external_key": code, "is_active": True}
    defaults = {"vat_class": "standard", "unit": "箱", "units_per_case": 1}
    master.write(
        w, Product, Product.code, difference, noun="product", reason=reason, defaults=defaults
    )


def plan_vat_rates(task: Task) -> Plan:
    """New rates; a rate that stands with another figure is refused, documents rest on it."""
    known = {
        (vat_class, day): rate
        for vat_class, day, rate in db.session.execute(
            sa.select(VatRate.vat_class, VatRate.valid_from, VatRate.rate_bp)
        )
    }
    fresh, result = [], Plan()
    for row in task.rows:
        rate = known.get((row.vat_class, row.valid_from))
        if rate is None:
            fresh.append(row)
        elif rate == row.rate_bp:
            result.same += 1
        else:
            result.findings.append(
                task.stop("import.vat_stands", row.row, "rate_bp", value=row.vat_class,
                          since=row.valid_from, old=f"{rate / 100:g} %",
                          new=f"{row.rate_bp / 100:g} %")
            )  # fmt: skip
    result.new = len(fresh)

    def write(w: Work, reason: str) -> None:
        rows = [
            {"vat_class": r.vat_class, "rate_bp": r.rate_bp, "valid_from": r.valid_from}
            for r in fresh
        ]
        insert_many(w, VatRate, rows)
        leave(
            w,
            [Trace("vat:add", "vat_rate", None, r["vat_class"], None, dict(r)) for r in rows],
            reason,
        )

    result.write = write
    if result.findings:
        result.findings = result.findings[:200]
    return result
