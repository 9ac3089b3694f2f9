"""Clause 4 of the contract: money comes by an agreed method and from the distributor itself.

Pure. What is found parks the receipt until a second person has looked at it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from contracts.values.findings import Finding, block

#: Marks that banks and people set differently in the same name.
_MARKS = dict.fromkeys(map(ord, " \u3000·•.,，。-_'\"“”‘’"))


def plain_name(name: str) -> str:
    """A firm's name without what banks write differently: width, case, spaces, marks."""
    return unicodedata.normalize("NFKC", name).casefold().translate(_MARKS)


def check_receipt(
    method: str,
    allowed: Collection[str] | None,
    payer: str,
    distributor: str,
    tax_name: str = "",
) -> list[Finding]:
    """What keeps a receipt from counting; `allowed` None where no contract says anything.

    A payer that is not named is the distributor itself; the name that stands on its invoices is
    its own as well.
    """
    found = []
    if allowed is not None and method not in allowed:
        found.append(block("receipt.method_not_allowed", methods=tuple(allowed), method=method))
    own = {plain_name(name) for name in (distributor, tax_name) if name}
    if payer.strip() and plain_name(payer) not in own:
        found.append(block("receipt.payer_differs", payer=payer, distributor=distributor))
    return found
