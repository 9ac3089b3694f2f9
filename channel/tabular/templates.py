"""An empty file for a kind of import: its columns in one language, and how to fill them in."""

from __future__ import annotations

from channel.tabular.fields import Field, Kind
from channel.tabular.writing import Column, write_xlsx

_TYPES = {
    "zh": {
        "code": "编码", "decimal": "数字", "integer": "整数", "date": "日期，如 2026-08-31",
        "bool": "是/否", "rate": "税率，如 13%", "currency": "三位货币代码，如 CNY",
        "division": "六位行政区划代码", "uscc": "18 位统一社会信用代码",
    },
    "en": {
        "code": "code", "decimal": "number", "integer": "whole number",
        "date": "date such as 2026-08-31", "bool": "yes/no", "rate": "rate such as 13%",
        "currency": "currency code of three letters", "division": "division code of six digits",
        "uscc": "unified social credit code of 18 characters",
    },
}  # fmt: skip


def template(kind: Kind, lang: str) -> bytes:
    """xlsx bytes: the titles on the first sheet, one line for each column on the second."""
    lang = "zh" if lang.startswith("zh") else "en"
    columns = [Column(entry.label(lang), "text", 18) for entry in kind.fields]
    title = kind.zh if lang == "zh" else kind.en
    notes = [_note(entry, lang) for entry in kind.fields]
    return write_xlsx(columns, [], sheet=title, notes=notes)


def _note(entry: Field, lang: str) -> str:
    parts = [entry.label(lang)]
    if lang == "zh":
        parts.append("必填" if entry.required else "可不填")
    else:
        parts.append("required" if entry.required else "optional")
    if entry.choices is not None:
        words = [words[0] if lang == "zh" and words else value
                 for value, words in entry.choices.words.items()]  # fmt: skip
        parts.append(" / ".join(words))
    elif entry.type in _TYPES[lang]:
        parts.append(_TYPES[lang][entry.type])
    if entry.example and (lang == "zh" or entry.example.isascii()):
        parts.append(("例：" if lang == "zh" else "for example ") + entry.example)
    return ("；" if lang == "zh" else "; ").join(parts)
