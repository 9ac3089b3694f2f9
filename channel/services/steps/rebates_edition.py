"""What a statement is frozen with since its second edition: how it was computed, and where to look.

The computation is done once more from the stored facts, so that the tier tables and conditions on
paper are those of the entitlement that is posted, or nothing is posted.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from flask import current_app

from channel.db import db
from channel.documents.derived import derived
from channel.documents.model import StatementInconsistentError
from channel.documents.parts import SecondEdition, Verification
from channel.models.catalogue import Product, ProductGroup
from channel.models.rebates import RebateStatement
from channel.queries.rebates_settling import with_cap_on
from contracts.rebates.compute import compute
from contracts.rebates.figures import facts_from_json
from contracts.rebates.model import RebateTerms

#: Without letters and figures that are mistaken for one another.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 20


def edition_of(
    statement: RebateStatement, terms: RebateTerms, number: str, names: dict[str, str]
) -> SecondEdition:
    """The fields of the second edition; empty where the facts were not kept.

    `names` is filled when a policy with parts first needs it, once for all statements of a run.

    Raises StatementInconsistentError when the facts give another rebate than was proposed.
    """
    if statement.facts is None:
        return SecondEdition()
    facts = facts_from_json(statement.facts)
    earlier_fen = statement.facts.get("earlier_fen")
    # The cap of one settlement period, on top of what the periods before it were granted.
    capped = terms if earlier_fen is None else with_cap_on(terms, int(earlier_fen))
    result = compute(capped, facts, statement.currency)
    if result.entitlement_fen != statement.entitlement_fen:
        raise StatementInconsistentError(
            f"{number}: its facts give {result.entitlement_fen}, not {statement.entitlement_fen}"
        )
    found = derived(terms, result)
    found["line_count"] = statement.line_count
    if earlier_fen is not None:
        found["earlier_fen"] = int(earlier_fen)
    found["verify"] = verification(number)
    parts = [part["name"] for part in found["parts"] if part["name"]]
    if parts:
        names |= {} if names else _read_names()
        found["names"] = {code: names[code] for code in parts if code in names}
    return found


def verification(number: str) -> Verification:
    """A code that nobody guesses, and the address that the paper carries for good."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    base_url = current_app.config["WEIR"].base_url.rstrip("/")
    return Verification(code=code, url=f"{base_url}/verify/{number}/{code}")


def _read_names() -> dict[str, str]:
    """Product and product group codes → names, as they are called on the day of posting."""
    found: dict[str, str] = {}
    for model in (ProductGroup, Product):
        found |= dict(db.session.execute(sa.select(model.code, model.name)).all())
    return found
