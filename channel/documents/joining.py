"""Several PDFs as one, page after page, in the order given; the same files give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable

from pypdf import PdfReader, PdfWriter


def join_pdfs(papers: Iterable[tuple[str, bytes]]) -> bytes:
    """One PDF of (title, PDF) pairs; each begins at a bookmark with its title."""
    writer = PdfWriter()
    for title, data in papers:
        writer.append(PdfReader(io.BytesIO(data)), outline_item=title, import_outline=False)
    # Fonts that several papers share are kept once.
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
