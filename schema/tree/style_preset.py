"""Looks that have a name, as clients see them."""

from collections.abc import Sequence

import strawberry

import documents.tree.style_preset as stored
from access.permissions import Permission
from documents.tree.style_preset import LOOKS
from schema.enums import describe
from schema.guarding.rules import needs

describe(
    stored.StylePreset,
    "What pictures look like, by name.",
    {preset: f"In words: {look}." for preset, look in LOOKS.items()},
)


@strawberry.type(description="A look that has a name.")
class StylePresetWords:
    """Over a member of `documents.tree.style_preset.StylePreset`."""

    @strawberry.field(
        graphql_type=stored.StylePreset, description="For `updateStyle(preset:)`, `createProject` and shows."
    )
    def preset(self, root: strawberry.Parent[stored.StylePreset]) -> stored.StylePreset:
        """Its name."""
        return root

    @strawberry.field(description="The words that it stands for, as `style.look` gets them.")
    def words(self, root: strawberry.Parent[stored.StylePreset]) -> str:
        """Its words."""
        return LOOKS[root]


@strawberry.type
class StylePresetQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=list[StylePresetWords],
        description="The looks that have a name, with their words.",
        metadata=needs(Permission.ACCOUNT_VIEW),
    )
    def style_presets(self) -> Sequence[stored.StylePreset]:
        """All of them."""
        return list(stored.StylePreset)
