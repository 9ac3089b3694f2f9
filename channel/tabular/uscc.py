"""The unified social credit code of a Chinese firm (GB 32100-2015): is it well formed?

Says nothing about whether the firm exists, nor where it may sell: the division inside the code
is the place of registration.
"""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

#: Authority and kind may be letters (N for rural collectives), the division is six digits.
_SHAPE = re.compile(rf"[{ALPHABET}]{{2}}\d{{6}}[{ALPHABET}]{{10}}")


def check_character(body: str) -> str:
    """The 18th character for the first seventeen; remainder 0 gives 0, not the 31st letter."""
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(body, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def uscc_fault(code: str) -> str:
    """'' when valid, else "shape" or "check" (one character was mistyped)."""
    if not _SHAPE.fullmatch(code):
        return "shape"
    return "" if check_character(code[:17]) == code[17] else "check"


def registered_division(code: str) -> str:
    """The six digits of the division where the firm was registered, e.g. 511083."""
    return code[2:8]


def is_sole_trader(code: str) -> bool:
    """Kind 92: 个体工商户, a person in business rather than a company."""
    return code.startswith("92")
