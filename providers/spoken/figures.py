"""Rules for figures by themselves: spans, ordinals, days, years, counts."""

import re

from providers.spoken.numerals import (
    APOSTROPHES,
    BEGINS,
    ENDS,
    YEARS,
    Numeral,
    in_words,
    numeral_pattern,
    ordinal,
    parsed,
    year,
)
from providers.spoken.rule import Rule
from providers.spoken.signs import minus_of, standing_number
from providers.spoken.table import Table

_YEAR_LENGTH = 4
_LONGEST_LEAP = 3


def figure_rules(table: Table) -> list[Rule]:
    """All of the language's, the narrowest first."""
    number = numeral_pattern(table)
    rules = _ordinals(table)
    if table.years_plural:
        decade = rf"{BEGINS}(?P<year>\d{{3}}0)[{APOSTROPHES}]?s(?!\w)"
        rules.append(Rule(re.compile(decade), lambda match: _decade(match, table)))
    if table.number_sign is not None:
        mark = rf"(?<!\w)#(?P<number>\d+){ENDS}"
        rules.append(Rule(re.compile(mark), lambda match: _numbered(match, table)))
    stays = "" if table.stays_before is None else f"(?!{table.stays_before})"
    plain = rf"{standing_number(number)}{ENDS}{stays}"
    rules.append(Rule(re.compile(plain), lambda match: _plain(match, table)))
    return rules


def day_rules(table: Table) -> list[Rule]:
    """Days beside a month are said in more ways than one: they stay figures."""
    if table.months is None:
        return []
    day = r"(?:3[01]|[12]\d|[1-9])"
    days = rf"{day}(?:[-\u2013]{day})?"
    behind = "|".join(rf"(?<=\b{month} )" for month in table.months.split("|"))
    patterns = (
        rf"(?<![\w/.,:$\u00a3\u20ac#-]){days}(?=\s(?:{table.months})\b)",
        rf"(?:{behind}){days}(?![\w%\u00b0]|[.,:/-]\d)",
    )
    return [Rule(re.compile(pattern), lambda match: match[0]) for pattern in patterns]


def _said(figures: str, table: Table) -> str | None:
    if (table.years or table.centuries) and _is_year(figures):
        return year(int(figures), table)
    return in_words(Numeral(figures, "", grouped=False), table)


def _is_year(figures: str) -> bool:
    return len(figures) == _YEAR_LENGTH and int(figures) in YEARS


def _plain(match: re.Match[str], table: Table) -> str | None:
    numeral = parsed(match["number"], table)
    if numeral.grouped or numeral.decimals or match["minus"]:
        said = in_words(numeral, table)
    else:
        said = _said(numeral.whole, table)
    if said is None or (table.gendered and re.search(table.gendered, said) and not _is_year(numeral.whole)):
        return None
    return minus_of(match, table) + said


def span_rules(table: Table) -> list[Rule]:
    """From one number to another: the first one and the dash; the last one may have a sign of its own."""
    if table.to is None:
        return []
    dash = "(?P<dash>-|\u2013| \u2013 )"
    last = r"(?P<last>\d{1,4})"
    code = rf"{BEGINS}(?P<first>\d{{1,4}}){dash}{last}{ENDS}"
    span = rf"{BEGINS}(?P<first>\d{{1,4}}){dash}(?={last}(?!\d|[.,:]\d|/))"
    return [
        Rule(re.compile(code), lambda match: None if _rises(match) else match[0]),
        Rule(re.compile(span), lambda match: _from_to(match, table)),
    ]


def _rises(match: re.Match[str]) -> bool:
    """Figures that fall, or that grow by much behind a hyphen, are a code or a telephone number."""
    first, last = match["first"], match["last"]
    if match["dash"] == "-" and len(last) != len(first) and len(last) > _LONGEST_LEAP:
        return False
    return int(first) < int(last)


def _from_to(match: re.Match[str], table: Table) -> str | None:
    first = _said(match["first"], table) if _rises(match) else None
    return None if first is None else f"{first} {table.to} "


def _ordinals(table: Table) -> list[Rule]:
    rules = []
    for marks, ending in ((table.ordinals, None), (table.masculine, None), (table.feminine, "a")):
        if marks is not None:
            rules.append(_ordinal_rule(rf"(?P<number>\d{{1,6}})(?:{marks})", ending, table))
    if table.first_masculine is not None:
        rules.append(_ordinal_rule(rf"(?P<number>1)(?:{table.first_masculine})", None, table))
    if table.first_feminine is not None:
        marks, word = table.first_feminine
        rules.append(Rule(re.compile(rf"(?<![\w/.,])1(?:{marks})(?!\w)"), lambda _: word))
    if table.days is not None:
        days = table.days
        before = rf"(?:\b(?P<plain>{days.plain_before})\s+)?"
        pattern = rf"{before}(?<![\w/.,])(?P<day>[12]?\d|3[01]){days.mark}(?=\s+(?:{days.months})\b)"
        rules.append(Rule(re.compile(pattern), lambda match: _day(match, table, days.inflected)))
    return rules


def _ordinal_rule(pattern: str, ending: str | None, table: Table) -> Rule:
    def says(match: re.Match[str]) -> str:
        words = ordinal(int(match["number"]), table)
        return words if ending is None else re.sub(r"o\b", ending, words)

    return Rule(re.compile(rf"(?<![\w/.,]){pattern}(?!\w)"), says)


def _day(match: re.Match[str], table: Table, inflected: str) -> str:
    words = ordinal(int(match["day"]), table)
    plain = match["plain"]
    return f"{plain} {words}" if plain else words + inflected


def _decade(match: re.Match[str], table: Table) -> str | None:
    number = int(match["year"])
    if number not in YEARS:
        return None
    words = year(number, table)
    return words[:-1] + "ies" if words.endswith("y") else words + "s"


def _numbered(match: re.Match[str], table: Table) -> str | None:
    words = in_words(Numeral(match["number"], "", grouped=False), table)
    return None if words is None else f"{table.number_sign} {words}"
