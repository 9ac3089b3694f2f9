"""A distributor's own codes, units and way of counting: decided once, changed on their page.

A decision holds for every report that is checked from then on; what is filed stays as filed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.partners import Distributor
from channel.models.stock_sources import StockCode, StockHabit, StockUnit
from channel.queries import stock_codes as reads
from channel.queries.scope import get_visible
from channel.rules.stock_units import code_key, unit_key
from channel.services.steps.stock_upload import check_again, open_upload
from channel.services.work import Refused, Work, assert_seen, work
from contracts.values.findings import Finding, block

#: Instead of a product: none of our goods.
NOT_OURS = "-"
UNIT_KINDS = ("base", "case", "ratio")
#: No pack holds more than these.
RATIO_MAX = 100_000


@dataclass(frozen=True)
class CodeSaid:
    """What a code was said to mean: our product code, or `NOT_OURS`; and its factor."""

    written: str
    product: str
    name: str = ""
    times: int = 1
    per: int = 1


@dataclass(frozen=True)
class UnitSaid:
    """What a unit was said to mean, for one product or ('') for all goods."""

    written: str
    kind: str
    product: str = ""
    times: int = 1
    per: int = 1


def _check_ratio(written: str, times: int, per: int) -> list[Finding]:
    good = 0 < times <= RATIO_MAX and 0 < per <= RATIO_MAX
    return [] if good else [block("stock.unit_ratio", written, unit=written, most=RATIO_MAX)]


def decide(
    actor: Actor,
    upload_id: int,
    codes: list[CodeSaid],
    units: list[UnitSaid],
    seen_version: int | None,
) -> None:
    """Answer what a report asked: codes and units; the file is checked again with the answers."""
    with work(actor, Permission.STOCK_FILE) as w:
        upload = open_upload(w, upload_id, seen_version)
        if upload is None:
            return
        owner = upload.distributor_id or 0
        changes = _say(w, owner, codes, units)
        w.session.flush()  # the check reads the decisions back
        check_again(w, upload)
        w.audit("stock:words", upload, label=upload.filename, changes=changes)


def save_words(
    actor: Actor, distributor_id: int, codes: list[CodeSaid], units: list[UnitSaid]
) -> None:
    """Say codes and units by hand, before any report asks."""
    with work(actor, Permission.STOCK_FILE) as w:
        owner = get_visible(actor, Distributor, distributor_id)
        lock(Distributor, [owner.id])
        changes = _say(w, owner.id, codes, units)
        w.audit("stock:words", owner, changes=changes, distributor_id=owner.id)


def _say(
    w: Work, owner: int, codes: list[CodeSaid], units: list[UnitSaid]
) -> dict[str, tuple[Any, Any]]:
    """Write the decisions over what was decided before; Refused for goods that do not exist."""
    everything: list[CodeSaid | UnitSaid] = [*codes, *units]
    wanted = {said.product for said in everything} - {"", NOT_OURS}
    products = reads.product_ids(wanted)
    found = [block("stock.unknown_product", code, product=code) for code in
             sorted(wanted - set(products))]  # fmt: skip
    for said in everything:
        found += _check_ratio(said.written, said.times, said.per)
    if found:
        raise Refused(found)
    return {
        **_say_codes(w, owner, codes, products),
        **_say_units(w, owner, units, products),
    }


def _say_codes(
    w: Work, owner: int, codes: list[CodeSaid], products: Mapping[str, int]
) -> dict[str, tuple[Any, Any]]:
    standing = reads.codes_of(owner, {code_key(said.written) for said in codes})
    changes: dict[str, tuple[Any, Any]] = {}
    for said in codes:
        key = code_key(said.written)[:64]
        if not key or not said.product:
            continue
        row = standing.get(key)
        old = ""
        if row is None:
            row = standing[key] = StockCode(distributor_id=owner, code=key, row_version=1)
            w.session.add(row)
        else:
            old = _worded(row.product.code if row.product else NOT_OURS, row.times, row.per)
            row.row_version += 1
        row.written, row.name = said.written.strip()[:64], said.name.strip()[:255]
        row.product_id = None if said.product == NOT_OURS else products[said.product]
        row.times, row.per = said.times, said.per
        row.decided_by_id, row.decided_at = w.actor.user_id, w.now
        changes[said.written[:64]] = (old, _worded(said.product, said.times, said.per))
    return changes


def _say_units(
    w: Work, owner: int, units: list[UnitSaid], products: Mapping[str, int]
) -> dict[str, tuple[Any, Any]]:
    standing = {(row.unit, row.product_id): row for row in reads.units_of(owner)}
    changes: dict[str, tuple[Any, Any]] = {}
    for said in units:
        key = (unit_key(said.written)[:20], products.get(said.product))
        if not key[0] or said.kind not in UNIT_KINDS:
            continue
        row = standing.get(key)
        old = ""
        if row is None:
            row = standing[key] = StockUnit(
                distributor_id=owner, unit=key[0], product_id=key[1], row_version=1
            )
            w.session.add(row)
        else:
            old = _worded(row.kind, row.times, row.per)
            row.row_version += 1
        is_ratio = said.kind == "ratio"
        row.written, row.kind = said.written.strip()[:20], said.kind
        row.times, row.per = (said.times, said.per) if is_ratio else (1, 1)
        row.decided_by_id, row.decided_at = w.actor.user_id, w.now
        label = "·".join(filter(None, [key[0], said.product]))
        changes[f"own_unit {label}"] = (old, _worded(said.kind, row.times, row.per))
    return changes


def _worded(meaning: str, times: int, per: int) -> str:
    """A product or a kind of unit; a factor of its own says nothing but itself."""
    if meaning == "ratio":
        return f"× {times}/{per}"
    return meaning if (times, per) == (1, 1) else f"{meaning} × {times}/{per}"


def forget_code(actor: Actor, code_id: int, seen_version: int | None) -> int:
    """Take a decision back: the code is asked for again. Gives the distributor's id."""
    with work(actor, Permission.STOCK_FILE) as w:
        row = reads.get_code(w.actor, code_id)
        assert_seen(row, seen_version)
        w.audit("stock:forget", row, label=row.written, distributor_id=row.distributor_id)
        w.session.delete(row)
        return row.distributor_id


