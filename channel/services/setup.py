"""The first start: the maker's row and the reference data that every house needs.

It may run at every start: what stands is never changed, only what is absent is added.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from channel.access import SYSTEM
from channel.models.catalogue import VatRate, WorkingDay
from channel.models.partners import Maker
from channel.models.territories import Division
from channel.services.work import Work, work

FOLDER = Path(__file__).parent.parent / "reference"

#: The name of a house that has not said who it is; set on the page of the maker.
UNNAMED = "厂家"


def load_reference() -> None:
    """Add the maker, the VAT rates, the divisions and the working days, where they are absent."""
    with work(SYSTEM) as w:
        if w.session.scalar(sa.select(Maker.id).limit(1)) is None:
            w.session.add(Maker(name=UNNAMED, name_en="Maker"))
        _add_vat_rates(w)
        _add_divisions(w)
        _add_working_days(w)


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _is_empty(w: Work, column: Any) -> bool:
    return w.session.scalar(sa.select(column).limit(1)) is None


def _add_vat_rates(w: Work) -> None:
    """Rates of classes that the house has none of; a rate holds until the next of its class."""
    known = set(w.session.scalars(sa.select(VatRate.vat_class).distinct()))
    new = [
        {
            "vat_class": row["class"],
            "rate_bp": int(row["rate_bp"]),
            "valid_from": date.fromisoformat(row["valid_from"]),
        }
        for row in _rows("vat_rates.csv")
        if row["class"] not in known
    ]
    if new:
        w.session.execute(sa.insert(VatRate), new)


def _add_divisions(w: Work) -> None:
    """The whole tree, once: afterwards it is the house's own."""
    if not _is_empty(w, Division.id):
        return
    w.session.execute(
        sa.insert(Division),
        [
            {
                "code": row["code"],
                "name": row["name"],
                "level": row["level"],
                "parent_code": row["parent"] or None,
                "valid_from": date.fromisoformat(row["valid_from"]),
                "valid_to": _day(row["valid_to"]),
                "predecessor_code": row["predecessor"] or None,
                "is_selectable": row["selectable"] == "1",
            }
            for row in _rows("divisions.csv")
        ],
    )


def _add_working_days(w: Work) -> None:
    """Years that the house lacks; a year it knows as forecast only gives way to the official."""
    stored: dict[int, set[str]] = defaultdict(set)
    for day, state in w.session.execute(sa.select(WorkingDay.day, WorkingDay.state)):
        stored[day.year].add(state)
    offered: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows("workdays.csv"):
        day = date.fromisoformat(row["date"])
        offered[day.year].append(
            {
                "day": day,
                "is_working": row["is_working"] == "1",
                "name": row["name"],
                "state": row["state"],
            }
        )
    for year, rows in offered.items():
        if stored[year] == {"forecast"} and all(r["state"] == "official" for r in rows):
            w.session.execute(
                sa.delete(WorkingDay).where(
                    WorkingDay.day.between(date(year, 1, 1), date(year, 12, 31))
                )
            )
        elif stored[year]:
            continue
        w.session.execute(sa.insert(WorkingDay), rows)
