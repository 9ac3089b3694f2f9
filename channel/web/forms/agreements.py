"""The agreement as a form: the clauses as fields, read into executable terms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, TextAreaField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from channel.messages.exchanges import PRICE_WORDS
from channel.web.forms.agreement_payout import PayoutFields
from channel.web.forms.agreement_replies import RepliesFields
from channel.web.forms.agreement_reporting import ReportingFields
from channel.web.forms.fields import (
    BasisPointsField,
    ChoiceField,
    DayField,
    Form,
    IdField,
    ManyField,
    MoneyField,
    PercentField,
    TextField,
)
from channel.web.forms.payment_terms import PaymentFields
from channel.web.forms.receivables import METHODS
from contracts.agreement import Duties, Terms
from contracts.clauses import Commitment, MixRule, Obligation, ResaleClause
from contracts.targets import Target
from contracts.territory import Territory
from contracts.values.rates import Rate
from contracts.values.schedules import Dated

SIDES = [("distributor", _l("the distributor")), ("maker", _l("the maker"))]
RESALE_KINDS = [("suggested", _l("suggested retail price")), ("fixed", _l("fixed (legal review)"))]
#: Days to exchange where the form leaves them empty, by kind of contract.
EXCHANGE_DAYS = {"standard": 90, "buyout": 0}


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


class AgreementForm(PaymentFields, PayoutFields, RepliesFields, ReportingFields, Form):
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
    resale_kind = ChoiceField(_l("retail price"), choices=RESALE_KINDS, default="suggested")
    resale_reviewer = TextField(_l("legal reviewer"), [Length(max=100)])
    resale_reason = TextField(_l("reason for fixing it"), [Length(max=500)])
    payment_methods = ManyField(_l("methods of payment"), choices=METHODS, default=["transfer"])
    min_shipment_fen = MoneyField(_l("minimum shipment incl. VAT"))
    deposit_fen = MoneyField(_l("deposit"))
    renewal_notice_days = IntegerField(
        _l("days' notice of renewal"), [InputRequired(), NumberRange(0, 365)], default=30
    )
    commitment_months = IntegerField(_l("months of commitment"), [Optional(), NumberRange(1, 120)])
    commitment_fen = MoneyField(_l("purchases committed"))
    commitment_rate = PercentField(_l("early exit: % of what remains"), [Optional()])
    rebate_policies = ManyField(_l("rebate policies"), choices=[])
    promotion_needs_approval = BooleanField(_l("promotions need approval"), default=True)
    incident_report_hours = IntegerField(
        _l("hours to report an incident"), [InputRequired(), NumberRange(1, 720)], default=24
    )
    exchange_window_days = IntegerField(
        _l("days to exchange slow movers"), [Optional(), NumberRange(0, 730)]
    )
    delivery_notice_working_days = IntegerField(
        _l("working days' notice of another delivery place"),
        [InputRequired(), NumberRange(0, 60)],
        default=3,
    )
    display_pass_percent = IntegerField(
        _l("display score to pass (%)"), [InputRequired(), NumberRange(0, 100)], default=90
    )
    late_delivery_freight_fen = MoneyField(_l("freight for a late change"))
    exchange_freight_by = ChoiceField(
        _l("freight of an exchange"), choices=SIDES, default="distributor"
    )
    exchange_cap_bp = BasisPointsField(
        _l("exchange at most (% of the quarter before)"), [Optional(), NumberRange(1, 10_000)]
    )
    exchange_price = ChoiceField(
        _l("worth of exchanged goods"), choices=list(PRICE_WORDS.items()), default="last"
    )
    exchange_times = IntegerField(_l("exchange claims a quarter"), [Optional(), NumberRange(1, 99)])
    exchange_return_days = IntegerField(
        _l("days to send exchanged goods back"), [Optional(), NumberRange(1, 365)], default=30
    )
    exchange_needs_goods = BooleanField(_l("goods of the same value are taken in return"))
    exchange_sealed = BooleanField(_l("exchange sealed goods only"), default=True)
    diversion_penalty_fen = MoneyField(_l("penalty for a case of selling outside the territory"))
    deposit_top_up_days = IntegerField(
        _l("days to fill the deposit up again"), [Optional(), NumberRange(1, 365)], default=15
    )
    display_faces = IntegerField(_l("faces of the display"), [Optional(), NumberRange(0, 9999)])
    pop_places = TextField(_l("POP places"), [Length(max=500)])
    other = TextAreaField(_l("other duties"), [Length(max=4000)])

    def validate_resale_kind(self, field: Any) -> None:
        if field.data == "fixed" and not (self.resale_reviewer.data and self.resale_reason.data):
            raise ValidationError(
                _("A fixed resale price needs a named legal reviewer and a reason: fill in both.")
            )

    def validate_commitment_months(self, field: Any) -> None:
        parts = (field.data, self.commitment_fen.data, self.commitment_rate.data)
        if any(p is not None for p in parts) and any(p is None for p in parts):
            raise ValidationError(
                _("A commitment has months, purchases and a rate: fill in all three.")
            )

    def validate_commitment_rate(self, field: Any) -> None:
        if field.data is not None and field.data > 100:
            raise ValidationError(_("The rate lies between 0 and 100 %."))

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
                raise ValidationError(
                    _(
                        "«%(line)s»: write a code, the first day and, if it ends, the last day, "
                        "e.g. 511083 2026-07-01 2026-12-31",
                        line=line,
                    )
                ) from None
            cuts.append(Dated(parts[0], start, end))
        return tuple(cuts)

    def exchange_days(self) -> int:
        """As typed; left empty, what is usual for the kind of contract: a buy-out has none."""
        if self.exchange_window_days.data is not None:
            return int(self.exchange_window_days.data)
        return EXCHANGE_DAYS.get(self.kind.data or "standard", 0)

    def _commitment(self) -> Commitment | None:
        if self.commitment_months.data is None or self.commitment_rate.data is None:
            return None
        return Commitment(
            self.commitment_months.data,
            self.commitment_fen.data or 0,
            Rate.percent(self.commitment_rate.data),
        )

    def terms(
        self,
        targets: tuple[Target, ...],
        mix: tuple[MixRule, ...] = (),
        obligations: tuple[Obligation, ...] = (),
    ) -> Terms:
        """The clauses as executable terms."""
        return Terms(
            territory=Territory(
                frozenset(codes_in(self.includes.data or "")),
                frozenset(codes_in(self.excludes.data or "")),
                self._cuts(self.carve_outs.data or ""),
            ),
            price_book=self.price_book.data,
            payment=self.payment_term(),
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
                self.exchange_days(),
                self.delivery_notice_working_days.data or 0,
                self.display_pass_percent.data or 0,
                self.pop_places.data or "",
                self.other.data or "",
                self.late_delivery_freight_fen.data or 0,
                self.exchange_freight_by.data or "distributor",
                self.display_faces.data or 0,
                self.exchange_cap_bp.data,
                self.exchange_price.data or "last",
                self.exchange_times.data,
                self.exchange_return_days.data or 30,
                bool(self.exchange_needs_goods.data),
                bool(self.exchange_sealed.data),
                self.diversion_penalty_fen.data or 0,
                self.deposit_top_up_days.data or 15,
            ),
            mix=mix,
            resale=ResaleClause(
                self.resale_kind.data or "suggested",
                self.resale_reviewer.data or "",
                self.resale_reason.data or "",
            ),
            deposit_fen=self.deposit_fen.data or 0,
            commitment=self._commitment(),
            renewal_notice_days=self.renewal_notice_days.data or 0,
            obligations=obligations,
            reporting=self.reporting(),
            payout=self.payout(),
            replies=self.replies(),
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
            self.fill_payment(payment)
        self.payment_methods.data = list(terms.payment_methods)
        self.min_shipment_fen.data = terms.min_shipment_fen
        self.rebate_policies.data = list(terms.rebate_policies)
        for name, value in vars(duties).items():
            self[name].data = value
        self.resale_kind.data, self.resale_reviewer.data = terms.resale.kind, terms.resale.reviewer
        self.resale_reason.data = terms.resale.reason
        self.fill_reporting(terms.reporting)
        self.fill_payout(terms.payout)
        self.fill_replies(terms.replies)
        self.deposit_fen.data = terms.deposit_fen or None
        self.renewal_notice_days.data = terms.renewal_notice_days
        if terms.commitment is not None:
            self.commitment_months.data = terms.commitment.months
            self.commitment_fen.data = terms.commitment.committed_fen
            self.commitment_rate.data = terms.commitment.rate.as_percent()
