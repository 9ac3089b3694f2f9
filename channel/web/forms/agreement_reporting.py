"""What an agreement says of inventory reports, as a part of its form; blank is the house's figure.

A form that takes `ReportingFields` shows them with agreements/_reporting.html, reads the clause
with `reporting` once it is valid, and fills the fields with `fill_reporting`.
"""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional, ValidationError

from channel.messages.stock_checks import PART_WORDS
from channel.web.forms.fields import BasisPointsField, Form
from contracts.reporting import PARTS, WEIGHTS, Reporting, Tolerance

_UNITS = [Optional(), NumberRange(0, 1_000_000)]
_SHARE = [Optional(), NumberRange(0, 10_000)]


def _weight(part: str) -> IntegerField:
    return IntegerField(
        PART_WORDS[part][0], [Optional(), NumberRange(0, 100)], default=WEIGHTS[part]
    )


class ReportingFields(Form):
    report_soft_units = IntegerField(_l("difference that passes (base units)"), _UNITS)
    report_soft_bp = BasisPointsField(_l("difference that passes (%)"), _SHARE)
    report_hard_units = IntegerField(_l("difference that waits (base units)"), _UNITS)
    report_hard_bp = BasisPointsField(_l("difference that waits (%)"), _SHARE)
    report_transit_days = IntegerField(_l("days on the road"), [Optional(), NumberRange(0, 90)])
    weight_on_time = _weight("on_time")
    weight_complete = _weight("complete")
    weight_arithmetic = _weight("arithmetic")
    weight_continuity = _weight("continuity")
    weight_reconciliation = _weight("reconciliation")
    weight_mapped = _weight("mapped")
    weight_batch = _weight("batch")
    weight_unrestated = _weight("unrestated")

    def validate_weight_on_time(self, field: IntegerField) -> None:
        """The weights say what share each part has: all of nought would say nothing."""
        if not any(self._weights().values()):
            raise ValidationError(_("At least one part of the score needs a weight above 0."))

    def _weights(self) -> dict[str, int]:
        typed = {part: self[f"weight_{part}"].data for part in PARTS}
        return {part: WEIGHTS[part] if n is None else n for part, n in typed.items()}

    def reporting(self) -> Reporting:
        """The clause as typed; what is left blank is the house's."""
        house = Reporting()

        def tolerance(kind: str, usual: Tolerance) -> Tolerance:
            units, share = self[f"report_{kind}_units"].data, self[f"report_{kind}_bp"].data
            return Tolerance(
                usual.units if units is None else units, usual.bp if share is None else share
            )

        days = self.report_transit_days.data
        return Reporting(
            tolerance("soft", house.soft),
            tolerance("hard", house.hard),
            house.transit_days if days is None else days,
            self._weights(),
        )

    def fill_reporting(self, clause: Reporting) -> None:
        """Show a stored clause in the fields."""
        self.report_soft_units.data, self.report_soft_bp.data = clause.soft.units, clause.soft.bp
        self.report_hard_units.data, self.report_hard_bp.data = clause.hard.units, clause.hard.bp
        self.report_transit_days.data = clause.transit_days
        for part in PARTS:
            self[f"weight_{part}"].data = clause.weights[part]