def forget_unit(actor: Actor, unit_id: int, seen_version: int | None) -> int:
    """Take a decision back: the unit is asked for again. Gives the distributor's id."""
    with work(actor, Permission.STOCK_FILE) as w:
        row = reads.get_unit(w.actor, unit_id)
        assert_seen(row, seen_version)
        w.audit("stock:forget", row, label=row.written, distributor_id=row.distributor_id)
        w.session.delete(row)
        return row.distributor_id


def change_code(actor: Actor, code_id: int, said: CodeSaid, seen_version: int | None) -> None:
    """Say anew what a code means."""
    with work(actor, Permission.STOCK_FILE) as w:
        row = reads.get_code(w.actor, code_id)
        lock(Distributor, [row.distributor_id])
        assert_seen(row, seen_version)
        w.audit("stock:words", row, label=row.written, distributor_id=row.distributor_id,
                changes=_say(w, row.distributor_id, [said], []))  # fmt: skip


def change_unit(actor: Actor, unit_id: int, said: UnitSaid, seen_version: int | None) -> None:
    """Say anew what a unit means."""
    with work(actor, Permission.STOCK_FILE) as w:
        row = reads.get_unit(w.actor, unit_id)
        lock(Distributor, [row.distributor_id])
        assert_seen(row, seen_version)
        w.audit("stock:words", row, label=row.written, distributor_id=row.distributor_id,
                changes=_say(w, row.distributor_id, [], [said]))  # fmt: skip


def save_habit(
    actor: Actor, distributor_id: int, habits: Mapping[str, bool], seen_version: int | None
) -> None:
    """Say how the distributor counts: which parts stand beside its closing stock."""
    with work(actor, Permission.STOCK_FILE) as w:
        owner = get_visible(actor, Distributor, distributor_id)
        lock(Distributor, [owner.id])
        row = reads.find_habit(owner.id)
        if row is None:
            row = StockHabit(distributor_id=owner.id, row_version=1)
            w.session.add(row)
        else:
            assert_seen(row, seen_version)
        changes = {}
        for name in reads.BESIDE:
            old, new = bool(getattr(row, name)), bool(habits.get(name))
            if old != new:
                changes[name] = (old, new)
            setattr(row, name, new)
        w.audit("stock:habit", owner, changes=changes, distributor_id=owner.id)
