"""A JSON body as a typed draft, or findings that say which member cannot be read and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request

from channel import clock
from channel.access import Actor
from channel.api.routing import KEY_PATTERN, LINES_MAX
from channel.models.partners import Distributor
from channel.queries import by_code, orders, partners
from channel.services.orders import Draft
from channel.services.steps.pricing import Wanted
from channel.services.work import Refused
from contracts.values.findings import Finding, block

KEY_MAX = 80
ORDER = {"external_key", "distributor", "order_date", "deliver_on", "ship_to", "note", "lines"}
LINE = {"product", "quantity", "free", "price_fen"}
_MISSING = object()


def body() -> dict[str, Any]:
    """The JSON object that was sent."""
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise Refused([block("api.json")])
    return found


class Members:
    """The members of one object, each read once; what cannot be read is collected."""

    def __init__(
        self, data: Mapping[str, Any], known: set[str], found: list[Finding], path: str = ""
    ) -> None:
        self.data, self.found, self.path = data, found, path
        for name in sorted(set(data) - known):
            self.wrong(str(name)[:80])

    def wrong(self, name: str) -> None:
        self.found.append(block("api.body", f"{self.path}{name}", member=f"{self.path}{name}"))

    def text(self, name: str, *, most: int, needed: bool = False, is_code: bool = False) -> str:
        value = self.data.get(name, _MISSING)
        if value is _MISSING and not needed:
            return ""
        good = isinstance(value, str) and len(value) <= most and _can_be_stored(value)
        if good and is_code and value:
            good = re.fullmatch(KEY_PATTERN, value) is not None
        if not good or (needed and not str(value).strip()):
            self.wrong(name)
            return ""
        return str(value)

    def day(self, name: str) -> date | None:
        value = self.data.get(name)
        if value is None:
            return None
        try:
            if not isinstance(value, str) or len(value) != 10:
                raise ValueError
            day = date.fromisoformat(value)
            if not 1990 <= day.year <= 2100:
                raise ValueError
        except ValueError:
            self.wrong(name)
            return None
        return day

    def whole(self, name: str, *, least: int, needed: bool = False) -> int | None:
        value = self.data.get(name, _MISSING)
        if value is _MISSING and not needed:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= 10**12:
            return value
        self.wrong(name)
        return None

    def flag(self, name: str) -> bool:
        value = self.data.get(name, False)
        if not isinstance(value, bool):
            self.wrong(name)
        return value is True


def _can_be_stored(text: str) -> bool:
    """No NUL, which PostgreSQL refuses, and no half of a surrogate pair, which is no character."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def read_order(actor: Actor, data: Mapping[str, Any]) -> tuple[Draft, str]:
    """(the draft, its external key or nothing). Refused with all that cannot be read."""
    found: list[Finding] = []
    members = Members(data, ORDER, found)
    key = members.text("external_key", most=KEY_MAX, is_code=True)
    owner = distributor(actor, members)
    on = members.day("order_date") or clock.today()
    deliver_on, place = members.day("deliver_on"), members.whole("ship_to", least=1)
    note = members.text("note", most=500)
    lines = _lines(members)
    if found or owner is None:
        raise Refused(found)
    if place is None:
        choices = orders.ship_to_choices(actor, owner.id)
        place = int(choices[0][0]) if len(choices) == 1 else None
    return Draft(owner.id, on, place, tuple(lines), note, deliver_on), key


def distributor(actor: Actor, members: Members) -> Distributor | None:
    """The one named by its code; a distributor's own user need not name it."""
    code = members.text("distributor", most=64, needed=not actor.is_distributor)
    if not code and actor.is_distributor:
        assert actor.distributor_id is not None
        return partners.get_distributor(actor, actor.distributor_id)
    owner = by_code.distributor_by_code(actor, code) if code else None
    if code and owner is None:
        members.found.append(block("api.unknown", "distributor", member="distributor", value=code))
    return owner


def _lines(members: Members) -> list[Wanted]:
    rows = members.data.get("lines")
    if not isinstance(rows, list) or not rows or len(rows) > LINES_MAX:
        members.wrong("lines")
        return []
    read = []
    for n, row in enumerate(rows):
        if not isinstance(row, dict):
            members.wrong(f"lines/{n}")
            continue
        line = Members(row, LINE, members.found, f"lines/{n}/")
        code = line.text("product", most=64, needed=True)
        quantity = line.whole("quantity", least=1, needed=True)
        read.append((line, code, quantity, line.flag("free"), line.whole("price_fen", least=0)))
    ids = by_code.product_ids({code for _line, code, *_rest in read if code})
    wanted = []
    for line, code, quantity, is_free, price_fen in read:
        if code and code not in ids:
            name = f"{line.path}product"
            members.found.append(block("api.unknown", name, member=name, value=code))
        elif code and quantity:
            wanted.append(Wanted(ids[code], quantity, is_free, price_fen))
    return wanted
