"""Which column of a file is which field: proposed by label, corrected by people, remembered.

Labels are compared without case, blanks, brackets and width; nothing is matched by likeness,
because a wrong match costs more than a question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from channel.tabular.fields import Field, Kind
from channel.tabular.tables import Table
from channel.tabular.wording import folded, label_key
from contracts.values.findings import Finding, Severity

_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")


@dataclass(frozen=True)
class Mapping:
    """field name → column label, and what the file does not say itself.

    `constants` fill a field for every row ("currency" → "CNY"); `translations` turn the file's
    words into ours before parsing ("currency" → {"100": "USD"}); `negated` fields change sign
    (a ledger that books receipts as minus); `date_orders` settle 05/06/2026 by hand;
    `left_out` fields stay unfilled even where a label would fit.
    """

    columns: MappingType[str, str] = field(default_factory=dict)
    constants: MappingType[str, str] = field(default_factory=dict)
    translations: MappingType[str, MappingType[str, str]] = field(default_factory=dict)
    negated: frozenset[str] = frozenset()
    date_orders: MappingType[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """Plain data for storing with the sender; `from_json` is its inverse."""
        return {
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "translations": {name: dict(words) for name, words in self.translations.items()},
            "negated": sorted(self.negated),
            "date_orders": dict(self.date_orders),
            "left_out": sorted(self.left_out),
        }

    @classmethod
    def from_json(cls, data: MappingType[str, Any]) -> Mapping:
        return cls(
            columns=dict(data.get("columns", {})),
            constants=dict(data.get("constants", {})),
            translations={k: dict(v) for k, v in data.get("translations", {}).items()},
            negated=frozenset(data.get("negated", ())),
            date_orders=dict(data.get("date_orders", {})),
            left_out=frozenset(data.get("left_out", ())),
        )

    def unmapped(self, header: Sequence[str]) -> tuple[str, ...]:
        """Columns of the file that nothing reads, so that the page can say so."""
        used = set(self.columns.values())
        return tuple(label for label in header if label and label not in used)


def propose(
    header: Sequence[str],
    fields: Sequence[Field],
    remembered: Mapping | None = None,
) -> Mapping:
    """Best mapping by label: what was remembered first, then own labels, then synonyms.

    A remembered column that this file lacks is forgotten; its other settings stay.
    """
    remembered = remembered or Mapping()
    names = {f.name for f in fields} - remembered.left_out
    settled = remembered.left_out | set(remembered.constants)
    exact = {label_key(label): label for label in reversed(header) if label}
    bare = {label_key(_BRACKETS.sub("", folded(label))): label for label in reversed(header)}
    columns: dict[str, str] = {}
    for name, label in remembered.columns.items():
        if name in names and label_key(label) in exact:
            columns[name] = exact[label_key(label)]
    for rank in range(max((len(f.synonyms) for f in fields), default=0) + 3):
        for entry in fields:
            words = (entry.zh, entry.en, entry.name, *entry.synonyms)
            if entry.name in columns or entry.name in settled or rank >= len(words):
                continue
            key = label_key(words[rank])
            found = exact.get(key) or bare.get(key) if key else None
            if found and found not in columns.values():
                columns[entry.name] = found
    return Mapping(
        columns=columns,
        constants=dict(remembered.constants),
        translations=dict(remembered.translations),
        negated=remembered.negated,
        date_orders=dict(remembered.date_orders),
        left_out=remembered.left_out,
    )


def mapping_findings(kind: Kind, table: Table, mapping: Mapping) -> list[Finding]:
    """Blocking findings for required fields without a column and columns that are not there."""
    findings = []
    given = set(mapping.columns) | set(mapping.constants)
    for name, label in mapping.columns.items():
        if label not in table.header:
            findings.append(_finding("column.not_there", table, label, name))
    for entry in kind.fields:
        if entry.required and entry.name not in given:
            findings.append(_finding("column.not_mapped", table, entry.zh, entry.en))
    for group in kind.one_of:
        if not any(set(alternative) <= given for alternative in group):
            first = [kind.field(name) for name in group[0]]
            zh = "、".join(entry.zh for entry in first)
            findings.append(
                _finding("column.not_mapped", table, zh, ", ".join(e.en for e in first))
            )
    for names in kind.any_of:
        if not given & set(names):
            found = [kind.field(name) for name in names]
            zh, en = "、".join(e.zh for e in found), ", ".join(e.en for e in found)
            findings.append(_finding("column.not_mapped", table, zh, en))
    return findings


def _finding(code: str, table: Table, column: str, name: str) -> Finding:
    facts = {"file": table.filename, "sheet": table.sheet, "column": column, "field": name}
    return Finding(code=code, severity=Severity.BLOCK, subject=column, facts=facts)
