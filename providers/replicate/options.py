"""What an operator decides about Replicate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from providers.line import LineLimits
from providers.protocols.offer import Capability, ModelFacts

NAME = "replicate"
KEY_SETTING = "FRAMEWRIGHT_REPLICATE_API_TOKEN"


@dataclass(frozen=True, slots=True)
class ReplicateModel:
    """A model there, and how it wants to be asked: each model names its inputs as it likes.

    Args:
        name: `owner/name`, or `owner/name:version` for one that is not Replicate's own ("official").
        inputs: what we say → the input's name. We say `prompt negative_prompt width height aspect_ratio seed
            duration first_image image images mask audio video`; what is not named here is not sent. A mask
            is a picture that is white where `image` may change. Empty takes what is known of the model, or
            else the least that models of its kind have in common.
        fixed: inputs that are sent as they stand.
        durations_s: the lengths that it makes, if not any; the next longer one is asked for.
        longest_s: the greatest length, if there is one.
        aspect_ratios: those that it draws, such as `9:16`; the nearest one is asked for.
        in_lists: those of our words whose input is a list of files.
        most_images: how many pictures `images` takes, if there is a limit.
    """

    name: str
    inputs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    fixed: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    durations_s: tuple[int, ...] = ()
    longest_s: int | None = None
    aspect_ratios: tuple[str, ...] = ()
    in_lists: frozenset[str] = frozenset()
    most_images: int | None = None

    @property
    def plain_name(self) -> str:
        """Without the version: as prices, offers and provenance call it."""
        return self.name.partition(":")[0]

    @property
    def version(self) -> str | None:
        """The version that is pinned, if one is."""
        return self.name.partition(":")[2] or None

    def takes(self, word: str) -> bool:
        """Whether there is an input for what we call `word`."""
        return word in self.inputs

    @property
    def facts(self) -> ModelFacts:
        """What is known of it, for whoever chooses among models."""
        return ModelFacts(
            model=self.plain_name,
            takes_seeds=self.takes("seed"),
            takes_negative_prompts=self.takes("negative_prompt"),
            takes_references=self.takes("images"),
            takes_first_image=self.takes("first_image"),
            lengths_s=tuple(map(float, sorted(self.durations_s))),
            longest_s=None if self.longest_s is None else float(self.longest_s),
            aspect_ratios=self.aspect_ratios,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicateOptions:
    """How Replicate is used here.

    Args:
        api_token: the installation's own; None where everybody brings theirs.
        base_url: another address of the interface, such as a proxy's; None for Replicate's.
        models: one for each capability; where none is named, the known ones of that capability serve.
        poll_s: from one look at a prediction to the next, at first.
        timeout_s: how long one try waits for a prediction; it goes on there, and the next try goes on here.
            No single call may take longer either.
        limits: of one line.
    """

    api_token: str | None = field(default=None, repr=False)
    base_url: str | None = None
    models: Mapping[Capability, ReplicateModel] = field(default_factory=lambda: MappingProxyType({}))
    poll_s: float = 2.0
    timeout_s: float = 900.0
    limits: LineLimits = field(default_factory=LineLimits)
