"""Who and what plays in the demo world; every name and figure is made up."""

from __future__ import annotations

from datetime import date

from channel.access import Role

PASSWORD = "weir-demo"  # noqa: S105  # printed by the demo, on purpose

USERS = {
    "cm": ("陈敏", Role.CHANNEL_MANAGER, None),
    "cm2": ("周宇", Role.CHANNEL_MANAGER, None),
    "fin": ("方芳", Role.FINANCE, None),
    "fin2": ("傅宁", Role.FINANCE, None),
    "rep": ("任强", Role.SALES_REP, None),
    "boss": ("鲍总", Role.OWNER, None),
    "admin": ("安迪", Role.ADMIN, None),
    "auditor": ("沈计", Role.AUDITOR, None),
    "d1": ("罗店长", Role.DISTRIBUTOR, "D1"),
    "d2": ("龙老板", Role.DISTRIBUTOR, "D2"),
    "d3": ("曾经理", Role.DISTRIBUTOR, "D3"),
    "d4": ("程经理", Role.DISTRIBUTOR, "D4"),
}

GROUPS = {"SAUCE": "酱类", "HOTPOT": "火锅底料", "NEW": "新品"}
GOODS = {
    "A": ("豆瓣酱", "Broad-bean paste", "SAUCE", 10_000, 12),
    "B": ("火锅底料", "Hotpot base", "HOTPOT", 20_000, 10),
    "N": ("新品香辣酱", "New chilli sauce", "NEW", 15_000, 12),
}
#: code: name, kind, USCC, division, limit in fen, ship-to division and place
DISTRIBUTORS: dict[str, tuple[str, str, str, str, int, str, str]] = {
    "D1": (
        "内江蜀味商贸有限公司",
        "company",
        "91511000MA0000000Q",
        "511000",
        20_000_000,
        "511002",
        "市中区仓库",
    ),
    "D2": (
        "隆昌川味经营部",
        "sole_trader",
        "92511083MA0000000W",
        "511083",
        5_000_000,
        "511083",
        "隆昌门店",
    ),
    "D3": (
        "自贡盐都食品有限公司",
        "company",
        "91510300MA0000000U",
        "510300",
        10_000_000,
        "510304",
        "大安区仓库",
    ),
    "D4": (
        "成都锦城副食有限公司",
        "company",
        "91510100MA0000000H",
        "510100",
        50_000_000,
        "510104",
        "锦江区仓库",
    ),
}
BOOK = "STD"
POLICY = "QTR"
#: The day on which the county 511083 was opened by exception.
COUNTY_OPENED = date(2026, 7, 1)
