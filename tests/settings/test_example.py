"""`.env.example`."""

import re
from pathlib import Path

from settings.environment import load_settings, sections, variable
from settings.example import env_example


def test_the_committed_example_is_fresh() -> None:
    assert (Path(__file__).parents[2] / ".env.example").read_text() == env_example()


def test_every_setting_is_listed_once_with_a_description() -> None:
    text = env_example()
    for section in sections().values():
        for field, info in section.model_fields.items():
            assert text.count(f"\n#{variable(field)}=") == 1
            assert (info.description or "").endswith(".")


def test_the_listed_defaults_are_the_defaults() -> None:
    pairs = re.findall(r"^#(FRAMEWRIGHT_\w+)=(.+)$", env_example(), flags=re.MULTILINE)
    key = "k:" + "x" * 32
    needed = {
        variable(field): key if field.endswith("keys") else "x"
        for section in sections().values()
        for field, info in section.model_fields.items()
        if info.is_required()
    }
    assert load_settings({**needed, **dict(pairs)}) == load_settings(needed)


def test_examples_of_values_can_be_copied_whole() -> None:
    text = env_example()
    for section in sections().values():
        for info in section.model_fields.values():
            for word in (info.description or "").split():
                assert word in text
