"""VAT rates by class and first day; a rate holds until the next one of its class."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from channel.tabular.fields import Field, Kind


@dataclass(frozen=True)
class VatRateRow:
    """One rate of a class from a day on, in basis points (1300 = 13 %)."""

    row: int
    vat_class: str
    rate_bp: int
    valid_from: dt.date


KIND = Kind(
    name="vat_rates",
    zh="增值税税率",
    en="VAT rates",
    row_type=VatRateRow,
    key=("vat_class", "valid_from"),
    fields=(
        Field("vat_class", "税率类别", "VAT class", "code", required=True, length_max=32,
              example="standard", synonyms=("类别", "class", "vat class")),
        Field("rate_bp", "税率", "Rate", "rate", required=True, example="13%",
              synonyms=("增值税税率", "vat rate", "tax rate")),
        Field("valid_from", "生效日期", "Valid from", "date", required=True,
              example="2019-04-01", synonyms=("有效期自", "开始日期")),
    ),
)  # fmt: skip
