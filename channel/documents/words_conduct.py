"""The words of notices and decisions in a case, zh and en."""

from __future__ import annotations

CONDUCT_WORDS: dict[str, tuple[str, str]] = {
    "case_notice": ("跨区销售通知书", "Notice of selling outside the territory"),
    "case_decision": ("处理决定书", "Decision"),
    "case_reversal": ("处理撤销决定书", "Reversal of a decision"),
    "case_number": ("编号", "Number"),
    "case_case": ("案件编号", "Case"),
    "case_date": ("日期", "Date"),
    "case_contract": ("合同编号", "Contract"),
    "case_reply": ("答复期限", "Answer by"),
    "case_to": ("致：", "To:"),
    "case_preamble": (
        "下列产品按合同发往贵公司，现于贵公司合同区域之外被发现：",
        "The goods below were shipped to you under the contract and were found outside your "
        "territory:",
    ),
    "case_seen": (
        "在贵公司合同区域之外发现贵公司经销的产品，详见照片。",
        "Goods of yours were seen outside your territory; the photos show them.",
    ),
    "case_demand": (
        "请于 {day} 前（含当日）书面说明货物去向并提交证据。"
        "逾期未答复的，甲方将依据现有证据作出决定。",
        "Please say in writing where the goods went, with your evidence, by {day} at the latest. "
        "Without an answer the maker decides on the evidence it has.",
    ),
    "case_found": ("发现日期", "Found on"),
    "case_code": ("物流码", "Trace code"),
    "case_product": ("产品 / 批号", "Product / batch"),
    "case_shipment": ("发货单", "Shipment"),
    "case_place": ("发现地点", "Found at"),
    "case_quantity": ("数量", "Quantity"),
    "case_result": ("认定：", "Finding:"),
    "case_measure": ("处理措施", "Consequence"),
    "case_amount": ("金额", "Amount"),
    "case_agreed": ("合同约定金额", "Amount in the contract"),
    "case_none": ("合同未约定", "none named"),
    "case_basis": ("依据", "Basis"),
    "case_basis_contract": ("按合同约定", "as the contract says"),
    "case_basis_court": ("按法院裁判", "as a court decided"),
    "case_basis_settlement": ("按双方和解", "as settled"),
    "case_reason": ("理由：", "Reason:"),
    "case_from": ("生效日期", "In force from"),
    "case_until": ("截止日期（含）", "Until (inclusive)"),
    "case_open": ("另行通知", "until lifted"),
    "case_top_up": ("保证金补足期限", "Deposit to be filled up by"),
    "case_reverses": ("撤销的决定", "Reverses"),
    "case_warning": ("书面警告", "written warning"),
    "case_fine": ("罚款（列入下期返利结算单）", "fine, on the next rebate statement"),
    "case_deposit": ("扣除保证金", "deducted from the deposit"),
    "case_withhold": ("暂扣返利", "rebate withheld"),
    "case_stop": ("停止发货", "shipping stopped"),
    "case_terminate": ("终止合同", "termination of the contract"),
    "case_proposed": ("经办人：", "Proposed by:"),
    "case_signed": ("签发人：", "Issued by:"),
}
