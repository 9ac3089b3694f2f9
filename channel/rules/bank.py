"""Lines of a bank statement: what makes one line that line, and which distributor it is from.

Pure. A line that fits two distributors fits none: it waits for a person.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from channel.rules.collection import plain_name

#: What a line is matched by, in this order.
ACCOUNT, NAME, ALIAS, NUMBER = WAYS = ("account", "name", "alias", "number")
UNKNOWN, AMBIGUOUS, OUTGOING, HAND = "unknown", "ambiguous", "outgoing", "hand"

#: What may be the number of a document: letters, digits and dashes with a digit among them.
_TOKEN = re.compile(r"[0-9A-Z][0-9A-Z_-]{3,}")
#: So many candidates are named to the person who decides.
NAMED_MOST = 4


@dataclass(frozen=True)
class Line:
    """What a bank says of one movement; `amount_fen` is negative for money that went out."""

    booked_on: date
    amount_fen: int
    payer_name: str = ""
    payer_account: str = ""
    purpose: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Known:
    """What the house knows, folded: account, name or document number → distributors."""

    accounts: Mapping[str, Collection[int]] = field(default_factory=dict)
    names: Mapping[str, Collection[int]] = field(default_factory=dict)
    aliases: Mapping[str, Collection[int]] = field(default_factory=dict)
    numbers: Mapping[str, Collection[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """The distributor and by what it was found; without one, between which it stands."""

    distributor_id: int | None
    reason: str
    evidence: str = ""
    candidates: tuple[int, ...] = ()


def plain_account(text: str) -> str:
    """An account number without blanks and dashes, half-width."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in folded if c.isalnum())


def tokens(text: str) -> list[str]:
    """What in a purpose may be the number of a document, in its order."""
    folded = unicodedata.normalize("NFKC", text).upper()
    found = (t.strip("-_") for t in _TOKEN.findall(folded))
    return list(dict.fromkeys(t for t in found if len(t) > 3 and any(c.isdigit() for c in t)))


def match(line: Line, known: Known) -> Match:
    """The distributor of a line, by the first way that knows exactly one.

    A way that knows several ends the search: a weaker hint never settles what a stronger one
    leaves open.
    """
    if line.amount_fen < 0:
        return Match(None, OUTGOING)
    account, name = plain_account(line.payer_account), plain_name(line.payer_name)
    hints: list[tuple[str, Mapping[str, Collection[int]], Iterable[str], str]] = [
        (ACCOUNT, known.accounts, [account] if account else [], line.payer_account),
        (NAME, known.names, [name] if name else [], line.payer_name),
        (ALIAS, known.aliases, [name] if name else [], line.payer_name),
        (NUMBER, known.numbers, tokens(line.purpose), ""),
    ]
    for reason, owners, words, shown in hints:
        hit = [word for word in words if word in owners]
        found = sorted({owner for word in hit for owner in owners[word]})
        if len(found) == 1:
            return Match(found[0], reason, shown or ", ".join(hit[:NAMED_MOST]))
        if found:
            return Match(None, AMBIGUOUS, shown or ", ".join(hit[:NAMED_MOST]), tuple(found))
    return Match(None, UNKNOWN)


def fingerprint(line: Line, currency: str, nth: int = 0) -> str:
    """What makes a line that line in every file that brings it, as a hash.

    The bank's own number with day and amount; where a bank gives none, day, amount, account, name
    and purpose, and `nth` where the same file holds several that are alike in all of these.
    """
    amount = f"{line.amount_fen}{currency}"
    if line.reference.strip():
        parts = [
            "ref",
            plain_account(line.reference) or line.reference,
            str(line.booked_on),
            amount,
        ]
    else:
        parts = [
            "line", str(line.booked_on), amount, plain_account(line.payer_account),
            plain_name(line.payer_name), plain_name(line.purpose), str(nth),
        ]  # fmt: skip
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
