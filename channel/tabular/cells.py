"""One cell's text → a typed value, or a `CellError` that says what is wrong with it.

Errors are values: nothing raises on what a person typed, and nothing is guessed at. Dates live
in dates.py under the same rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from channel.tabular.dates import CellError, DateOrder, parse_date
from channel.tabular.wording import folded

__all__ = [
    "CellError", "Choices", "DateOrder", "DecimalMark", "parse_bool", "parse_choice",
    "parse_date", "parse_decimal", "parse_integer", "parse_rate_bp",
]  # fmt: skip

#: What stands before the decimals: «1,234.50» is "point", «1.234,50» is "comma".
DecimalMark = Literal["point", "comma"]

_CURRENCY = re.compile(r"^(?:CNY|RMB|USD|EUR|GBP|CAD|AUD|HKD|¥|\$|€|£)|(?:元|圆)$")
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_GROUPED = re.compile(r"\d{1,3}(?:([, '’])\d{3})(?:\1\d{3})*(?:\.\d*)?")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_MINUS = dict.fromkeys(map(ord, "−–—‒"), "-")
_SWAP = str.maketrans({",": ".", ".": ","})

_TRUE = frozenset({"是", "真", "有", "对", "√", "✓", "yes", "y", "true", "t", "1", "on"})
_FALSE = frozenset({"否", "假", "无", "不", "×", "no", "n", "false", "f", "0", "off"})


@lru_cache(maxsize=65_536)
def _number(text: str, mark: DecimalMark) -> Decimal | CellError:
    """The exact number behind a text with signs, currency marks and thousands separators."""
    body = folded(text).strip().translate(_MINUS)
    if body.startswith("~"):
        return CellError("cell.digits_lost", {"value": text[1:]})
    if _SCIENTIFIC.fullmatch(body):
        return CellError("cell.scientific", {"value": text})
    negative = False
    if body.startswith("(") and body.endswith(")"):
        negative, body = True, body[1:-1].strip()
    if body.endswith("-") and not body.startswith("-"):
        negative, body = not negative, body[:-1].strip()
    body, signed = _without_sign(body)
    body = _CURRENCY.sub("", _CURRENCY.sub("", body).strip()).strip()
    body, signed_inside = _without_sign(body)
    if (negative, signed, signed_inside).count(True) > 1:
        return CellError("cell.not_number", {"value": text})
    negative = negative or signed or signed_inside
    if mark == "comma":
        body = body.translate(_SWAP)
    if not (_PLAIN.fullmatch(body) or _GROUPED.fullmatch(body)) or not body.isascii():
        code = "cell.comma_decimal" if re.fullmatch(r"\d+,\d+", body) else "cell.not_number"
        return CellError(code, {"value": text})
    number = Decimal(re.sub(r"[, '’]", "", body))
    return -number if negative and number else number


def _without_sign(body: str) -> tuple[str, bool]:
    if body[:1] in ("-", "+"):
        return body[1:].strip(), body[0] == "-"
    return body, False


def parse_decimal(
    text: str,
    *,
    scale_max: int = 4,
    minimum: Decimal | None = None,
    maximum: Decimal = Decimal("999999999999"),
    mark: DecimalMark = "point",
) -> Decimal | CellError:
    """«8,704», «¥5,496.31», «(12.30)», «−5» → Decimal, exactly.

    More than `scale_max` decimals (trailing zeros aside) are an error, never rounded; `minimum`
    and `maximum` are inclusive.
    """
    number = _number(text, mark)
    if isinstance(number, CellError):
        return number
    if minimum is not None and number < minimum:
        code = "cell.negative" if minimum == 0 else "cell.too_small"
        return CellError(code, {"value": text, "least": minimum})
    if abs(number) > maximum:
        return CellError("cell.too_big", {"value": text, "most": maximum})
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > scale_max:
        return CellError("cell.too_many_decimals", {"value": text, "decimals": scale_max})
    return number


def parse_integer(
    text: str,
    *,
    minimum: int | None = None,
    maximum: int = 10**12,
    mark: DecimalMark = "point",
) -> int | CellError:
    """A whole number; «78.0» is one, «78.5» is not."""
    number = parse_decimal(
        text,
        scale_max=18,
        minimum=None if minimum is None else Decimal(minimum),
        maximum=Decimal(maximum),
        mark=mark,
    )
    if isinstance(number, CellError):
        return number
    if number != number.to_integral_value():
        return CellError("cell.not_integer", {"value": text})
    return int(number)


def parse_rate_bp(text: str, *, mark: DecimalMark = "point") -> int | CellError:
    """«13%», «13» and «0.13» → 1300 basis points; bare numbers below 1 are fractions."""
    body = folded(text).strip()
    percent = body.endswith("%")
    number = parse_decimal(body.rstrip("%"), scale_max=6, minimum=Decimal(0), mark=mark)
    if isinstance(number, CellError):
        return CellError(number.code, {**number.facts, "value": text})
    fraction = number / 100 if percent or number >= 1 else number
    points = fraction * 10_000
    if points != points.to_integral_value() or points > 10_000:
        return CellError("cell.not_rate", {"value": text})
    return int(points)


def parse_bool(text: str) -> bool | CellError:
    """是/否, yes/no, true/false, 1/0, √/×."""
    word = folded(text).strip().casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    return CellError("cell.not_bool", {"value": text})


@dataclass(frozen=True)
class Choices:
    """Allowed values and the words that people write for them: value → words."""

    words: Mapping[str, tuple[str, ...]]
    _by_word: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for value, words in self.words.items():
            for word in (value, *words):
                self._by_word[folded(word).strip().casefold()] = value

    def find(self, text: str) -> str | None:
        """The value that this word stands for, or None."""
        return self._by_word.get(folded(text).strip().casefold())


def parse_choice(text: str, choices: Choices) -> str | CellError:
    """The value whose word this is; the error lists the allowed ones."""
    value = choices.find(text)
    if value is None:
        allowed = tuple(words[0] if words else value for value, words in choices.words.items())
        return CellError("cell.not_allowed", {"value": text, "allowed": allowed})
    return value
