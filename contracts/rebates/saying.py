"""How a sentence of the reading is made: a note under `rebate.reads.` with its facts."""

from __future__ import annotations

from contracts.rebates.model import RebateTerms
from contracts.values.findings import Fact, Finding, Severity


def say(terms: RebateTerms, word: str, /, **facts: Fact) -> Finding:
    """The sentence `rebate.reads.<word>`; its subject is the policy's code."""
    return Finding(f"rebate.reads.{word}", Severity.INFO, subject=terms.code, facts=facts)
