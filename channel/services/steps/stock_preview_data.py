"""The page of a checked report as plain data, for large files whose page is kept beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from channel.services.steps.stock_preview import BadRow, Cell, Label, Review, Understood
from channel.services.steps.stock_words import Asked
from contracts.values.findings import from_json, to_json


def to_data(review: Review) -> dict[str, Any]:
    """Plain data for keeping; `from_data` is its inverse."""
    data = asdict(review)
    for name in ("on_report", "flagged", "notes"):
        data[name] = to_json(getattr(review, name))
    for kept, row in zip(data["bad_rows"], review.bad_rows, strict=True):
        kept["findings"] = to_json(row.findings)
    data["columns"] = dict(review.columns)
    data["products"] = sorted(review.products)
    return data


def from_data(data: Mapping[str, Any]) -> Review:
    """The review that was kept."""
    values = dict(data)
    for name in ("on_report", "flagged", "notes"):
        values[name] = list(from_json(data[name]))
    values["bad_rows"] = [
        BadRow(
            **{
                **row,
                "findings": tuple(from_json(row["findings"])),
                "cells": tuple(Cell(**cell) for cell in row["cells"]),
            }
        )
        for row in data["bad_rows"]
    ]
    values["rows"] = [(n, bad, [Understood(**c) for c in cells]) for n, bad, cells in data["rows"]]
    values["labels"] = [Label(label["text"], tuple(label["samples"])) for label in data["labels"]]
    for name in ("codes", "units"):
        values[name] = [Asked(**{**a, "rows": tuple(a["rows"])}) for a in data[name]]
    values["left_out"] = [tuple(pair) for pair in data["left_out"]]
    values["missing"] = [tuple(pair) for pair in data["missing"]]
    values["can_fill"], values["filled"] = tuple(data["can_fill"]), tuple(data["filled"])
    values["products"] = frozenset(data["products"])
    return Review(**values)
