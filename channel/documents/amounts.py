"""Amounts spelled out: 大写 in any currency, and English words; cents as figures of a hundred."""

from __future__ import annotations

from contracts.values.words import amount_in_words

#: currency → its name in Chinese and in English.
CURRENCIES: dict[str, tuple[str, str]] = {
    "CNY": ("人民币", "Renminbi yuan"),
    "USD": ("美元", "US dollars"),
    "EUR": ("欧元", "Euros"),
    "HKD": ("港元", "Hong Kong dollars"),
    "JPY": ("日元", "Japanese yen"),
    "GBP": ("英镑", "Pounds sterling"),
    "SGD": ("新加坡元", "Singapore dollars"),
    "AUD": ("澳元", "Australian dollars"),
    "CAD": ("加元", "Canadian dollars"),
    "CHF": ("瑞士法郎", "Swiss francs"),
    "KRW": ("韩元", "Korean won"),
    "THB": ("泰铢", "Thai baht"),
    "MYR": ("马来西亚林吉特", "Malaysian ringgit"),
    "RUB": ("卢布", "Russian roubles"),
}
_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_LARGE = ("", " thousand", " million", " billion", " trillion", " quadrillion")


def chinese_words(fen: int, currency: str) -> str:
    """人民币贰仟肆佰元整, 美元负伍佰元整; the code where the currency has no name here."""
    name = CURRENCIES.get(currency, (f"{currency} ", ""))[0]
    return name + amount_in_words(fen).removeprefix("人民币")


def english_words(fen: int, currency: str) -> str:
    """Renminbi yuan two thousand four hundred only; … and 50/100; minus leads."""
    name = CURRENCIES.get(currency, ("", currency))[1]
    whole, cents = divmod(abs(fen), 100)
    lead = "minus " if fen < 0 else ""
    rest = f" and {cents:02d}/100" if cents else " only"
    return f"{name} {lead}{_number(whole)}{rest}"


def _number(number: int) -> str:
    if number == 0:
        return _SMALL[0]
    groups = []
    place = 0
    while number:
        number, group = divmod(number, 1000)
        if group:
            groups.append(_hundreds(group) + _LARGE[place])
        place += 1
    return " ".join(reversed(groups))


def _hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_SMALL[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        words.append(_TENS[tens - 2] + (f"-{_SMALL[ones]}" if ones else ""))
    elif rest:
        words.append(_SMALL[rest])
    return " ".join(words)
