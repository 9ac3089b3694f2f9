"""How rebate statements are replied to, in words, as a part of the eleventh clause."""

from __future__ import annotations

from channel.documents.clause_words import Lines
from contracts.agreement import Terms


def replies(terms: Terms) -> Lines:
    """Days to object and what silence means; nothing where the house's rule holds."""
    lines: Lines = []
    clause = terms.replies
    if clause.days is not None:
        lines.append(
            (
                f"乙方对返利结算单有异议的，应在结算单过账之日起 {clause.days} 日内逐项提出。",
                f"Objections to a rebate statement are raised line by line within {clause.days} "
                "days of its posting.",
            )
        )
    if clause.silence == "confirms":
        lines.append(
            (
                "期满未提出异议的，视为乙方确认结算单。",
                "Where no objection is raised in time, the statement counts as confirmed.",
            )
        )
    elif clause.silence == "open":
        lines.append(
            (
                "期满未提出异议的，不视为确认，结算单以乙方书面确认为准。",
                "Where no objection is raised in time, the statement is not confirmed thereby; it "
                "needs the distributor's own confirmation.",
            )
        )
    return lines
