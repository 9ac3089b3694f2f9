"""Forms of imports: which file of which kind, what its columns mean, which rows count."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from channel.services.steps.importing.recipe import Recipe
from channel.tabular.fields import Field as FileColumn
from channel.tabular.fields import Kind
from channel.tabular.mapping import Mapping
from channel.tabular.showing import Shown, show
from channel.tabular.tables import Table
from channel.web.forms.fields import ChoiceField, Form, TextField

ORDERS = ("dmy", "mdy")


class NewForm(Form):
    kind = ChoiceField(_l("what the file holds"), [DataRequired()])
    file = FileField(_l("file (XLSX, XLS, ODS or CSV)"))
    currency = TextField(
        _l("currency where the file names none"),
        [
            Optional(),
            Regexp("^[A-Z]{3}$", message=_l("Write a code of three letters, such as CNY.")),
        ],
    )
    date_order = ChoiceField(
        _l("05/06/2026 means"),
        [Optional()],
        choices=[
            ("", _l("decide by the column")),
            ("dmy", _l("5 June 2026 (day first)")),
            ("mdy", _l("6 May 2026 (month first)")),
        ],
    )


class GiveUpForm(Form):
    reason = TextField(_l("why the file is given up"), [Length(max=500)])


@dataclass(frozen=True)
class ColumnRow:
    """One field of the kind as the page asks for it."""

    field: FileColumn
    label: str
    column: str
    constant: str
    shown: Shown
    order: str
    is_negated: bool
    #: (word of the file, our word so far)
    words: tuple[tuple[str, str], ...]


def column_rows(kind: Kind, table: Table, mapping: Mapping, lang: str) -> list[ColumnRow]:
    """The fields in their order, required ones first."""
    shown = show(kind, table, mapping)
    rows = []
    for entry in sorted(kind.fields, key=lambda f: not f.required):
        seen = shown.get(entry.name, Shown())
        translated = mapping.translations.get(entry.name, {})
        rows.append(
            ColumnRow(
                field=entry,
                label=entry.label(lang),
                column=mapping.columns.get(entry.name, ""),
                constant=mapping.constants.get(entry.name, ""),
                shown=seen,
                order=mapping.date_orders.get(entry.name, ""),
                is_negated=entry.name in mapping.negated,
                words=tuple((word, translated.get(word, "")) for word in seen.words),
            )
        )
    return rows


def typed_mapping(kind: Kind, form: MappingType[str, str], header: tuple[str, ...]) -> Mapping:
    """What the page says about the columns; unknown names are passed over."""
    columns, constants, orders = {}, {}, {}
    translations: dict[str, dict[str, str]] = {}
    for entry in kind.fields:
        name = entry.name
        if (label := form.get(f"column-{name}", "")) in header and label:
            columns[name] = label
        if constant := form.get(f"constant-{name}", "").strip():
            constants[name] = constant
        if (order := form.get(f"order-{name}", "")) in ORDERS:
            orders[name] = order
        n = 0
        while (word := form.get(f"said-{name}-{n}")) is not None:
            if ours := form.get(f"word-{name}-{n}", "").strip():
                translations.setdefault(name, {})[word] = ours
            n += 1
    negated = frozenset(f.name for f in kind.fields if form.get(f"negate-{f.name}"))
    return Mapping(columns, constants, translations, negated, orders)


def typed_recipe(form: MappingType[str, str], table: Table, before: Recipe) -> Recipe:
    """The sheet and the filter that the page asks for; joins stay as they were."""
    sheet = form.get("sheet", "")
    column = form.get("filter-column", "")
    values = tuple(v.strip() for v in form.get("filter-values", "").split(",") if v.strip())
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    filled: tuple[str, ...] = ()
    if column in table.header and column:
        only, filled = (((column, values),), ()) if values else ((), (column,))
    return Recipe(sheet if sheet in table.sheets else "", before.joins, only, filled)


def filter_of(recipe: Recipe) -> dict[str, Any]:
    """The filter as the form shows it: a column, and its wanted values or none."""
    if recipe.only:
        column, values = recipe.only[0]
        return {"column": column, "values": ", ".join(values)}
    return {"column": recipe.filled[0] if recipe.filled else "", "values": ""}
