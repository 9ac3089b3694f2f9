"""What an import kind says about its columns: labels in two languages, type, limits, words.

A `Kind` is data; reading.py knows files, kinds/ know the fields, and this module joins a text to
its typed value.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from channel.rules.identity import compact, uscc_fault
from channel.tabular.cells import (
    CellError,
    Choices,
    DateOrder,
    DecimalMark,
    parse_bool,
    parse_choice,
    parse_date,
    parse_decimal,
    parse_integer,
    parse_rate_bp,
)
from channel.tabular.wording import clean, folded
from contracts.values.findings import Finding

FieldType = Literal[
    "text", "code", "decimal", "integer", "date", "bool", "choice", "rate", "currency",
    "division", "uscc",
]  # fmt: skip
Value = str | int | bool | Decimal | dt.date | None

_CURRENCY = re.compile(r"[A-Z]{3}")
_CURRENCY_WORDS = {"人民币": "CNY", "RMB": "CNY", "¥": "CNY", "美元": "USD", "欧元": "EUR"}
_DIVISION = re.compile(r"\d{6}")


@dataclass(frozen=True)
class Field:
    """One column that a kind understands.

    `required`: every row must fill it. `refers_to` names the known codes it must be one of
    ("product", "distributor", "division", …). `minimum` is inclusive. `is_money` columns are
    watched for lost decimals. `example` is what the template shows.
    """

    name: str
    zh: str
    en: str
    type: FieldType = "text"
    required: bool = False
    synonyms: tuple[str, ...] = ()
    scale_max: int = 4
    minimum: Decimal | None = None
    choices: Choices | None = None
    length_max: int = 200
    refers_to: str = ""
    is_money: bool = False
    example: str = ""

    @property
    def is_number(self) -> bool:
        return self.type in ("decimal", "integer", "rate")

    def label(self, lang: str) -> str:
        """The column's title in templates and messages: `lang` is "zh" or "en"."""
        return self.zh if lang.startswith("zh") else self.en

    def parse(
        self, text: str, mark: DecimalMark = "point", order: DateOrder | None = None
    ) -> Value | CellError:
        """The typed value; an empty text is None, or cell.missing where a value is required."""
        if not text:
            return CellError("cell.missing", {"value": ""}) if self.required else None
        return _PARSERS[self.type](self, text, mark, order)


def _text(field: Field, text: str, mark: DecimalMark, order: DateOrder | None) -> Value | CellError:
    if len(text) > field.length_max:
        return CellError("cell.too_long", {"value": text[:40], "most": field.length_max})
    return clean(text)


def _code(field: Field, text: str, mark: DecimalMark, order: DateOrder | None) -> Value | CellError:
    body = folded(text).strip()
    if body.startswith("~"):
        return CellError("cell.digits_lost", {"value": text[1:]})
    if len(body) > field.length_max:
        return CellError("cell.too_long", {"value": text[:40], "most": field.length_max})
    return body


def _decimal(
    field: Field, text: str, mark: DecimalMark, order: DateOrder | None
) -> Value | CellError:
    return parse_decimal(text, scale_max=field.scale_max, minimum=field.minimum, mark=mark)


def _integer(
    field: Field, text: str, mark: DecimalMark, order: DateOrder | None
) -> Value | CellError:
    least = None if field.minimum is None else int(field.minimum)
    return parse_integer(text, minimum=least, mark=mark)


def _date(field: Field, text: str, mark: DecimalMark, order: DateOrder | None) -> Value | CellError:
    return parse_date(text, order=order)


def _bool(field: Field, text: str, mark: DecimalMark, order: DateOrder | None) -> Value | CellError:
    return parse_bool(text)


def _choice(
    field: Field, text: str, mark: DecimalMark, order: DateOrder | None
) -> Value | CellError:
    assert field.choices is not None
    return parse_choice(text, field.choices)


def _rate(field: Field, text: str, mark: DecimalMark, order: DateOrder | None) -> Value | CellError:
    return parse_rate_bp(text, mark=mark)


def _currency(
    field: Field, text: str, mark: DecimalMark, order: DateOrder | None
) -> Value | CellError:
    word = folded(text).strip().upper()
    word = _CURRENCY_WORDS.get(word, word)
    return word if _CURRENCY.fullmatch(word) else CellError("cell.not_currency", {"value": text})


def _division(
    field: Field, text: str, mark: DecimalMark, order: DateOrder | None
) -> Value | CellError:
    word = folded(text).strip()
    if _DIVISION.fullmatch(word):
        return word
    return CellError("cell.not_division", {"value": text})


def _uscc(field: Field, text: str, mark: DecimalMark, order: DateOrder | None) -> Value | CellError:
    word = compact(text)
    fault = uscc_fault(word)
    return CellError(f"cell.uscc_{fault}", {"value": text}) if fault else word


_Parser = Callable[[Field, str, DecimalMark, DateOrder | None], Value | CellError]
_PARSERS: dict[str, _Parser] = {
    "text": _text,
    "code": _code,
    "decimal": _decimal,
    "integer": _integer,
    "date": _date,
    "bool": _bool,
    "choice": _choice,
    "rate": _rate,
    "currency": _currency,
    "division": _division,
    "uscc": _uscc,
}


@dataclass(frozen=True)
class Context:
    """What the caller already knows; every part may be left empty, and is then not checked.

    `known`: allowed codes by noun, e.g. {"product": frozenset({"A", "B"})}.
    `prices_e4`: usual unit price by product code, in ten-thousandths, to see lost decimals by.
    """

    known: Mapping[str, frozenset[str]] = field(default_factory=dict)
    prices_e4: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Where findings of one reading point to: the file, its sheet, the label of each field."""

    file: str
    sheet: str
    labels: Mapping[str, str]

    def label(self, field_name: str) -> str:
        return self.labels.get(field_name, field_name)


#: (typed rows, where they came from, what is known) → findings.
RowCheck = Callable[[Sequence[Any], Source, Context], list[Finding]]


@dataclass(frozen=True)
class Kind:
    """One kind of import: `row_type(row=number, **values)` makes the typed row.

    `key` names the fields that together may occur only once in a file; `one_of` names groups
    of fields of which at least one must be mapped; each group is a tuple of alternatives, and
    each alternative a tuple of fields that are needed together. `any_of` names groups of which
    one must be mapped, though a row may leave it empty.
    """

    name: str
    zh: str
    en: str
    fields: tuple[Field, ...]
    row_type: Callable[..., Any]
    key: tuple[str, ...] = ()
    one_of: tuple[tuple[tuple[str, ...], ...], ...] = ()
    any_of: tuple[tuple[str, ...], ...] = ()
    check: RowCheck | None = None

    def field(self, name: str) -> Field:
        return next(f for f in self.fields if f.name == name)

    def header(self, lang: str) -> tuple[str, ...]:
        """The labels of a template in field order."""
        return tuple(f.label(lang) for f in self.fields)
