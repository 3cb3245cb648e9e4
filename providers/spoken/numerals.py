"""Figures as words. num2words knows the numbers; how figures are written is known here."""

import re
from dataclasses import dataclass
from threading import Lock

from num2words import num2words

from providers.spoken.table import Table

LONGEST = 15  # figures; what is longer is a code and no count
YEARS = range(1100, 2100)
_THOUSANDS_FROM = 2000  # years from here on are read as other numbers, where earlier ones are by centuries
THIN_SPACES = "\u00a0\u202f\u2009"
MINUS = "-\u2212"
APOSTROPHES = "'\u2019"
BEGINS = rf"(?<![\w/{APOSTROPHES}])(?<!\w[.,:])"
ENDS = rf"(?![\w/]|[.,]\d|:\w|[{APOSTROPHES}]\w)"
"""Around figures: they are no part of a longer word, number, date, path or address."""


_ONE_AT_A_TIME = Lock()
"""Some converters, Turkish among them, keep the number that they are reading in themselves."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """Figures as they are written: `whole` and `decimals` are figures alone, `decimals` empty for none."""

    whole: str
    decimals: str
    grouped: bool

    @property
    def is_one(self) -> bool:
        """Whether it counts one thing."""
        return self.whole == "1" and not self.decimals


def numeral_pattern(table: Table) -> str:
    """Matches a number as the language writes it. It has no groups and no bounds of its own."""
    gap = f"[{re.escape(table.groups)}{THIN_SPACES}]"
    return rf"(?:\d{{1,3}}(?:{gap}\d{{3}}){{1,5}}|\d+)(?:{re.escape(table.decimal)}\d+)?"


def parsed(text: str, table: Table) -> Numeral:
    """What `numeral_pattern` found."""
    whole, _, decimals = text.partition(table.decimal)
    figures = re.sub(r"\D", "", whole)
    return Numeral(figures, decimals, grouped=len(figures) < len(whole))


def in_words(numeral: Numeral, table: Table) -> str | None:
    """The number in words; None where it is left in figures."""
    if len(numeral.whole) > LONGEST:
        return None
    if numeral.whole.startswith("0") and len(numeral.whole) > 1:
        return one_by_one(numeral.whole, table)
    if numeral.is_one:
        return table.one
    words = cardinal(int(numeral.whole), table)
    if not numeral.decimals:
        return words
    return f"{words} {table.point} {one_by_one(numeral.decimals, table)}"


def counting(numeral: Numeral, table: Table) -> str | None:
    """The number in words as it stands before what it counts, which may cut its end."""
    words = in_words(numeral, table)
    if words is None or numeral.decimals:
        return words
    for pattern, replacement in table.shortened:
        if re.search(pattern, words):
            return re.sub(pattern, replacement, words)
    return words


def cardinal(number: int, table: Table) -> str:
    """A count in words, without the commas that some converters put in: they would be heard as pauses."""
    if number == 0:
        return table.zero
    return _read(number, table, "cardinal")


def ordinal(number: int, table: Table) -> str:
    """A place in an order, in words."""
    return _read(number, table, "ordinal")


def year(number: int, table: Table) -> str:
    """A year in words."""
    if table.centuries is None:
        return _read(number, table, "year" if table.years else "cardinal")
    if number >= _THOUSANDS_FROM:
        return cardinal(number, table)
    hundreds, rest = divmod(number, 100)
    word, between = table.centuries
    before = cardinal(hundreds, table) + word
    return before + between + cardinal(rest, table) if rest else before


def one_by_one(figures: str, table: Table) -> str:
    """Each figure by itself, as telephone numbers and decimals are read."""
    return " ".join(cardinal(int(figure), table) for figure in figures)


def _read(number: int, table: Table, how: str) -> str:
    with _ONE_AT_A_TIME:
        words = str(num2words(number, lang=table.converter, to=how)).replace(",", "")
    for pattern, replacement in table.mended:
        words = re.sub(pattern, replacement, words)
    return words
