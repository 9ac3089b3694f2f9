"""The form of a target plan: the year's amount, and the weights of seasons and groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from channel.web.forms.fields import Form, IdField, MoneyField
from contracts.plans import Weights


class ChooseForm(Form):
    """For whom and for which year."""

    distributor_id = IdField(_l("distributor"), [DataRequired()])
    year = IntegerField(_l("year"), [InputRequired(), NumberRange(2000, 2100)])


class PlanForm(Form):
    year = IntegerField(_l("year"), [InputRequired(), NumberRange(2000, 2100)])
    total_fen = MoneyField(_l("target of the year, incl. VAT"), [InputRequired()], minimum=1)
    reason = TextAreaField(_l("reason, where it grows beyond the bound"), [Length(max=1000)])

    def weights(
        self, typed: Mapping[str, str], groups: Sequence[str]
    ) -> tuple[Weights | None, list[str]]:
        """The weights of the table below the fields, or what is wrong with them."""
        try:
            quarters = tuple(whole(typed, f"quarter-{n}") for n in range(1, 5))
            months = tuple(whole(typed, f"month-{n}") for n in range(1, 13))
            goods = tuple((g, whole(typed, f"group-{g}")) for g in groups)
        except ValueError as error:
            return None, [str(error)]
        named = tuple((g, weight) for g, weight in goods if weight)
        try:
            return Weights(quarters, months, named), []
        except ValueError:
            return None, [
                _("Of the quarters, and of the months of each quarter with a weight, at least "
                  "one needs a weight above 0.")
            ]  # fmt: skip


def whole(typed: Mapping[str, str], name: str) -> int:
    """A weight; ValueError with a sentence for the user."""
    text = (typed.get(name) or "0").strip().replace(",", "") or "0"
    if not text.isdigit() or not text.isascii() or len(text) > 12:
        raise ValueError(
            _("«%(text)s» is not a weight: write a whole number such as 30", text=text)
        )
    return int(text)


def typed_weights(weights: Weights) -> dict[str, Any]:
    """The weights as the table shows them."""
    found: dict[str, Any] = {f"quarter-{n}": w for n, w in enumerate(weights.quarters, 1)}
    found |= {f"month-{n}": w for n, w in enumerate(weights.months, 1)}
    return found | {f"group-{g}": w for g, w in weights.groups}
