"""How rebates are used, as a part of an agreement's form; left blank, the house's way holds.

A form that takes `PayoutFields` shows them with agreements/_payout.html, reads the clause with
`payout` once it is valid, and fills the fields with `fill_payout`.
"""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from channel.messages.rebates_pool import FORM_WORDS
from channel.web.forms.fields import BasisPointsField, Form, ManyField
from contracts.rebates.payout import Payout, in_order

_MONTHS = [Optional(), NumberRange(1, 120)]
_SHARE = [Optional(), NumberRange(0, 10_000)]


class PayoutFields(Form):
    payout_forms = ManyField(
        _l("forms in which rebates are used"),
        choices=list(FORM_WORDS.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    payout_cap_bp = BasisPointsField(_l("rebates on an order at most (% of its goods)"), _SHARE)
    payout_clawback_months = IntegerField(
        _l("taken back is what was earned in the last months"), _MONTHS
    )

    def validate_payout_forms(self, field: ManyField) -> None:
        """A clause says all of it or nothing: half of one would mix with the house's way."""
        typed = (self.payout_cap_bp.data, self.payout_clawback_months.data)
        says_forms = bool(field.data)
        if says_forms != (self.payout_cap_bp.data is not None) or (
            not says_forms and any(value is not None for value in typed)
        ):
            raise ValidationError(
                _("A clause on using rebates has its forms and its share: fill in both, or none.")
            )

    def payout(self) -> Payout | None:
        """The clause as typed; None where nothing was: then the house's way holds."""
        forms, cap = in_order(self.payout_forms.data or ()), self.payout_cap_bp.data
        if not forms or cap is None:
            return None
        return Payout(forms, int(cap), self.payout_clawback_months.data)

    def fill_payout(self, clause: Payout | None) -> None:
        """Show a stored clause in the fields."""
        if clause is not None:
            self.payout_forms.data = list(clause.forms)
            self.payout_cap_bp.data = 10_000 if clause.cap_bp is None else clause.cap_bp
            self.payout_clawback_months.data = clause.clawback_months
