"""Every sentence has its Chinese: none missing, none stale, none in two files, none in ASCII dress.

The msgids are read from the sources with Babel's own extractors, as a translator would.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).parent.parent.parent
CATALOGUES = ROOT / "channel" / "translations" / "zh"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}

HAN = r"\u3400-\u9fff\u3001-\u3011\uff01-\uffef"
PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")
#: A comma, colon or bracket of ASCII that touches a Chinese character, and an ASCII full stop.
ASCII_DRESS = re.compile(
    rf"[{HAN}]\s?[,;:?!()](?!\w)|[{HAN}][,;:?!()]|[,;:?!]\s*[{HAN}]|[()][{HAN}]|[{HAN}]\.(?!\w)"
)

#: A column has a Chinese and an English name, and each language prints its own.
TWO_NAMES = {"No column of %(file)s is %(field)s.": {("file", "s"), ("column", "s")}}


def _messages(path: Path) -> set[str]:
    """The msgids of one source; of a plural its singular."""
    method = babel_extract if path.suffix == ".html" else "python"
    found = extract_from_file(method, path, keywords=KEYWORDS, options={"silent": "false"})
    return {m if isinstance(m, str) else m[0] for _line, m, _comments, _context in found}


@cache
def sources() -> dict[str, str]:
    """msgid → the first file that has it."""
    files = [
        *sorted((ROOT / "channel").rglob("*.py")),
        *sorted((ROOT / "templates").rglob("*.html")),
    ]
    found: dict[str, str] = {}
    for path in files:
        if "migrations" not in path.parts:
            for msgid in _messages(path):
                found.setdefault(msgid, str(path.relative_to(ROOT)))
    return found


@cache
def entries() -> list[tuple[str, str, Message]]:
    """(file, msgid, message) of every catalogue."""
    found = []
    for file in sorted(CATALOGUES.glob("*.po")):
        with file.open("rb") as stream:
            for message in read_po(stream, locale="zh_CN"):
                if message.id:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    found.append((file.name, key, message))
    return found


def chinese(message: Message) -> str:
    return str(message.string if isinstance(message.string, str) else message.string[0])


@pytest.mark.row("P08")
def test_every_sentence_of_the_sources_has_its_chinese():
    spoken = {key for _file, key, message in entries() if chinese(message).strip()}
    missing = sorted((file, msgid) for msgid, file in sources().items() if msgid not in spoken)
    assert not missing, f"{len(missing)} without Chinese, first {missing[:20]}"


@pytest.mark.row("P08")
def test_no_translation_is_english_still():
    """A sentence with words keeps none but names: some Chinese stands in its translation."""
    left = [
        (file, key)
        for file, key, message in entries()
        if re.search(r"[A-Za-z]{4}", PLACEHOLDER.sub("", key))
        and not re.search(rf"[{HAN}]", chinese(message))
    ]
    assert not left, left


def test_no_translation_outlives_its_sentence():
    stale = [(file, key) for file, key, _message in entries() if key not in sources()]
    assert not stale, stale


def test_no_sentence_is_translated_in_two_files():
    """Two files would drift apart, and the app would not start on the day they do."""
    counted = Counter(key for _file, key, _message in entries())
    twice = {k: [f for f, key, _ in entries() if key == k] for k, n in counted.items() if n > 1}
    assert not twice, twice


def test_translations_keep_the_figures_of_their_sentence():
    wrong = []
    for file, key, message in entries():
        text = chinese(message)
        wanted = TWO_NAMES.get(key, set(PLACEHOLDER.findall(key)))
        if wanted != set(PLACEHOLDER.findall(text)) or key.count("%%") != text.count("%%"):
            wrong.append((file, key, text))
        elif PLACEHOLDER.search(key) or "%%" in key:
            # A stray % would break the page that prints the sentence.
            values = {name: 1 if kind == "d" else "1" for name, kind in PLACEHOLDER.findall(text)}
            assert text % values
    assert not wrong, wrong


def test_chinese_has_full_width_punctuation():
    wrong = [
        (file, text)
        for file, _key, message in entries()
        if ASCII_DRESS.search(PLACEHOLDER.sub("0", text := chinese(message)))
    ]
    assert not wrong, wrong
