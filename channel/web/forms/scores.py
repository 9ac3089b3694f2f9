"""The form of a score card: a table of named cells, so that what was typed survives every error.

Cells are `<factor>-weight`, `<factor>-unknown`, `<factor>-<n>-lower|upper|points`,
`grade-<n>-code|lowest|share|term` and `step`; money is typed in yuan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from channel.messages.scores import FACTOR_WORDS
from channel.web.forms.fields import DayField, Form, TextField
from credit.scoring import FACTORS, Band, Card, Grade, Scale

#: Rows of bands and of grades that the form offers.
BAND_ROWS = 6
GRADE_ROWS = 6
#: Figures of more digits are slips of the finger.
MOST = Decimal(10) ** 13


class CardForm(Form):
    valid_from = DayField(_l("valid from"), [DataRequired()])
    reason = TextField(_l("reason"), [DataRequired(), Length(max=500)])


class RunForm(Form):
    """The day for which everybody is scored."""

    on = DayField(_l("scored for"), [DataRequired()])


@dataclass
class Cells:
    """The cells as typed, the card where they can be read, and a sentence for each that cannot."""

    texts: Mapping[str, str]
    errors: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        return self.texts.get(name, "").strip()

    def number(self, name: str, place: str, *, money: bool = False) -> Decimal | None:
        """A figure of 0 or more; None where the cell is blank or cannot be read."""
        text = self.text(name)
        if not text:
            return None
        try:
            figure = Decimal(
                text.translate(str.maketrans("，．", ",.", " ¥￥%％")).replace(",", "")
            )
        except InvalidOperation:
            figure = Decimal("NaN")
        if not figure.is_finite() or not -MOST < figure < MOST:
            self.errors.append(_("%(place)s: «%(text)s» is not a number.", place=place, text=text))
            return None
        figure = figure.scaleb(2) if money else figure
        if money and figure != int(figure):
            self.errors.append(
                _("%(place)s: amounts have at most two decimals, not «%(text)s».",
                  place=place, text=text)
            )  # fmt: skip
            return None
        return figure

    def whole(self, name: str, place: str) -> int:
        """A whole number; blank is 0."""
        figure = self.number(name, place)
        if figure is None:
            return 0
        if figure != int(figure):
            self.errors.append(
                _("%(place)s: «%(text)s» is not a whole number.", place=place, text=self.text(name))
            )
        return int(figure)


def texts_of(card: Card) -> dict[str, str]:
    """The cells of a card."""
    texts = {"step": _written(Decimal(card.limit_step_fen), money=True)}
    for scale in card.scales:
        money = FACTORS[scale.factor][0] == "fen"
        texts[f"{scale.factor}-weight"] = str(scale.weight)
        texts[f"{scale.factor}-unknown"] = str(scale.unknown)
        for n, band in enumerate(scale.bands):
            head = f"{scale.factor}-{n}"
            texts[f"{head}-lower"] = _written(band.lower, money=money)
            texts[f"{head}-upper"] = "" if band.upper is None else _written(band.upper, money=money)
            texts[f"{head}-points"] = str(band.points)
    for n, grade in enumerate(card.grades):
        texts[f"grade-{n}-code"] = grade.code
        texts[f"grade-{n}-lowest"] = str(grade.lowest)
        texts[f"grade-{n}-share"] = str(grade.share_percent)
        texts[f"grade-{n}-term"] = str(grade.term_days)
    return texts


def _written(figure: Decimal, *, money: bool) -> str:
    figure = figure.scaleb(-2) if money else figure
    return f"{figure:f}" if figure != int(figure) else str(int(figure))


def read_card(cells: Cells) -> Card | None:
    """The card that the cells say, or None with its errors in `cells`."""
    scales = tuple(_scale(cells, factor) for factor in FACTORS)
    grades = tuple(grade for n in range(GRADE_ROWS) if (grade := _grade(cells, n)))
    step = cells.number("step", _("rounding step"), money=True)
    return None if cells.errors else Card(scales, grades, int(step or 0))


def _scale(cells: Cells, factor: str) -> Scale:
    name, money = str(FACTOR_WORDS[factor][0]), FACTORS[factor][0] == "fen"
    bands = []
    for n in range(BAND_ROWS):
        head = f"{factor}-{n}"
        if not any(cells.text(f"{head}-{part}") for part in ("lower", "upper", "points")):
            continue
        lower = cells.number(f"{head}-lower", name, money=money)
        upper = cells.number(f"{head}-upper", name, money=money)
        if not cells.text(f"{head}-points"):
            cells.errors.append(_("%(place)s: row %(n)s has no points.", place=name, n=n + 1))
        points = cells.whole(f"{head}-points", name)
        bands.append(Band(lower or Decimal(0), upper, points))
    weight = cells.whole(f"{factor}-weight", name)
    return Scale(factor, weight, tuple(bands), cells.whole(f"{factor}-unknown", name))


def _grade(cells: Cells, n: int) -> Grade | None:
    parts = ("code", "lowest", "share", "term")
    if not any(cells.text(f"grade-{n}-{part}") for part in parts):
        return None
    place = _("grade in row %(n)s", n=n + 1)
    lowest, share, term = (cells.whole(f"grade-{n}-{part}", place) for part in parts[1:])
    return Grade(cells.text(f"grade-{n}-code")[:8], lowest, share, term)
