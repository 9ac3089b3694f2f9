"""The words of a return note that other documents do not have, zh and en."""

from __future__ import annotations

EXCHANGE_WORDS: dict[str, tuple[str, str]] = {
    "exchange_title": ("调货退回单", "Return note for an exchange"),
    "exchange_number": ("调货单号", "Claim"),
    "exchange_date": ("批准日期", "Approved on"),
    "exchange_by": ("退回期限", "Send back by"),
    "exchange_freight": ("退回运费承担方", "Freight borne by"),
    "exchange_side_maker": ("甲方（厂家）", "the maker"),
    "exchange_side_distributor": ("乙方（经销商）", "the distributor"),
    "exchange_in_return": ("调换方式", "In return"),
    "exchange_means_credit": ("红字发票（贷记货款）", "credit note"),
    "exchange_means_same": ("同品新货", "the same goods, fresh"),
    "exchange_means_other": ("其他产品", "other goods"),
    "exchange_preamble": (
        "根据合同第七条，甲方同意乙方退回下列滞销产品。数量以甲方清点为准；"
        "每箱附本单一份，箱外注明调货单号 {number}。",
        "Under clause 7 of the contract the maker takes back the slow-moving goods below. The "
        "maker's count is decisive; put a copy of this note into each box and write the claim "
        "number {number} on it.",
    ),
    "exchange_sealed": ("产品须包装完好、未拆封。", "Goods are sealed and intact."),
    "exchange_late": (
        "超过 {day} 退回的，本批准失效。",
        "The approval lapses when the goods are not sent by {day}.",
    ),
    "exchange_lines": ("退回产品（金额含税）", "Goods that come back (values incl. VAT)"),
    "exchange_product": ("产品", "Product"),
    "exchange_batch": ("批号", "Batch"),
    "exchange_shipment": ("原发货单", "Shipment"),
    "exchange_shipped": ("发货日期", "Shipped on"),
    "exchange_quantity": ("批准数量", "Approved"),
    "exchange_counted": ("实点数量", "Counted"),
    "exchange_unit_value": ("单价", "Unit value"),
    "exchange_value": ("金额", "Value"),
    "exchange_total": ("合计", "Total"),
    "exchange_goods": ("换出产品", "Goods in return"),
    "exchange_approved_by": ("批准人", "Approved by"),
    "exchange_sender": ("发货人签字", "Sent by (signature)"),
    "exchange_carrier": ("承运人签字", "Carrier (signature)"),
    "exchange_counter": ("清点人签字", "Counted by (signature)"),
    "exchange_note": ("备注", "Note"),
}
