"""Amounts in capital Chinese numerals, as cheques, receipts and statements demand them.

One spelling is fixed where the payment rules of the central bank (支付结算办法, annex) allow two.
"""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUP = 4
_MYRIADS = ("", "万", "亿", "万")
_LARGEST_FEN = 10**18 - 1


def amount_in_words(fen: int) -> str:
    """The amount as 人民币…, from whole fen; the sign follows the currency as 负.

    To the yuan it ends in 整, to jiao or fen it does not. A run of zeros is read as one 零;
    a single zero in the place of 元, 万 or 亿 before another figure is not read, which the
    rules leave free. ValueError from ten thousand trillion yuan (10^16) upwards.
    """
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise TypeError(f"fen are whole numbers, not {fen!r}")
    size = abs(fen)
    if size > _LARGEST_FEN:
        raise ValueError(f"too large to be written in words: {fen}")
    if not size:
        return "人民币零元整"
    yuan, cents = divmod(size, 100)
    words = _yuan(yuan) + _cents(yuan, *divmod(cents, 10))
    return ("人民币负" if fen < 0 else "人民币") + words


def _yuan(yuan: int) -> str:
    """The part before 角, with 元; nothing at all below one yuan."""
    if not yuan:
        return ""
    figures = str(yuan)
    words: list[str] = []
    zeros = 0
    for index, figure in enumerate(figures):
        place = len(figures) - 1 - index
        if figure == "0":
            zeros += 1
        else:
            if _is_read(zeros, place + 1):
                words.append("零")
            zeros = 0
            words.append(_DIGITS[int(figure)] + _PLACES[place % _GROUP])
        if place % _GROUP == 0:
            words.append(_myriad(yuan, place // _GROUP))
    return "".join(words) + "元"


def _is_read(zeros: int, last_place: int) -> bool:
    """Whether a run of zeros whose last one stands in this place (元 = 0) is read as 零."""
    return zeros > 1 or (zeros == 1 and last_place % _GROUP != 0)


def _myriad(yuan: int, group: int) -> str:
    """The word after a group of four figures; an empty group has none, save 亿 below 万亿."""
    in_group = yuan // 10 ** (group * _GROUP) % 10**_GROUP
    return _MYRIADS[group] if in_group or _MYRIADS[group] == "亿" else ""


def _cents(yuan: int, jiao: int, fen: int) -> str:
    """The part after 元."""
    if not jiao and not fen:
        return "整"
    words = ""
    zeros_before = len(str(yuan)) - len(str(yuan).rstrip("0")) if yuan else 0
    if yuan and (jiao == 0 or _is_read(zeros_before, 0)):
        words = "零"
    if jiao:
        words += _DIGITS[jiao] + "角"
    if fen:
        words += _DIGITS[fen] + "分"
    return words
