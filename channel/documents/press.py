"""The printing press: HTML in, PDF bytes out, with the product's own fonts and nothing else.

Fonts are read once per process. Whatever a page names outside channel/static is refused, be it
a file, an address or a data URL.
"""

from __future__ import annotations

import ctypes.util
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetchingError

STATIC = Path(__file__).resolve().parents[1] / "static"
STYLE = Path(__file__).resolve().parents[2] / "templates" / "pdf" / "pdf.css"
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


@lru_cache(maxsize=1)
def _tools() -> tuple[FontConfiguration, CSS, StaticOnly]:
    """Fonts and style sheet, read once per process: tens of milliseconds a document saved."""
    fonts, fetcher = FontConfiguration(), StaticOnly()
    sheet = CSS(
        string=STYLE.read_text(encoding="utf-8"),
        base_url=STATIC.as_uri() + "/",
        url_fetcher=fetcher,
        font_config=fonts,
    )
    return fonts, sheet, fetcher


def warm_up() -> None:
    """Reads fonts and style now rather than with the first document."""
    _tools()


def print_pdf(html: str) -> bytes:
    """PDF bytes; the same text gives the same bytes in any process on any day."""
    fonts, sheet, fetcher = _tools()
    page = HTML(string=html, base_url=STATIC.as_uri() + "/", url_fetcher=fetcher)
    printed: bytes = page.write_pdf(stylesheets=[sheet], font_config=fonts)
    return printed


def press_faults() -> list[str]:
    """What keeps this machine from printing well; empty when all is there.

    Without harfbuzz-subset WeasyPrint still prints, ten times slower.
    """
    faults = [f"font missing: {name}" for name in FONTS if not (STATIC / "fonts" / name).is_file()]
    if ctypes.util.find_library("harfbuzz-subset") is None:
        faults.append("library missing: harfbuzz-subset (Debian: libharfbuzz-subset0)")
    return faults
