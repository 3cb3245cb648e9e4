"""What a language model reads in a question: its facts, and the material between the marks."""

import re
from dataclasses import dataclass, field

_BLOCK = re.compile(
    r"^BEGIN (?P<mark>(?P<name>.+) [0-9a-f]{12})\n(?P<text>.*?)\nEND (?P=mark)$", re.MULTILINE | re.DOTALL
)
_FACT = re.compile(r"^(?P<name>[A-Z][\w ]*): (?P<value>.*)$", re.MULTILINE)
_ITEM = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ToldSheet:
    """Facts by name, material by name."""

    facts: dict[str, str] = field(default_factory=dict)
    material: dict[str, str] = field(default_factory=dict)

    def number(self, name: str, otherwise: int) -> int:
        return int(self.facts.get(name, otherwise))

    def numbered(self, name: str) -> list[str]:
        return [text for _, text in _ITEM.findall(self.material.get(name, ""))]

    def listed(self, name: str) -> list[str]:
        return [line.removeprefix("- ") for line in self.material.get(name, "").splitlines()]

    def field(self, name: str, key: str) -> str:
        for line in self.material.get(name, "").splitlines():
            if line.startswith(f"{key}: "):
                return line.removeprefix(f"{key}: ")
        return ""


def told_sheet(text: str) -> ToldSheet:
    material = {found["name"]: found["text"] for found in _BLOCK.finditer(text)}
    facts = {found["name"]: found["value"] for found in _FACT.finditer(_BLOCK.sub("", text))}
    return ToldSheet(facts, material)
