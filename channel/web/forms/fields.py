"""Fields that understand what people type: money, dates, percentages; errors say the remedy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import DateInput, TextInput

from channel.web.forms.sentences import SENTENCES


class Form(FlaskForm):
    """Base of all forms: typed text survives every error."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            return SENTENCES

    def errors_in_order(self) -> list[tuple[Any, str]]:
        """(field, message) for the summary on top, in the order of the fields."""
        return [(f, str(m)) for f in self for m in f.errors if isinstance(m, str)]


class TypedField(Field):
    """A field that turns text into a value and shows the text again when it cannot."""

    widget = TextInput()
    typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else self.written(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if self.typed:
            self.understand(self.typed)

    def written(self, data: Any) -> str:
        """The value as it is typed."""
        return str(data)

    def understand(self, text: str) -> None:
        """Set `data`, or raise ValueError with a sentence for the user."""
        self.data = text


class MoneyField(TypedField):
    """An amount with at most two decimals, as whole fen; blank is None."""

    def __init__(self, *args: Any, minimum: int | None = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.minimum = minimum

    def written(self, data: Any) -> str:
        return f"{Decimal(data) / 100:.2f}"

    def understand(self, text: str) -> None:
        try:
            amount = Decimal(text.translate(str.maketrans("，．", ",.", " ¥￥")).replace(",", ""))
        except InvalidOperation:
            raise ValueError(_("«%(text)s» is not an amount: write 12345.60", text=text)) from None
        if not amount.is_finite() or amount != round(amount, 2):
            raise ValueError(_("Amounts have at most two decimals, not «%(text)s»", text=text))
        if abs(amount) >= 10**13:
            raise ValueError(_("«%(text)s» is too large", text=text))
        if self.minimum is not None and amount * 100 < self.minimum:
            raise ValueError(
                _(
                    "The amount must not be below %(least)s",
                    least=f"{Decimal(self.minimum) / 100:.2f}",
                )
            )
        self.data = int(amount * 100)


class PercentField(TypedField):
    """A percentage as Decimal percent points, e.g. 4.5; blank is None."""

    def written(self, data: Any) -> str:
        return f"{data:f}"

    def understand(self, text: str) -> None:
        try:
            value = Decimal(text.rstrip("%％ ").replace("，", "."))
        except InvalidOperation:
            raise ValueError(_("«%(text)s» is not a percentage: write 4.5", text=text)) from None
        if not value.is_finite() or not 0 <= value <= 1000:
            raise ValueError(_("A percentage lies between 0 and 1000"))
        self.data = value


class BasisPointsField(PercentField):
    """A percentage with at most two decimals, as whole basis points; blank is None."""

    def written(self, data: Any) -> str:
        percent = Decimal(data).scaleb(-2).normalize()
        return f"{percent:f}"

    def understand(self, text: str) -> None:
        super().understand(text)
        points = self.data * 100
        self.data = None
        if points != int(points):
            raise ValueError(_("A percentage has at most two decimals here: write 4.25"))
        self.data = int(points)


class DayField(TypedField):
    """A date as 2026-11-21, 2026/11/21, 20261121 or 2026年11月21日; blank is None."""

    widget = DateInput()

    def _value(self) -> str:
        # The browser's date widget takes the ISO form only.
        return self.written(self.data) if self.data is not None else self.typed or ""

    def written(self, data: Any) -> str:
        return str(data.isoformat())

    def understand(self, text: str) -> None:
        digits = text.translate(str.maketrans("年月/.", "----")).replace("日", "")
        try:
            if len(digits) == 8 and digits.isdigit():
                digits = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
            year, month, day = (int(part) for part in digits.split("-"))
            self.data = date(year, month, day)
        except ValueError:
            raise ValueError(_("«%(text)s» is not a date: write 2026-11-21", text=text)) from None
        if not 1990 <= self.data.year <= 2100:
            self.data = None
            raise ValueError(_("The year must lie between 1990 and 2100"))


def as_choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """(value, label) pairs as the form library wants them."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]


class ManyField(SelectMultipleField):
    """A select of several codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["choices"] = as_choices(kwargs.get("choices", []))
        super().__init__(*args, **kwargs)


class ChoiceField(SelectField):
    """A select whose blank choice is None."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("coerce", lambda v: v or None)
        kwargs["choices"] = as_choices(kwargs.get("choices", []))
        kwargs.setdefault("validate_choice", True)
        super().__init__(*args, **kwargs)


class IdField(SelectField):
    """A select of records by id; blank is None."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("coerce", lambda v: int(v) if v else None)
        kwargs.setdefault("choices", [])
        super().__init__(*args, **kwargs)


class TextField(StringField):
    """A line of text without spaces around it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = (self.data or "").strip()
