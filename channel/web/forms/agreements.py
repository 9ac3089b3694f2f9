"""The agreement as a form: the clauses as fields, read into executable terms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from channel.web.forms.fields import (
    ChoiceField,
    DayField,
    Form,
    IdField,
    ManyField,
    MoneyField,
    TextField,
)
from channel.web.forms.orders import whole_number
from channel.web.forms.receivables import METHODS
from contracts.agreement import Duties, Terms
from contracts.payment_terms import PaymentTerm
from contracts.targets import Target
from contracts.territory import Territory
from contracts.values.periods import Period
from contracts.values.schedules import Dated

PAYMENT_KINDS = [
    ("net_days", _l("so many days")),
    ("end_of_month_plus", _l("end of the month, plus days")),
    ("day_of_month", _l("day of the following month")),
    ("prepaid", _l("paid before shipment")),
]
ROLLS = [
    ("none", _l("no rolling")),
    ("next", _l("next working day")),
    ("previous", _l("working day before")),
]
BASES = [("shipment", _l("ship date")), ("invoice", _l("invoice date"))]
TARGET_ROWS = 8


def codes_in(text: str) -> list[str]:
    """Six-digit codes however they are set apart: spaces, commas, lines, names beside them."""
    found, digits = [], ""
    for char in text + " ":
        if char.isascii() and char.isdigit():
            digits += char
            continue
        if digits:
            found.append(digits)
        digits = ""
    return found


class AgreementForm(Form):
    distributor_id = IdField(_l("distributor"), [Optional()])
    number = TextField(_l("contract number (empty: drawn)"), [Length(max=64)])
    valid_from = DayField(_l("first day"), [DataRequired()])
    last_day = DayField(_l("last day"), [DataRequired()])
    reason = TextField(_l("why this version"), [Length(max=500)])
    kind = ChoiceField(
        _l("kind of contract"),
        choices=[("standard", _l("standard")), ("buyout", _l("buy-out"))],
        default="standard",
    )
    exclusive = BooleanField(_l("exclusive in the territory"), default=True)
    includes = TextAreaField(_l("divisions granted"), [Length(max=4000)])
    excludes = TextAreaField(_l("divisions kept out"), [Length(max=4000)])
    carve_outs = TextAreaField(_l("kept out between dates"), [Length(max=4000)])
    goods = ManyField(_l("product groups (none chosen: all goods)"), choices=[])
    price_book = ChoiceField(_l("price book"))
    payment_kind = ChoiceField(_l("payment term"), choices=PAYMENT_KINDS, default="net_days")
    payment_days = IntegerField(_l("days"), [Optional(), NumberRange(0, 365)], default=30)
    payment_day = IntegerField(_l("day of the month"), [Optional(), NumberRange(1, 31)])
    payment_basis = ChoiceField(_l("counted from"), choices=BASES, default="shipment")
    payment_roll = ChoiceField(_l("when the day is a day off"), choices=ROLLS, default="next")
    payment_methods = ManyField(_l("methods of payment"), choices=METHODS, default=["transfer"])
    min_shipment_fen = MoneyField(_l("minimum shipment incl. VAT"))
    rebate_policies = ManyField(_l("rebate policies"), choices=[])
    promotion_needs_approval = BooleanField(_l("promotions need approval"), default=True)
    incident_report_hours = IntegerField(
        _l("hours to report an incident"), [InputRequired(), NumberRange(1, 720)], default=24
    )
    exchange_window_days = IntegerField(
        _l("days to exchange slow movers"), [InputRequired(), NumberRange(0, 730)], default=90
    )
    delivery_notice_working_days = IntegerField(
        _l("working days' notice of another delivery place"),
        [InputRequired(), NumberRange(0, 60)],
        default=3,
    )
    display_pass_percent = IntegerField(
        _l("display score to pass (%)"), [InputRequired(), NumberRange(0, 100)], default=90
    )
    pop_places = TextField(_l("POP places"), [Length(max=500)])
    other = TextAreaField(_l("other duties"), [Length(max=4000)])

    def validate_carve_outs(self, field: Any) -> None:
        self._cuts(field.data or "")

    def _cuts(self, text: str) -> tuple[Dated[str], ...]:
        """Lines «511083 2026-07-01 [2026-12-31]»; the last day is inclusive."""
        cuts = []
        for line in filter(None, (part.strip() for part in text.splitlines())):
            parts = line.split()
            try:
                start = date.fromisoformat(parts[1])
                end = date.fromisoformat(parts[2]) + timedelta(days=1) if parts[2:] else None
                if len(parts[0]) != 6 or not parts[0].isdigit() or (end and end <= start):
                    raise ValueError
            except (IndexError, ValueError):
                raise ValueError(
                    _(
                        "«%(line)s»: write a code, the first day and, if it ends, the last day, "
                        "e.g. 511083 2026-07-01 2026-12-31",
                        line=line,
                    )
                ) from None
            cuts.append(Dated(parts[0], start, end))
        return tuple(cuts)

    def terms(self, targets: tuple[Target, ...]) -> Terms:
        """The clauses as executable terms."""
        kind = self.payment_kind.data or "net_days"
        prepaid = kind == "prepaid"
        return Terms(
            territory=Territory(
                frozenset(codes_in(self.includes.data or "")),
                frozenset(codes_in(self.excludes.data or "")),
                self._cuts(self.carve_outs.data or ""),
            ),
            price_book=self.price_book.data,
            payment=PaymentTerm(
                kind,
                0 if prepaid else self.payment_days.data or 0,
                (self.payment_day.data or 1) if kind == "day_of_month" else None,
                self.payment_basis.data or "shipment",
                self.payment_roll.data or "none",
            ),
            exclusive=bool(self.exclusive.data),
            goods=frozenset(self.goods.data or []),
            kind=self.kind.data or "standard",
            payment_methods=tuple(self.payment_methods.data or ()),
            min_shipment_fen=self.min_shipment_fen.data,
            targets=targets,
            rebate_policies=tuple(self.rebate_policies.data or ()),
            duties=Duties(
                bool(self.promotion_needs_approval.data),
                self.incident_report_hours.data or 24,
                self.exchange_window_days.data or 0,
                self.delivery_notice_working_days.data or 0,
                self.display_pass_percent.data or 0,
                self.pop_places.data or "",
                self.other.data or "",
            ),
        )

    def fill(self, terms: Terms) -> None:
        """Show stored terms in the fields."""
        place, payment, duties = terms.territory, terms.payment, terms.duties
        self.includes.data = " ".join(sorted(place.includes))
        self.excludes.data = " ".join(sorted(place.excludes))
        self.carve_outs.data = "\n".join(
            " ".join(
                filter(
                    None,
                    [
                        c.value,
                        c.valid_from.isoformat(),
                        (c.valid_to - timedelta(days=1)).isoformat() if c.valid_to else "",
                    ],
                )
            )
            for c in place.carve_outs
        )
        self.exclusive.data, self.kind.data = terms.exclusive, terms.kind
        self.goods.data, self.price_book.data = sorted(terms.goods), terms.price_book
        if payment is not None:
            self.payment_kind.data, self.payment_days.data = payment.kind, payment.days
            self.payment_day.data, self.payment_basis.data = payment.day, payment.basis
            self.payment_roll.data = payment.roll
        self.payment_methods.data = list(terms.payment_methods)
        self.min_shipment_fen.data = terms.min_shipment_fen
        self.rebate_policies.data = list(terms.rebate_policies)
        for name, value in vars(duties).items():
            if name in self:
                self[name].data = value


def read_targets(form: Any) -> tuple[tuple[Target, ...], list[str]]:
    """Targets from target-period-N and target-amount-N; and a sentence for each unreadable one."""
    targets, errors = [], []
    for n in range(60):
        period, amount = form.get(f"target-period-{n}", ""), form.get(f"target-amount-{n}", "")
        if not period.strip() and not amount.strip():
            continue
        try:
            span = Period.parse(period.strip().upper())
        except ValueError:
            errors.append(
                _(
                    "Target %(n)s: «%(text)s» is not a period; write 2026Q3, 2026-10 or 2026.",
                    n=n + 1,
                    text=period,
                )
            )
            continue
        yuan = whole_number(amount.split(".")[0])
        if yuan is None or yuan <= 0:
            errors.append(
                _("Target %(n)s: «%(text)s» is not an amount: write 120000.", n=n + 1, text=amount)
            )
            continue
        targets.append(Target(span, frozenset(), yuan * 100))
    return tuple(targets), errors
