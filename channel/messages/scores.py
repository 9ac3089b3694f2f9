"""Words of credit grades and risk scores: factors, signals, and what a score card lacks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields
from channel.messages.states import STATES
from channel.messages.texts import WORDS, Text, register
from channel.messages.values import format_fen, format_number
from credit.risk import Step
from credit.scoring import FACTORS

#: factor → (name, how its figure is made)
FACTOR_WORDS: dict[str, tuple[Any, Any]] = {
    "days_late": (
        _l("average days late"),
        _l("of the payments of twelve months, weighted by amount; in time counts as 0"),
    ),
    "overdue_count": (_l("overdue items"), _l("invoices and instalments, today")),
    "overdue_amount": (_l("overdue amount"), _l("less credit notes of the same age, today")),
    "turnover": (_l("turnover of twelve months"), _l("invoiced incl. VAT less credit notes")),
    "months": (_l("months with us"), _l("since the first agreement or invoice")),
    "violations": (
        _l("violations confirmed"),
        _l("cross-territory, price and promotion incidents closed in twelve months"),
    ),
    "security": (_l("guarantees and deposit"), _l("what counts of them today")),
    "broken_promises": (_l("promises to pay broken"), _l("due in twelve months")),
    "late_reports": (
        _l("inventory reports late"),
        _l("due in twelve months: filed late, or not filed"),
    ),
}

#: signal → (name, one unit of its step)
SIGNAL_WORDS: dict[str, tuple[Any, Any]] = {
    "overdue_days": (_l("days overdue, oldest item"), _l("a day overdue")),
    "overdue_amount": (_l("overdue amount"), _l("each full 10,000.00 overdue")),
    "over_limit": (_l("over the limit, in per cent"), _l("each per cent begun over the limit")),
    "broken_promises": (_l("promises to pay broken"), _l("a broken promise of twelve months")),
    "stopped_orders": (_l("orders stopped"), _l("an order refused or held now")),
    "breaches": (_l("breach notices"), _l("a breach notice of twelve months")),
    "open_incidents": (
        _l("incidents open"),
        _l("an open cross-territory or promotion incident"),
    ),
    "upheld_incidents": (
        _l("incidents confirmed"),
        _l("one confirmed in twelve months, cross-territory or promotion"),
    ),
    "price_incidents": (
        _l("price incidents"),
        _l("one open, or confirmed in twelve months"),
    ),
    "late_reports": (_l("inventory reports late"), _l("a late report of twelve months")),
    "hidden_outflow": (
        _l("goods with hidden outflow"),
        _l("a product of which 5 % or more went unexplained in the last reported quarter"),
    ),
    "stock_alerts": (
        _l("goods below safety stock"),
        _l("a product of the last report"),
    ),
}

STATES.update(
    {
        "grade_proposed": (_l("waits for acceptance"), "azure"),
        "grade_accepted": (_l("accepted by a second person"), "green"),
        "low": (_l("low"), "green"),
        "watched": (_l("watched"), "orange"),
        "high": (_l("high"), "red"),
    }
)

register_acts(
    {
        "grade:make": _l("scored the distributor"),
        "grade:run": _l("scored all distributors"),
        "grade:accept": _l("accepted the credit grade"),
        "score_card:propose": _l("proposed the score card"),
        "score_card:approve": _l("approved the score card"),
        "score_card:reject": _l("rejected the score card"),
        "risk:snapshot": _l("kept the risk scores of the week"),
    }
)
register_fields(
    {
        "score": _l("score"),
        "grade": _l("grade"),
        "graded_on": _l("scored on"),
        "shows_grades": _l("distributors see their own grade"),
        "upheld": _l("confirmed as a violation"),
    }
)
SUBJECTS.update({"credit_grade": _l("credit grade"), "score_card": _l("score card")})


WORDS["factor"] = {name: words for name, (words, _how) in FACTOR_WORDS.items()}

register(
    {
        "score.stale": Text(
            _l("This score was accepted already, or a later one stands."),
            _l("Look at the newest score of the distributor."),
        ),
        "score.own": Text(
            _l("Who made the score cannot accept it."), _l("Another person of the desk accepts it.")
        ),
        "score.future": Text(
            _l("Nobody can be scored for a day to come, %(on)s."), _l("Choose today or a past day.")
        ),
        "score.card_decided": Text(
            _l("This score card was decided already."), _l("Reload the page.")
        ),
        "score.card_own": Text(
            _l("Who proposed the score card cannot approve it."),
            _l("Another person of the desk approves it."),
        ),
        "score.reason_needed": Text(_l("A reason is needed."), _l("Write one sentence.")),
        "score.past": Text(
            _l("A score card cannot begin in the past, on %(start)s."),
            _l("Choose today or a later day: what was scored stays as it is."),
        ),
        "score.weights": Text(
            _l("The weights add up to %(total)s, not to 100."), _l("Raise or lower some of them.")
        ),
        "score.weight": Text(
            _l("The weight of «%(factor)s» does not lie between 0 and 100."),
            _l("Enter a whole number of per cent."),
        ),
        "score.points": Text(
            _l("The points of «%(factor)s» do not lie between 0 and 100."),
            _l("Enter whole points."),
        ),
        "score.no_bands": Text(
            _l("«%(factor)s» has no band."), _l("Enter at least one band, from 0 on.")
        ),
        "score.band_start": Text(
            _l("The first band of «%(factor)s» begins at %(start)s."),
            _l("Let it begin at 0, so that nothing lies before it."),
        ),
        "score.band_end": Text(
            _l("The last band of «%(factor)s» ends at %(end)s."),
            _l("Leave its end blank, so that nothing lies after it."),
        ),
        "score.band_gap": Text(
            _l("Between %(end)s and %(start)s «%(factor)s» has a gap."),
            _l("Let each band begin where the one before it ends."),
        ),
        "score.band_overlap": Text(
            _l("The band of «%(factor)s» that begins at %(start)s overlaps the one before it."),
            _l("Let each band begin where the one before it ends."),
        ),
        "score.band_empty": Text(
            _l("A band of «%(factor)s» ends before it begins."), _l("Raise its end.")
        ),
        "score.direction": Text(
            _l("At %(start)s the points of «%(factor)s» go the wrong way."),
            _l("What is worse must never give more points."),
        ),
        "score.factor_missing": Text(
            _l("«%(factor)s» is missing."), _l("Give it the weight 0 if it is not to count.")
        ),
        "score.grade_floor": Text(
            _l("No grade begins at 0."), _l("Let the lowest grade begin at 0.")
        ),
        "score.grade_twice": Text(
            _l("«%(value)s» stands twice among the grades."),
            _l("Give each grade its own name and bound."),
        ),
        "score.grade_bound": Text(
            _l("Grade «%(grade)s» needs a name and a bound between 0 and 100."),
            _l("Mend the row of the grade."),
        ),
        "score.grade_gives": Text(
            _l("Grade «%(grade)s» gives less than nothing."),
            _l("Enter a share and days of 0 or more."),
        ),
        "score.step": Text(_l("The step must be more than 0."), _l("Enter for example 10000.")),
    },
)


def format_e2(e2: int | None, *, signed: bool = False) -> str:
    """Hundredths as two decimals: 85.40; with its sign where it is a difference."""
    if e2 is None:
        return ""
    return ("+" if signed and e2 > 0 else "") + format_fen(e2, sign=False)


def format_e1(e1: int | None, *, signed: bool = False) -> str:
    """Tenths as one decimal: 12.5."""
    if e1 is None:
        return ""
    return ("+" if signed and e1 > 0 else "") + format_number(Decimal(e1).scaleb(-1))


def format_figure(factor: str, figure: Decimal | None, currency: str = "CNY") -> str:
    """The figure of a factor with its unit; «not recorded» where there is none."""
    if figure is None:
        return str(_("not recorded"))
    unit = FACTORS[factor][0]
    if unit == "fen":
        return format_fen(int(figure), currency)
    if unit == "days":
        return str(_("%(n)s days", n=f"{figure:f}"))
    if unit == "months":
        return str(_("%(n)s months", n=f"{int(figure)}"))
    return format_number(figure)


def format_band(factor: str, lower: Decimal | None, upper: Decimal | None, currency: str) -> str:
    """A band as people read it: from … to below …"""
    if lower is None:
        return str(_("no figure"))
    low = format_figure(factor, lower, currency)
    if upper is None:
        return str(_("from %(low)s", low=low))
    high = format_figure(factor, upper, currency)
    return str(_("from %(low)s to below %(high)s", low=low, high=high))


def format_signal(step: Step, currency: str = "CNY") -> str:
    """The value of a signal with its unit."""
    if step.value is None:
        return str(_("not recorded"))
    if step.unit == "fen":
        return format_fen(step.value, currency)
    if step.unit == "percent":
        return f"{step.value:,} %"
    return f"{step.value:,}"
