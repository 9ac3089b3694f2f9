"""The printing press: HTML in, PDF bytes out, with the product's own fonts and nothing else.

Fonts are read once per process. Whatever a page names outside channel/static is refused, be it
a file, an address or a data URL.
"""

from __future__ import annotations

import ctypes.util
import datetime as dt
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetchingError

STATIC = Path(__file__).resolve().parents[1] / "static"
STYLES = Path(__file__).resolve().parents[2] / "templates" / "pdf"
FONTS = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")


class StaticOnly(URLFetcher):  # type: ignore[misc]
    """Opens files below channel/static and refuses every other address."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False)

    def fetch(self, url: str, headers: Any = None) -> Any:
        """The file; URLFetchingError for anything that is not below channel/static."""
        parts = urlsplit(url)
        if parts.scheme != "file" or parts.netloc:
            raise URLFetchingError(f"not a file of the product: {url}")
        path = Path(unquote(parts.path)).resolve()
        if not path.is_relative_to(STATIC) or not path.is_file():
            raise URLFetchingError(f"not a file of the product: {url}")
        return super().fetch(path.as_uri(), headers)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file inside a PDF that is kept for good; `on` is the day of the document."""

    name: str
    data: bytes
    said: str
    on: dt.date


@lru_cache(maxsize=1)
def _fonts() -> tuple[FontConfiguration, StaticOnly]:
    """Read once per process: tens of milliseconds a document saved."""
    return FontConfiguration(), StaticOnly()


@lru_cache(maxsize=4)
def _sheet(name: str) -> CSS:
    fonts, fetcher = _fonts()
    return CSS(
        string=(STYLES / name).read_text(encoding="utf-8"),
        base_url=STATIC.as_uri() + "/",
        url_fetcher=fetcher,
        font_config=fonts,
    )


def warm_up() -> None:
    """Reads fonts and style now rather than with the first document."""
    _sheet("pdf.css")


def print_pdf(html: str, sheet: str = "pdf.css") -> bytes:
    """PDF bytes; the same text gives the same bytes in any process on any day."""
    fonts, fetcher = _fonts()
    page = HTML(string=html, base_url=STATIC.as_uri() + "/", url_fetcher=fetcher)
    printed: bytes = page.write_pdf(stylesheets=[_sheet(sheet)], font_config=fonts)
    return printed


def print_for_good(html: str, enclosed: Sequence[Enclosed] = (), more: str = "") -> bytes:
    """A tagged PDF/A-3 (level A) with files inside; the same input gives the same bytes.

    `more` is a style sheet beside the common one. Whatever the page needs is in the file: fonts,
    colour profile, the order of reading, and the data that it was made from.
    """
    fonts, fetcher = _fonts()
    page = HTML(string=html, base_url=STATIC.as_uri() + "/", url_fetcher=fetcher)
    sheets = [_sheet(name) for name in ("pdf.css", more) if name]
    with warnings.catch_warnings():
        # The renderer leaves its colour profile to the collector instead of closing it.
        warnings.simplefilter("ignore", ResourceWarning)
        printed: bytes = page.write_pdf(
            stylesheets=sheets,
            font_config=fonts,
            pdf_variant="pdf/a-3a",
            attachments=[_attachment(one) for one in enclosed],
        )
        del page
    return printed


def _attachment(one: Enclosed) -> Attachment:
    # The clock is never asked: a date of now would change the bytes.
    noon = dt.datetime.combine(one.on, dt.time(12), tzinfo=dt.UTC)
    return Attachment(
        string=one.data,
        name=one.name,
        description=one.said,
        created=noon,
        modified=noon,
        relationship="Source",
    )


def press_faults() -> list[str]:
    """What keeps this machine from printing well; empty when all is there.

    Without harfbuzz-subset WeasyPrint still prints, ten times slower.
    """
    faults = [f"font missing: {name}" for name in FONTS if not (STATIC / "fonts" / name).is_file()]
    if ctypes.util.find_library("harfbuzz-subset") is None:
        faults.append("library missing: harfbuzz-subset (Debian: libharfbuzz-subset0)")
    return faults
