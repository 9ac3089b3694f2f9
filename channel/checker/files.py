"""The statements inside a file: JSON, the archive of a batch, or a PDF that encloses its JSON.

Nothing is unpacked to disk, and what is larger than a statement can be is not read.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

#: A statement with a hundred thousand lines is about twenty MiB.
MOST_BYTES = 200 * 1024 * 1024

_EMBEDDED = re.compile(rb"<<[^>]*?/Type\s*/EmbeddedFile\b.*?>>\s*stream\r?\n", re.DOTALL)


class NoStatement(ValueError):
    """The file holds no statement; the code says why: kind, json, pdf, zip, large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def statements_in(name: str, data: bytes) -> Iterator[tuple[str, Any]]:
    """(name, parsed JSON) of every statement; NoStatement when there is none to be read."""
    if data.startswith(b"%PDF"):
        yield name, _json(_enclosed(data))
    elif data.startswith(b"PK\x03\x04"):
        yield from _archived(data)
    elif data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        yield name, _json(data)
    else:
        raise NoStatement("kind")


def _json(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=_no_float)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise NoStatement("json") from None


def _no_float(text: str) -> str:
    # Decimals are text in this format: one that is not is kept as it stands, never as binary.
    return text


def _enclosed(pdf: bytes) -> bytes:
    """The first JSON file that a PDF encloses, by the plain objects of the file."""
    for found in _EMBEDDED.finditer(pdf):
        head = found.group(0)
        if b"json" not in head:
            continue
        end = pdf.find(b"endstream", found.end())
        stream = pdf[found.end() : end]
        if b"/FlateDecode" not in head:
            return stream.rstrip(b"\r\n")
        unpacked = zlib.decompressobj()
        try:
            data = unpacked.decompress(stream, MOST_BYTES)
        except zlib.error:
            raise NoStatement("pdf") from None
        if unpacked.unconsumed_tail:
            raise NoStatement("large")
        return data
    raise NoStatement("pdf")


def _archived(data: bytes) -> Iterator[tuple[str, Any]]:
    """Every JSON of the archive; where there is none, every PDF that encloses one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [info for info in archive.infolist() if not info.is_dir()]
            if sum(info.file_size for info in names) > 20 * MOST_BYTES:
                raise NoStatement("large")
            chosen = [i for i in names if _is_statement(i.filename)]
            chosen = chosen or [i for i in names if i.filename.lower().endswith(".pdf")]
            if not chosen:
                raise NoStatement("zip")
            for info in chosen:
                if info.file_size > MOST_BYTES:
                    raise NoStatement("large")
                for _name, parsed in statements_in(info.filename, archive.read(info)):
                    if not _is_other(parsed):
                        yield info.filename, parsed
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        raise NoStatement("zip") from None


def _is_statement(name: str) -> bool:
    return name.lower().endswith(".json")


def _is_other(parsed: Any) -> bool:
    """A JSON of the archive that is no statement, such as its list of contents."""
    return not (isinstance(parsed, dict) and "document" in parsed)
