"""The terms of an agreement version in words: eleven numbered clauses, Chinese and English.

The words are frozen into the printed document, so that a later change of wording never changes
a contract that was signed.
"""

from __future__ import annotations

from channel.documents import clauses_conduct as conduct
from channel.documents import clauses_selling as selling
from channel.documents.clause_words import HEADINGS, METHODS, Clause, Names
from channel.documents.clauses_payout import payout
from channel.documents.clauses_replies import replies
from channel.documents.clauses_reports import reports
from contracts.agreement import Terms

__all__ = ["HEADINGS", "METHODS", "Clause", "Names", "clauses_of"]


def clauses_of(terms: Terms, names: Names) -> list[Clause]:
    """All eleven clauses; one that the agreement leaves open says so."""
    written = [
        selling.territory(terms, names),
        selling.price(terms),
        [*selling.targets(terms, names), *payout(terms)],
        [*selling.payment(terms), *selling.deposit(terms, names)],
        conduct.promotions(terms),
        conduct.incidents(terms),
        conduct.exchange(terms),
        conduct.delivery(terms, names),
        conduct.display(terms),
        conduct.places(terms),
        [
            *conduct.other(terms),
            *reports(terms),
            *replies(terms),
            *conduct.obligations(terms),
            *conduct.stay(terms, names),
        ],
    ]
    return [
        {"number": number, "zh": [zh for zh, _ in lines], "en": [en for _, en in lines]}
        for number, lines in enumerate(written, start=1)
    ]
