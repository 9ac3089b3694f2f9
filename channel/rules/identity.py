"""Who a firm is on paper: its unified social credit code (GB 32100-2015) and its licence.

A passing code does not prove that the firm exists, and the division inside it is the place of
registration, never the sales territory.
"""

from __future__ import annotations

import re
from datetime import date

from stdnum.cn import uscc as standard

from contracts.values.findings import Finding, block, warn

#: Digits and capital letters without I, O, S, V and Z.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

#: Authority and kind may be letters: codes of rural collectives begin with N. The library
#: wants eight digits first and would refuse them; its check character is right, also for the
#: remainder 0, which gives «0».
_SHAPE = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")

#: Days before the end of the licence from which on it is warned of.
LICENCE_NOTICE_DAYS = 30

#: Kinds of distributor that the code itself tells.
_KINDS = {"91": "company", "92": "sole_trader", "93": "cooperative"}


def compact(text: str) -> str:
    """The code as it is stored: capitals, no spaces or hyphens, full-width made half-width."""
    half = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    return re.sub(r"[\s-]", "", half).upper()


def check_character(body: str) -> str:
    """The 18th character for the first seventeen."""
    return str(standard.calc_check_digit(body))


def uscc_fault(code: str) -> str:
    """'' when valid, else "shape" or "check" (one character was mistyped)."""
    if not _SHAPE.fullmatch(code):
        return "shape"
    return "" if check_character(code[:17]) == code[17] else "check"


def registered_division(code: str) -> str:
    """The six digits of the division where the firm was registered, e.g. 511083."""
    return code[2:8]


def kind_of(code: str) -> str | None:
    """company, sole_trader (个体工商户) or cooperative; None where the code does not tell."""
    return _KINDS.get(code[:2])


def check_uscc(code: str | None, kind: str) -> list[Finding]:
    """What is wrong with the code of a distributor of this kind.

    `identity.uscc_shape` and `identity.uscc_check` refuse it; a firm without one is warned of
    unless it is abroad, and so is a code that tells another kind.
    """
    if not code:
        return [] if kind == "foreign" else [warn("identity.uscc_missing")]
    fault = uscc_fault(code)
    if fault:
        return [block(f"identity.uscc_{fault}", code, uscc=code)]
    told = kind_of(code)
    if told is not None and told != kind:
        return [warn("identity.kind_differs", code, uscc=code, told=told, entered=kind)]
    return []


def check_licence(licence_until: date | None, on: date) -> list[Finding]:
    """Warn of a licence that ends within thirty days or has ended; its last day still counts."""
    if licence_until is None:
        return []
    days = (licence_until - on).days
    if days < 0:
        return [warn("identity.licence_expired", "", until=licence_until, days=-days)]
    if days <= LICENCE_NOTICE_DAYS:
        return [warn("identity.licence_expiring", "", until=licence_until, days=days)]
    return []


def check_identity(
    code: str | None, kind: str, licence_until: date | None, on: date
) -> list[Finding]:
    """All that is to be said of a firm's papers on this day."""
    return check_uscc(code, kind) + check_licence(licence_until, on)


def masked_phone(text: str) -> str:
    """138****8000 for those who need not ring; short and odd numbers show their end only."""
    digits = text.strip()
    if len(digits) < 8:
        return "****" + digits[-2:] if digits else ""
    return f"{digits[:3]}****{digits[-4:]}"
