"""Trade messages for tests, written as a partner's system would send them."""

from __future__ import annotations


def x12(kind: str, *body: str, element: str = "*", end: str = "~", component: str = ">") -> bytes:
    """An interchange of one transaction set; the body's elements are parted by «*»."""
    isa = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", "D1".ljust(15), "ZZ", "MAKER".ljust(15),
           "261105", "0801", "U", "00401", "000000001", "0", "P"]  # fmt: skip
    head = element.join(isa) + element + component + end
    inner = [f"ST*{kind}*0001", *body, f"SE*{len(body) + 2}*0001"]
    lines = ["GS*PD*D1*MAKER*20261105*0801*1*X*004010", *inner, "GE*1*1", "IEA*1*000000001"]
    return (head + "".join(line.replace("*", element) + end + "\n" for line in lines)).encode()


def edifact(kind: str, *body: str, una: str = "UNA:+.? '") -> bytes:
    """An interchange of one message, under the service string given."""
    inner = [f"UNH+1+{kind}:D:96A:UN:EAN004", *body, f"UNT+{len(body) + 2}+1"]
    lines = ["UNB+UNOA:3+D1:14+MAKER:14+261105:0801+1", *inner, "UNZ+1+1"]
    return (una + "\n".join(f"{line}'" for line in lines)).encode()


ACTIVITY = x12(
    "852",
    "XQ*H*20261001*20261031",
    "N1*WH*Main*92*W1",
    "LIN*1*VP*A*BP*4711*LT*B7",
    "ZA*QB*100*EA", "ZA*QR*200*EA", "ZA*QS*150*EA", "ZA*QS*30*EA", "ZA*QU*7*EA", "ZA*QT*-5*EA",
    "ZA*QZ*-2*EA", "ZA*QI*40*EA", "ZA*QH*3*EA", "ZA*QE*120*EA", "ZA*QL*20*EA",
    "LIN*2*VP*B",
    "ZA*QB**EA", "SDQ*EA*92*S1*10*S2*20", "ZA*QR*0*EA",
    "CTT*2",
)  # fmt: skip

INVENTORY = edifact(
    "INVRPT",
    "BGM+35+INVR1+9",
    "DTM+137:20261105:102",
    "DTM+273:20261001-20261031:718",
    "NAD+GY+5410738100050::9",
    "LIN+1++5412345100102:EN", "PIA+1+A:SA",
    "QTY+157:100", "INV+2",
    "QTY+48:200", "QTY+153:180",
    "QTY+145:300", "QTY+145:150", "GIN+BX+B1", "LOC+18+W1", "DTM+361:20270217:102",
    "QTY+145:295", "INV++++2",
    "QTY+98E:4", "INV+1",
    "QTY+61:6", "INV+1",
    "QTY+198:12", "QTY+124:2", "QTY+97:50",
)  # fmt: skip

SALES = edifact(
    "SLSRPT",
    "BGM+73E+S1+9", "DTM+90:20261001:102", "DTM+91:20261031:102",
    "LOC+162+SHOP?+1::9",
    "LIN+1++5412345100102:EN", "PIA+1+A:SA", "IMD+F++:::Mineral?'s water",
    "QTY+153:140", "QTY+153:-8", "QTY+210:3",
    "LOC+162+SHOP2::9",
    "LIN+2++B:IN", "QTY+153:12,5",
)  # fmt: skip

RESALE = x12(
    "867",
    "BPT*00*R1*20261105*02",
    "DTM*090*20261001", "DTM*091*20261031",
    "N1*DB*Distributor*92*D1",
    "PTD*SS", "N1*ST*Customer*92*C1", "QTY*39*10*CA", "LIN**VP*A",
    "PTD*SS", "QTY*32*-2*CA", "LIN**VP*A",
    "PTD*RV", "QTY*39*3*CA", "LIN**VP*A",
    "PTD*IB", "QTY*39*4*CA", "LIN**VP*A",
    "PTD*DS", "QTY*39*99*CA", "LIN**VP*A",
    "PTD*ZZ", "QTY*39*1*CA", "LIN**VP*A",
)  # fmt: skip
