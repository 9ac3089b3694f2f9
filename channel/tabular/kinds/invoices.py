"""Invoice and credit note lines: the ground that rebates, ageing and attainment stand on.

Amounts keep four decimals (`_e4`); quantity × price must meet the amount on every row, and a
column that lost its decimal points is refused as a column.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from channel.tabular.cells import Choices
from channel.tabular.evidence import Judgement, Line, judge_amounts, judge_prices, judge_taxes
from channel.tabular.fields import Context, Field, Kind, Source
from channel.tabular.kinds.shared_fields import (
    CURRENCY,
    DISTRIBUTOR,
    LINE,
    PRODUCT,
    QUANTITY,
    e4,
    e4_or_none,
)
from channel.tabular.reporting import column_finding, finding
from contracts.values.findings import Finding, Severity

INVOICE, CREDIT_NOTE = "invoice", "credit_note"


@dataclass(frozen=True, slots=True)
class InvoiceLineRow:
    """One line of a posted document; net excludes tax. Credit notes carry minus signs.

    Amounts in ten-thousandths of the currency unit, None where the file says nothing.
    """

    row: int
    document: str
    line: str
    kind: str
    date: dt.date
    distributor: str
    product: str
    quantity: Decimal
    unit_price_e4: int | None
    discount_e4: int
    net_e4: int
    tax_e4: int | None
    currency: str
    ship_date: dt.date | None = None
    due_date: dt.date | None = None
    payment_days: int | None = None
    #: Of a credit note: the number of the invoice whose goods came back.
    undoes: str = ""
    #: The same figures as typed, for the checks only.
    figures: Line | None = field(default=None, repr=False, compare=False)


def _row(
    row: int,
    document: str,
    line: str,
    date: dt.date,
    distributor: str,
    product: str,
    quantity: Decimal,
    currency: str,
    kind: str | None = None,
    unit_price: Decimal | None = None,
    discount: Decimal | None = None,
    net_amount: Decimal | None = None,
    gross_amount: Decimal | None = None,
    tax_amount: Decimal | None = None,
    ship_date: dt.date | None = None,
    due_date: dt.date | None = None,
    payment_days: int | None = None,
    undoes: str | None = None,
) -> InvoiceLineRow:
    net, tax = _net_and_tax(net_amount, gross_amount, tax_amount)
    figures = Line(row, quantity, unit_price, discount or Decimal(0), net, tax, product)
    sign = -1 if kind == CREDIT_NOTE and net > 0 else 1
    return InvoiceLineRow(
        row=row,
        document=document,
        line=line,
        kind=kind or INVOICE,
        date=date,
        distributor=distributor,
        product=product,
        quantity=-quantity if sign < 0 and quantity > 0 else quantity,
        unit_price_e4=e4_or_none(unit_price),
        discount_e4=e4(discount),
        net_e4=sign * e4(net),
        tax_e4=None if tax is None else sign * e4(tax),
        currency=currency,
        ship_date=ship_date,
        due_date=due_date,
        payment_days=payment_days,
        undoes=undoes or "",
        figures=figures,
    )


def _net_and_tax(
    net: Decimal | None, gross: Decimal | None, tax: Decimal | None
) -> tuple[Decimal, Decimal | None]:
    """Net from what is there: itself, or gross less tax; tax likewise from the other two."""
    if net is None:
        return (gross or Decimal(0)) - (tax or Decimal(0)), tax
    if tax is None and gross is not None:
        tax = gross - net
    return net, tax


def _check(rows: Sequence[InvoiceLineRow], source: Source, context: Context) -> list[Finding]:
    lines = [row.figures for row in rows if row.figures is not None]
    found = _lost_decimals(lines, source, context)
    for row in rows:
        if row.ship_date and abs((row.ship_date - row.date).days) > 366:
            found.append(
                finding(
                    source, "row.ship_date_far", Severity.WARN, row=row.row,
                    field_name="ship_date", value=row.ship_date.isoformat(), date=row.date,
                )
            )  # fmt: skip
        if row.kind == INVOICE and row.net_e4 < 0:
            found.append(
                finding(
                    source, "row.negative_invoice", Severity.WARN, row=row.row,
                    field_name="net_amount", value=str(Decimal(row.net_e4).scaleb(-4)),
                )
            )  # fmt: skip
    return found


def _lost_decimals(lines: Sequence[Line], source: Source, context: Context) -> list[Finding]:
    amount = "net_amount" if "net_amount" in source.labels else "gross_amount"
    amounts, taxes = judge_amounts(lines), judge_taxes(lines)
    prices = judge_prices(lines, dict(context.prices_e4))
    total = len(lines)
    refused: dict[str, Finding] = {}
    if amounts.is_column(total):
        for name, read in (("unit_price", _price), (amount, _net)):
            refused[name] = _lost("column.decimal_lost_amount", name, amounts, lines, source, read)
    if taxes.is_column(total):
        for name, read in (("tax_amount", _tax), (amount, _net)):
            refused.setdefault(
                name, _lost("column.decimal_lost_tax", name, taxes, lines, source, read)
            )
    if prices.is_column(total):
        refused.setdefault(
            "unit_price",
            _lost("column.decimal_lost_price", "unit_price", prices, lines, source, _price),
        )
    found = list(refused.values())
    wrong = amounts.wrong + (() if amounts.is_column(total) else amounts.lost)
    found += _rows_or_column("amount_differs", amount, sorted(wrong), lines, source)
    strange = taxes.wrong + (() if taxes.is_column(total) else taxes.lost)
    found += _rows_or_column("tax_implausible", "tax_amount", sorted(strange), lines, source)
    return found


def _price(line: Line) -> Decimal:
    return line.price or Decimal(0)


def _net(line: Line) -> Decimal:
    return line.net


def _tax(line: Line) -> Decimal:
    return line.tax or Decimal(0)


def _lost(
    code: str,
    name: str,
    judged: Judgement,
    lines: Sequence[Line],
    source: Source,
    read: Callable[[Line], Decimal],
) -> Finding:
    rows = [lines[place].number for place in judged.lost]
    first = lines[judged.lost[0]]
    return column_finding(
        source, code, Severity.BLOCK, name, rows, f"{read(first):,}",
        quantity=first.quantity, price=_price(first), amount=first.net, tax=_tax(first),
    )  # fmt: skip


def _rows_or_column(
    what: str, name: str, places: Sequence[int], lines: Sequence[Line], source: Source
) -> list[Finding]:
    if not places:
        return []
    told = places if len(places) <= 20 else places[:1]
    found = []
    for place in told:
        line = lines[place]
        facts = {"quantity": line.quantity, "price": _price(line), "discount": line.discount,
                 "amount": line.net, "tax": _tax(line)}  # fmt: skip
        facts["computed"] = line.quantity * facts["price"] - line.discount
        value = f"{line.net if what == 'amount_differs' else _tax(line)}"
        if len(places) > len(told):
            rows = [lines[i].number for i in places]
            code = f"column.{what}"
            found.append(column_finding(source, code, Severity.BLOCK, name, rows, value, **facts))
        else:
            found.append(
                finding(source, f"row.{what}", Severity.BLOCK, row=line.number, field_name=name,
                        value=value, **facts)
            )  # fmt: skip
    return found


KIND = Kind(
    name="invoices",
    zh="发票明细",
    en="Invoice lines",
    row_type=_row,
    key=("document", "line"),
    one_of=((("net_amount",), ("gross_amount", "tax_amount")),),
    check=_check,
    fields=(
        Field("document", "发票号", "Invoice number", "code", required=True, length_max=60,
              example="INV-202608-0001",
              synonyms=("发票号码", "单据号", "单号", "invoice", "invoice no", "document",
                        "document number", "SalesOrderNumber", "InvoiceID")),
        LINE,
        Field("kind", "单据类型", "Document kind", "choice", example="发票",
              synonyms=("类型", "type", "document type"),
              choices=Choices({INVOICE: ("发票", "销售发票", "蓝字", "蓝字发票"),
                               CREDIT_NOTE: ("红字发票", "红字", "贷项", "退货", "credit note",
                                             "credit", "credit memo")})),
        Field("date", "开票日期", "Invoice date", "date", required=True, example="2026-08-02",
              synonyms=("发票日期", "日期", "单据日期", "date", "OrderDate", "TransactionDate")),
        DISTRIBUTOR,
        PRODUCT,
        QUANTITY,
        Field("unit_price", "单价", "Unit price", "decimal", is_money=True, example="88.4956",
              synonyms=("不含税单价", "价格", "price", "UnitPrice")),
        Field("discount", "折扣额", "Discount", "decimal", is_money=True,
              synonyms=("折扣金额", "折让", "discount amount", "DiscountAmount")),
        Field("net_amount", "不含税金额", "Net amount", "decimal", is_money=True,
              example="8849.56",
              synonyms=("金额", "净额", "未税金额", "amount", "net", "SalesAmount",
                        "AmountExcludingTax")),
        Field("gross_amount", "含税金额", "Gross amount", "decimal", is_money=True,
              synonyms=("价税合计", "gross", "total incl tax", "ExtendedPrice")),
        Field("tax_amount", "税额", "Tax amount", "decimal", is_money=True, example="1150.44",
              synonyms=("增值税额", "tax", "vat", "TaxAmt", "TaxAmount")),
        CURRENCY,
        Field("ship_date", "发货日期", "Ship date", "date",
              synonyms=("出库日期", "shipped on", "ShipDate")),
        Field("due_date", "到期日", "Due date", "date", synonyms=("应付日期", "DueDate")),
        Field("payment_days", "账期天数", "Payment days", "integer", minimum=Decimal(0),
              synonyms=("账期", "付款天数", "PaymentDays")),
        Field("undoes", "冲销发票号", "Invoice undone", "code", length_max=60,
              synonyms=("原发票号", "原蓝字发票号", "对应蓝字发票", "对应发票号",
                        "original invoice", "applies to")),
    ),
)  # fmt: skip
