"""The words of an inventory statement that the rebate statement does not have, zh and en."""

from __future__ import annotations

from collections.abc import Callable

from channel.documents.model import Lang
from channel.documents.words import words_in

STOCK_WORDS: dict[str, tuple[str, str]] = {
    "stock_title": ("库存对账单", "Inventory statement"),
    "stock_period": ("报表期间", "Report"),
    "stock_version": ("第 {n} 版", "version {n}"),
    "stock_date": ("出具日期", "Issued on"),
    "stock_value": ("期末库存金额（按发货价）", "Stock at the end, at our dealer price"),
    "stock_movements": ("进销存", "Movements"),
    "stock_product": ("产品", "Product"),
    "stock_unit": ("单位", "Unit"),
    "stock_opening": ("期初", "Opening"),
    "stock_in": ("进货等入库", "In"),
    "stock_sold": ("出货", "Sold"),
    "stock_left": ("其他出库", "Other out"),
    "stock_closing": ("期末", "Closing"),
    "stock_difference": ("差异", "Difference"),
    "stock_through": ("售罄率 %", "Sold %"),
    "stock_through_note": (
        "售罄率 = 出货 ÷（期初 + 进货）。入库含客户退货、调入与盘盈；其他出库为退厂、调出与损耗。",
        "Sold % is the sell-through, sold ÷ (opening + goods in). In: goods, customer returns, "
        "transfers and count surplus; other out: returns to the maker, transfers and losses.",
    ),
    "stock_ages": ("库龄", "Stock by age"),
    "stock_age_a": ("0–30 天", "0–30 d"),
    "stock_age_b": ("31–60 天", "31–60 d"),
    "stock_age_c": ("61–90 天", "61–90 d"),
    "stock_age_d": ("91–180 天", "91–180 d"),
    "stock_age_e": ("180 天以上", "> 180 d"),
    "stock_unexplained": ("无法对应", "Unexplained"),
    "stock_average": ("平均库龄", "Average"),
    "stock_ages_note": (
        "库龄自我方发货日起算至期末日，区间含上限；平均库龄按数量加权。“无法对应”为我方发货不能解释的"
        "库存，不计库龄与金额。账面为负的批次单列，不计入库龄。",
        "Age runs from our shipment to the last day; bounds belong to the lower bucket; the "
        "average is weighted by quantity. What our deliveries do not explain has neither age nor "
        "value. Batches below zero are set apart.",
    ),
    "stock_layers": ("库存批次层", "Layers"),
    "stock_batch": ("批次", "Batch"),
    "stock_delivered": ("发货日", "Delivered"),
    "stock_quantity": ("数量", "Quantity"),
    "stock_worth": ("金额", "Value"),
    "stock_levels": ("安全库存与建议订货", "Safety stock and suggested order"),
    "stock_method": ("方法", "Method"),
    "stock_safety": ("安全库存", "Safety stock"),
    "stock_target": ("目标库存", "Target"),
    "stock_saleable": ("可售库存", "Saleable"),
    "stock_transit": ("在途", "In transit"),
    "stock_ordered": ("在订", "On order"),
    "stock_to_order": ("建议订货", "To order"),
    "stock_order_value": ("订货金额", "Value"),
    "stock_cover": ("可销天数", "Days left"),
    "stock_no_movement": ("无动销", "no movement"),
    "stock_floor": (
        "最低起运额为 {floor}；建议订货金额低于此数时，请增加品种或申请例外。",
        "The minimum shipment is {floor}; where the suggested order is below it, add goods or "
        "apply for an exception.",
    ),
    "stock_levels_note": (
        "建议订货 = 目标库存 − 可售库存 − 在途 − 在订，按整件向上取整。"
        "可销天数 = 可售库存 ÷ 近三个月日均出货。",
        "To order = target − saleable − in transit − on order, rounded up to whole cases. Days "
        "left = saleable stock ÷ daily sales of the last three months.",
    ),
    "stock_none": ("无库存。", "Nothing is in stock."),
    "method_days_of_cover": ("按天数", "days of cover"),
    "method_cycle_service": ("周期服务水平", "cycle service"),
    "method_fill_rate": ("满足率", "fill rate"),
    "method_poisson": ("泊松", "Poisson"),
    "method_croston": ("Croston", "Croston"),
    "method_sba": ("SBA", "SBA"),
    "method_tsb": ("TSB", "TSB"),
}


def word_of(lang: Lang) -> Callable[..., str]:
    """`word("key", name=value)` from both tables; KeyError for an unknown key."""
    return words_in(lang, STOCK_WORDS)
