"""The Chinese catalogue: one small .po file per noun, merged and compiled when the app starts.

A merged .mo is written only when a .po file changed, under a name that holds their hash.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCES = Path(__file__).parent.parent / "translations" / "zh"


def merged() -> Catalog:
    """All sentences; the same msgid with two translations is refused."""
    whole = Catalog(locale="zh_CN")
    for file in sorted(SOURCES.glob("*.po")):
        with file.open("rb") as stream:
            for message in read_po(stream, locale="zh_CN"):
                if not message.id:
                    continue
                known = whole.get(message.id)
                if known is not None and known.string != message.string:
                    raise ValueError(f"{file.name}: {message.id!r} is already {known.string!r}")
                whole.add(message.id, message.string)
    return whole


def compile_into(directory: Path) -> Path:
    """Write the .mo below `directory`/<hash> and return that folder.

    Babel calls zh_CN by its full name zh_Hans_CN and looks for no other.
    """
    digest = hashlib.sha256()
    for file in sorted(SOURCES.glob("*.po")):
        digest.update(file.name.encode() + file.read_bytes())
    home = directory / digest.hexdigest()[:16]
    target = home / "zh_Hans_CN" / "LC_MESSAGES" / "messages.mo"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        # Several workers start at once: each writes its own file, the last rename wins.
        handle, name = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as stream:
            write_mo(stream, merged())
        os.replace(name, target)
    return home
