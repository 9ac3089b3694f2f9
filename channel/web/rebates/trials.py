"""Trials: a version of a policy replayed over past periods, before anyone signs it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.documents.statement import plain
from channel.messages.rebates_words import ENROL_WORDS
from channel.queries import partners, rebates_looks, rebates_policies
from channel.queries import rebates_trials as reads
from channel.queries.rebates_runs import names_of
from channel.services import rebates_trials as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.fields import as_choices
from channel.web.forms.rebates_trials import TrialForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, is_partial, page, see_other, show
from channel.web.rebates.baselines import evidence_tabs
from channel.web.rebates.blueprint import bp, period_words
from contracts.rebates.compute import compute
from contracts.rebates.figures import facts_from_json
from contracts.values.findings import block
from contracts.values.periods import Period, preceding

#: Where a refusal of the use case belongs on the form.
PLACES = {
    "rebate.trial.unreadable": "first",
    "rebate.trial.backwards": "last",
    "rebate.trial.no_period": "last",
    "rebate.trial.closeness": "close",
    "rebate.": "policy",
}
CLOSE = Decimal(5)


@page(bp, "/rebates/trials", Permission.REBATES_READ)
def trials() -> Any:
    actions = []
    if may(actor(), Permission.REBATES_WRITE):
        url = url_for("rebates.trial_new")
        actions.append({"url": url, "icon": "history", "label": _("Try a policy on the past")})
    return lists.answer(reads.TRIALS, actions=actions, tabs=evidence_tabs("rebates.trials"))


def _span(form: TrialForm) -> Period:
    """From the first day of one period to the last of the other."""
    found = []
    for text in (form.first.data, form.last.data):
        try:
            found.append(Period.parse((text or "").strip().upper()))
        except ValueError:
            raise Refused([block("rebate.trial.unreadable", text=text or "")]) from None
    if found[1].end <= found[0].start:
        raise Refused([block("rebate.trial.backwards")])
    return Period(found[0].start, found[1].end)


def _offered_span(policy_id: int | None) -> tuple[str, str]:
    """(first, last) period: those that were settled within the last year, else last year."""
    today = clock.today()
    last_year = preceding(today, "year").label
    if policy_id is None:
        return last_year, last_year
    policy = rebates_policies.get_policy(actor(), policy_id)
    kind = rebates_policies.terms_of(policy).period_kind
    settled = rebates_looks.settled_span(policy.code, date(today.year - 1, today.month, 1))
    if settled is None:
        return last_year, last_year
    pieces = settled.split(kind)
    return pieces[0].label, pieces[-1].label


def _form() -> TrialForm:
    form = TrialForm()
    form.policy.choices = [("", _("choose")), *reads.versions()]
    form.who.choices = as_choices(
        [
            ("enrolled", _("who was enrolled at the time")),
            ("everybody", _("every distributor, as if all were enrolled")),
        ]
    )
    form.facts.choices = as_choices(
        [
            ("settled", _("settled periods as their last run saw them")),
            ("today", _("everything there is today, also what came in since")),
        ]
    )
    form.distributors.choices = partners.choices(actor())
    form.against.choices = as_choices([("", _("its own policy")), *rebates_policies.codes()])
    if request.method == "GET":
        asked = request.args.get("policy", "")
        known = {key for key, _words in reads.versions()}
        chosen = int(asked) if asked.isdigit() and int(asked) in known else None
        form.policy.data = chosen
        form.first.data, form.last.data = _offered_span(chosen)
        form.close.data = CLOSE
    return form


@page(bp, "/rebates/trials/new", Permission.REBATES_WRITE, methods=("GET", "POST"))
def trial_new() -> Any:
    """Ask: a year is answered at once, more as a job with progress."""
    form = _form()
    if form.validate_on_submit():
        try:
            question = _question(form)
            if service.is_long(question.span):
                return see_other("jobs.record", id=service.order_trial(actor(), question))
            return see_other("rebates.trial", id=service.try_policy(actor(), question))
        except Refused as refused:
            show_refusal(form, refused, PLACES)
    status = 422 if request.method == "POST" else 200
    return show("rebates/trial_new.html", form=form), status


def _question(form: TrialForm) -> service.Question:
    chosen = tuple(int(i) for i in form.distributors.data or ())
    close = CLOSE if form.close.data is None else form.close.data
    return service.Question(
        policy_id=form.policy.data,
        span=_span(form),
        everybody=form.who.data == "everybody",
        distributor_ids=chosen or None,
        against=form.against.data or "",
        close_bp=int(close * 100),
        as_settled=form.facts.data != "today",
    )


def _tabs(trial_id: int, here: str) -> list[dict[str, Any]]:
    pages = [
        ("rebates.trial", _("By distributor")),
        ("rebates.trial_periods", _("By period, and who just missed a tier")),
    ]
    return [
        {"url": url_for(e, id=trial_id), "label": label, "here": e == here} for e, label in pages
    ]


@page(bp, "/rebates/trials/<int:id>", Permission.REBATES_READ)
def trial(id: int) -> Any:
    """What it would have cost, and everybody with the sums of all periods."""
    return _answer(id, "rebates.trial")


@page(bp, "/rebates/trials/<int:id>/periods", Permission.REBATES_READ)
def trial_periods(id: int) -> Any:
    return _answer(id, "rebates.trial_periods")


def _answer(trial_id: int, here: str) -> Any:
    record = reads.get_trial(actor(), trial_id)
    listing = reads.by_distributor(record)
    if here == "rebates.trial_periods":
        listing = reads.by_period(record)
    if is_partial() or request.args.get("format"):
        return lists.answer(listing)
    return lists.answer(
        listing,
        "rebates/trial.html",
        trial=record,
        last_day=record.span.last_day,
        totals=reads.totals(actor(), trial_id),
        tabs=_tabs(trial_id, here),
        names=names_of(record.made_by_id),
        enrols=ENROL_WORDS,
    )


@page(bp, "/rebates/trials/of/<int:id>", Permission.REBATES_READ)
def trial_of(id: int) -> Any:
    """The periods of one distributor; `id` is any line of it."""
    line = reads.get_line(actor(), id)
    listing = reads.by_period(line.trial, line.distributor_id)
    if is_partial():
        return lists.answer(listing)
    return lists.answer(
        listing, "rebates/trial_of.html", trial=line.trial, distributor=line.distributor
    )


@page(bp, "/rebates/trials/lines/<int:id>", Permission.REBATES_READ)
def trial_line(id: int) -> Any:
    """How one figure comes about: computed again from the facts that were kept."""
    line = reads.get_line(actor(), id)
    terms = reads.terms_of_trial(line.trial)
    result = None
    if line.facts is not None:
        result = compute(terms, facts_from_json(line.facts), line.currency)
    return show(
        "rebates/trial_line.html",
        line=line,
        trial=line.trial,
        period=period_words(Period(line.period_start, line.period_end)),
        result=result,
        steps=[(s.as_finding(), plain(s.amount)) for s in result.steps] if result else [],
    )
