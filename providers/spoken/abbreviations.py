"""Rules for words that are written short."""

import re
from functools import partial

from providers.spoken.rule import Rule, any_of, ends_sentence
from providers.spoken.table import Abbreviation, Table

_FOLLOWED_BY = {"name": r"(?=\s+[^\W\d_a-zß-öø-ÿ])", "number": r"(?=\s*\d)", None: ""}


def abbreviation_rules(table: Table) -> list[Rule]:
    """One for each thing that must follow, and one for signs that stand for words."""
    rules = []
    for before, follows in _FOLLOWED_BY.items():
        known = {short: each for short, each in table.abbreviations.items() if each.before == before}
        if known:
            pattern = rf"(?<![\w.])(?P<short>{any_of(list(known))}){follows}(?!\w)"
            rules.append(Rule(re.compile(pattern), partial(_said, known)))
    rules.append(Rule(re.compile(r"(?<=\s)&(?=\s)"), lambda _: table.ampersand))
    return rules


def _said(known: dict[str, Abbreviation], match: re.Match[str]) -> str:
    short = re.sub(r"\s+", " ", match["short"])
    entry = known[short]
    is_last = not match.string[match.end() :].strip()
    if short.endswith(".") and (is_last or (entry.ends and ends_sentence(match))):
        return entry.says + "."
    return entry.says
