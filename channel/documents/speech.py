"""How a paper speaks: Chinese, English, or both with the English under the Chinese.

A value that reads differently in the two languages is given as `Said` and picked for each side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from channel.documents.model import PaperLang

Table = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Said:
    """The same in both languages."""

    zh: str
    en: str

    def side(self, at: int) -> str:
        return self.en if at else self.zh

    def plus(self, other: Said) -> Said:
        return Said(self.zh + other.zh, self.en + other.en)


class Speech:
    """The words of a paper in one of the three languages."""

    def __init__(self, lang: PaperLang, *tables: Table) -> None:
        self.lang = lang
        self._words = {key: pair for table in tables for key, pair in table.items()}

    def both(self, key: str, /, **values: object) -> Said:
        """The sentence in both languages; KeyError for an unknown key."""
        return Said(*(self._side(self._words[key], at, values) for at in (0, 1)))

    @staticmethod
    def _side(pair: tuple[str, str], at: int, values: Mapping[str, object]) -> str:
        if not values:
            return pair[at]
        picked = {k: v.side(at) if isinstance(v, Said) else v for k, v in values.items()}
        return pair[at].format(**picked)

    def print(self, said: Said) -> str:
        """As it stands on the page."""
        if self.lang == "en":
            return said.en
        if self.lang == "zh" or said.zh == said.en or not said.en:
            return said.zh
        return Markup('{}<span class="en" lang="en">{}</span>').format(said.zh, said.en)

    def one_line(self, said: Said) -> str:
        """For a title or a label that holds no markup."""
        if self.lang == "en":
            return said.en
        return said.zh if self.lang == "zh" or said.zh == said.en else f"{said.zh} · {said.en}"

    @property
    def word(self) -> Callable[..., str]:
        """`t(key, name=value)` for the templates."""
        return lambda key, **values: self.print(self.both(key, **values))

    @property
    def title(self) -> Callable[..., str]:
        return lambda key, **values: self.one_line(self.both(key, **values))
