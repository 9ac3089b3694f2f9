"""Finding code → a sentence with its numbers and a remedy, in the reader's language.

Cores and rules speak in codes and facts; the words stand here, once, for pages, mails and files.
"""

from __future__ import annotations

from channel.messages import (  # noqa: F401  # each registers its sentences
    approvals,
    cash,
    channel_stock,
    clauses,
    closing,
    coded,
    conduct,
    credit_policies,
    deliveries,
    deposits,
    diversions,
    dunning,
    exceptions,
    exchanges,
    files,
    goods,
    limits,
    margins,
    market,
    partners,
    payment,
    people,
    pools,
    rebates,
    rebates_desk,
    rebates_evidence,
    rebates_pool,
    rebates_trials,
    returns,
    scores,
    selling,
    statements,
    stock,
    stock_advice,
    stock_checks,
    supports,
    targets,
    territories,
    uploads,
)
from channel.messages.texts import Text, remedy, sentence
from channel.messages.values import format_date, format_fact, format_fen, format_money

__all__ = [
    "Text",
    "format_date",
    "format_fact",
    "format_fen",
    "format_money",
    "remedy",
    "sentence",
]
