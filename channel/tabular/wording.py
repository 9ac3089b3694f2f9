"""Texts as people type them, brought to one spelling before they are compared or parsed.

Full-width letters and digits become half-width, invisible characters go, and Chinese names
keep their own punctuation.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Zero-width characters and the byte order mark, which no eye sees and every comparison does.
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD], None)
_FULL_WIDTH_WORD = {0xFF10 + i: 0x30 + i for i in range(10)}
_FULL_WIDTH_WORD |= {0xFF21 + i: 0x41 + i for i in range(26)}
_FULL_WIDTH_WORD |= {0xFF41 + i: 0x61 + i for i in range(26)}
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_LABEL_NOISE = re.compile(r"[\s_\-./\\()\[\]{}<>:;,'\"*#&·、,。:;()【】《》“”‘’%¥$]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def clean(text: str) -> str:
    """Trimmed, without invisible characters, full-width letters and digits narrowed.

    Text with Chinese characters keeps its punctuation, because a firm's name may hold brackets;
    text without any is folded wholly (NFKC), because a full-width SKU is a code.
    """
    if text.isascii():
        return text.strip()
    text = text.translate(_INVISIBLE)
    if _HAN.search(text):
        return text.translate(_FULL_WIDTH_WORD).strip()
    return unicodedata.normalize("NFKC", text).strip()


def folded(text: str) -> str:
    """NFKC of the whole text, for numbers, dates and codes where punctuation has no style."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_INVISIBLE))


@lru_cache(maxsize=65_536)
def label_key(label: str) -> str:
    """A column label without case, blanks, marks and camel humps: «Unit Price*» → unitprice."""
    spaced = _CAMEL.sub(" ", folded(label))
    return _LABEL_NOISE.sub("", spaced).casefold()
