"""Distributors: the firms that buy, each under the code by which every other file names it.

The unified social credit code is checked for form; the division is the seat, not the territory.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from channel.tabular.cells import Choices
from channel.tabular.fields import Field, Kind
from channel.tabular.kinds.shared_fields import CURRENCY, optional

KINDS_OF_FIRM = Choices(
    {
        "company": ("公司", "企业", "有限公司"),
        "sole_trader": ("个体工商户", "个体户", "个体", "sole trader"),
        "cooperative": ("合作社", "农民专业合作社"),
        "foreign": ("境外企业", "境外", "firm abroad"),
    }
)


@dataclass(frozen=True)
class DistributorRow:
    """One distributor; empty texts are '' and unknown dates None."""

    row: int
    code: str
    name: str
    kind: str = ""
    uscc: str = ""
    division: str = ""
    address: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    currency: str = ""
    tax_name: str = ""
    bank_name: str = ""
    bank_account: str = ""
    licence_expires_on: dt.date | None = None


def _row(row: int, **values: object) -> DistributorRow:
    filled = {name: value for name, value in values.items() if value is not None}
    return DistributorRow(row=row, **filled)  # type: ignore[arg-type]


KIND = Kind(
    name="distributors",
    zh="经销商",
    en="Distributors",
    row_type=_row,
    key=("code",),
    fields=(
        Field("code", "经销商编码", "Distributor code", "code", required=True, length_max=40,
              example="D1",
              synonyms=("编码", "客户编码", "客户编号", "code", "customer code", "ResellerKey",
                        "CustomerID", "ResellerAlternateKey")),
        Field("name", "经销商名称", "Distributor name", "text", required=True,
              example="内江市川味商贸有限公司",
              synonyms=("名称", "客户名称", "公司名称", "单位名称", "name", "customer name",
                        "ResellerName", "CustomerName")),
        Field("kind", "主体类型", "Kind of firm", "choice", example="公司", choices=KINDS_OF_FIRM,
              synonyms=("类型", "企业类型", "kind")),
        Field("uscc", "统一社会信用代码", "Unified social credit code", "uscc",
              example="91511000MA0000000Q", synonyms=("税号", "纳税人识别号", "信用代码", "uscc")),
        Field("division", "行政区划代码", "Division code", "division", refers_to="division",
              example="511000", synonyms=("区划代码", "所在地区划", "division")),
        Field("address", "地址", "Address", "text",
              synonyms=("注册地址", "经营地址", "AddressLine1", "DeliveryAddressLine2")),
        Field("contact", "联系人", "Contact", "text", length_max=60, synonyms=("负责人",)),
        Field("phone", "电话", "Phone", "code", length_max=40,
              synonyms=("联系电话", "手机", "PhoneNumber")),
        Field("email", "邮箱", "E-mail", "code", synonyms=("电子邮箱", "电子邮件", "mail")),
        optional(CURRENCY),
        Field("tax_name", "开票名称", "Invoice title", "text", synonyms=("发票抬头",)),
        Field("bank_name", "开户行", "Bank", "text", synonyms=("开户银行", "BankName")),
        Field("bank_account", "银行账号", "Bank account", "code", length_max=40,
              synonyms=("账号",)),
        Field("licence_expires_on", "营业执照有效期至", "Licence expires on", "date",
              synonyms=("执照到期日", "营业期限至")),
    ),
)  # fmt: skip
