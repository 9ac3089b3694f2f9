"""The register of sentences. Each room of the field adds its own in a module beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext, lazy_gettext

from channel.messages.values import format_fact
from contracts.values.findings import Finding
from contracts.values.money import Money


@dataclass(frozen=True)
class Text:
    """A sentence and a remedy, with %(fact)s where figures stand."""

    sentence: Any
    remedy: Any = ""
    #: Other remedies, by the finding's fact «release»: what alone releases.
    by_release: Mapping[str, Any] = field(default_factory=dict)
    #: Facts that are money or pieces; where they are no money they are said to be pieces.
    pieces: tuple[str, ...] = ()
    #: What is added to the sentence where a fact is not empty, by the name of the fact.
    also: Mapping[str, Any] = field(default_factory=dict)


TEXTS: dict[str, Text] = {}


def register(texts: Mapping[str, Text]) -> None:
    """Add sentences; a code has one sentence."""
    twice = TEXTS.keys() & texts.keys()
    if twice:
        raise ValueError(f"two sentences for {sorted(twice)}")
    TEXTS.update(texts)


#: Words inside facts that are themselves translated: clause names, division levels, roles.
WORDS: dict[str, Any] = {
    "clause": {
        "territory": lazy_gettext("territory"),
        "price": lazy_gettext("price"),
        "targets": lazy_gettext("targets"),
        "collection": lazy_gettext("collection"),
        "promotions": lazy_gettext("promotions"),
        "local_incidents": lazy_gettext("local incidents"),
        "exchange": lazy_gettext("exchange of slow movers"),
        "delivery_place": lazy_gettext("delivery place"),
        "display": lazy_gettext("display"),
        "pop": lazy_gettext("POP places"),
        "other": lazy_gettext("other duties"),
    },
    "level": {
        "province": lazy_gettext("province"),
        "prefecture": lazy_gettext("prefecture"),
        "county": lazy_gettext("county"),
    },
}


#: Facts that only say in what another fact is counted.
UNITS = ("unit", "each_unit", "how", "case_unit")


def _word(name: str, value: Any) -> str:
    """A fact in the reader's language: a coded word, each word of a list, or a figure."""
    words = WORDS.get(name, {})
    if isinstance(value, str) and value in words:
        return str(words[value])
    if isinstance(value, tuple | list) and words:
        return gettext(", ").join(_word(name, v) for v in value)
    return format_fact(value, name)


def _facts(finding: Finding) -> dict[str, str]:
    facts = {name: _word(name, value) for name, value in finding.facts.items()}
    facts.setdefault("subject", finding.subject)
    # Verdicts from before credit policies: what is in excess is what must be paid.
    facts.setdefault("pay", facts.get("excess", ""))
    # Findings from before rebates were counted in anything but money name no unit.
    for name in UNITS:
        facts.setdefault(name, "")
    return facts


def _fill(text: Any, facts: dict[str, str]) -> str:
    return str(text) % facts if text else ""


def sentence(finding: Finding) -> str:
    """What is wrong, with its figures. An unknown code is our mistake and shows itself."""
    text = TEXTS.get(finding.code)
    if text is None:
        return gettext("Rule %(code)s", code=finding.code)
    facts = _facts(finding)
    for name in text.pieces:
        if not isinstance(finding.facts.get(name), Money):
            facts[name] = gettext("%(n)s pieces", n=facts.get(name, ""))
    added = "".join(_fill(more, facts) for name, more in text.also.items() if facts.get(name))
    return _fill(text.sentence, facts) + added


def remedy(finding: Finding) -> str:
    """What to do about it; empty where nothing can be done."""
    text = TEXTS.get(finding.code)
    if text is None:
        return ""
    chosen = text.by_release.get(str(finding.facts.get("release", "")), text.remedy)
    return _fill(chosen, _facts(finding))
