"""Words of the rebate desk: replies to statements, disputes of their lines, exports and mails."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields, register_values
from channel.messages.dunning import DISPUTE_REASONS
from channel.messages.states import register_states
from channel.messages.texts import WORDS, Text, register

#: What of a statement can be contested; they stand as grounds in the list of disputes.
LINE_KINDS: dict[str, Any] = {
    "base": _l("a line of the base"),
    "line": _l("an invoice line"),
    "missing": _l("missing in the base"),
    "tier": _l("a tier"),
    "condition": _l("a condition"),
    "granted": _l("granted before"),
}
#: Grounds of disputes of invoices and of statement lines.
GROUNDS: dict[str, Any] = {**DISPUTE_REASONS, **LINE_KINDS}
CORRECTIONS: dict[str, Any] = {
    "run": _l("by the next run of the period"),
    "document": _l("by a document of its own"),
}
FORMATS: dict[str, Any] = {
    "zip": _l("archive of PDFs"),
    "csv": "CSV",
    "xlsx": "XLSX",
    "json": "JSON",
    "pdf": _l("one PDF"),
}

register_states(
    {
        "to_correct": (_l("to be put right"), "orange"),
        "reply_waiting": (_l("waits for the reply"), "azure"),
        "reply_confirmed": (_l("confirmed"), "green"),
        "reply_silence": (_l("confirmed by silence"), "green"),
        "reply_open": (_l("no reply came"), "orange"),
        "review_back": (_l("taken back"), "red"),
        "review_shut": (_l("a condition left nothing"), "red"),
        "review_fell": (_l("fell a tier"), "orange"),
        "review_new": (_l("new"), "azure"),
        "review_rose": (_l("rose a tier"), "green"),
        "freed": (_l("no longer in dispute"), "secondary"),
    }
)


def line_words(dispute: Any) -> str:
    """What is contested, in the reader's language: «a line of the base: 2026-08 SAUCE 酱类»."""
    label = str(dispute.line_label)
    if dispute.line_kind == "condition":
        label = str(WORDS.get("condition", {}).get(label, label))
    kind = str(LINE_KINDS.get(dispute.line_kind, ""))
    return f"{kind}{_(':')} {label}" if label else kind


SUBJECTS |= {
    "statement_reply": _l("reply to a statement"),
    "statement_export": _l("export of statements"),
}
register_acts(
    {
        "dispute:say": _l("wrote in the dispute"),
        "dispute:answer": _l("answered the dispute"),
        "dispute:withdraw": _l("took the dispute back"),
        "dispute:correct": _l("put right what was disputed"),
        "dispute:escalate": _l("escalated to the owner"),
        "statement:confirm": _l("confirmed the statement"),
        "statement:silence": _l("counted silence as confirmation"),
        "statement_export:make": _l("exported the statements"),
        "rebate_run:mail": _l("ordered the mails to the distributors"),
    }
)
register_fields(
    {
        "statement": _l("statement"),
        "held_fen": _l("held in the pool"),
        "correction": _l("put right"),
        "corrected_by": _l("document"),
        "answer_by": _l("to be answered by"),
        "excepted": _l("but for the disputes"),
        "reply_by": _l("reply until"),
        "format": _l("format"),
        "export": _l("export"),
    }
)
register_values({"correction": CORRECTIONS, "format": FORMATS})
register(
    {
        "dispute.not_its_line": Text(
            _l("%(subject)s line %(line)s does not count towards this statement."),
            _l("Take number and line from the statement's invoice lines, or choose «missing»."),
        ),
        "dispute.figure_needed": Text(
            _l("What is missing needs a figure."), _l("Enter the value that should count.")
        ),
        "dispute.line_needed": Text(
            _l("This line is not on the statement."), _l("Choose one of the list.")
        ),
        "dispute.line_standing": Text(
            _l("This line is disputed already: %(number)s."), _l("Write in that dispute.")
        ),
        "dispute.late": Text(
            _l("Objections to this statement were due by %(day)s."),
            _l("Speak to finance, who may still open a dispute."),
        ),
        "dispute.confirmed": Text(
            _l("This statement is confirmed."),
            _l("Speak to finance, who may still open a dispute."),
        ),
        "dispute.of_invoice": Text(
            _l("This dispute is about an invoice."), _l("Close it with an outcome.")
        ),
        "dispute.own": Text(
            _l("Who raised a dispute does not answer it."), _l("Ask a second person.")
        ),
        "dispute.not_yours": Text(
            _l("Only who raised the dispute takes it back."), _l("Answer it instead.")
        ),
        "dispute.answer_needed": Text(
            _l("The answer needs its reason."), _l("Write what was looked at and what came of it.")
        ),
        "dispute.correction_needed": Text(
            _l("It is not said how this is put right."),
            _l("Choose the next run or a document of its own."),
        ),
        "dispute.document_needed": Text(
            _l("The document that puts it right is not named."), _l("Enter its number.")
        ),
        "rebate.reply.signed": Text(
            _l("This statement is confirmed already."), _l("Reload the page.")
        ),
        "rebate.run.to_correct": Text(
            _l("%(number)s of %(distributor)s was accepted and waits to be put right: %(line)s."),
            _l("Posting a statement of the same period closes it."),
        ),
        "rebate.export.empty": Text(
            _l("No statement was posted for these days."), _l("Choose another period.")
        ),
        "rebate.export.days": Text(
            _l("The last day lies before the first."), _l("Choose a later last day.")
        ),
    }
)
