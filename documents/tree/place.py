"""Where a node stands in a project's tree: how a query names it, and how an update reaches it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from beanie import PydanticObjectId
from pydantic import BaseModel

from documents.projects.money import Budget
from documents.projects.project import Project
from documents.tree.brief import Brief, Music, PublishingTexts, Style
from documents.tree.lexicon import Pronunciation
from documents.tree.look import SoundEffect
from documents.tree.node import Section
from documents.tree.script import Clip, Frame, Image, Scene, Script, SeedFrame, Voiceover
from documents.tree.timeline import Timeline, TimelineClip

Expression = Any


@dataclass(frozen=True, slots=True)
class Place:
    """One node's address.

    Args:
        model: the node's class; its name is the kind that the schema shows.
        node_id: the node's id (a voiceover's is its frame's); None for a section.
        path: the update path, with array filters in it; empty for the project itself.
        steps: from the outermost array inwards, the array's field and what its element must meet.
        expression: aggregation expression that yields the node.
        array_filters: what the `$[...]` in the path stand for.
        within: where the node's fields stand in the innermost element, for a node that is no element itself.
    """

    model: type[BaseModel]
    node_id: PydanticObjectId | None
    path: str
    steps: tuple[tuple[str, dict[str, Any]], ...]
    expression: Expression
    array_filters: tuple[dict[str, Any], ...] = field(default=())
    within: str = ""

    @property
    def kind(self) -> str:
        """The node's kind, as the schema names it."""
        return self.model.__name__

    def at(self, name: str) -> str:
        """Update path of one of the node's fields."""
        return f"{self.path}.{name}" if self.path else name

    def value(self, name: str) -> Expression:
        """Aggregation expression that yields one of the node's fields, or a field inside of one (`a.b`)."""
        value = self.expression
        for part in name.split("."):
            value = {"$getField": {"field": part, "input": value}}
        return value

    def match(self, condition: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A filter that holds if the node exists and meets the condition on its own fields.

        Array filters alone report success on a node that is gone, so the query must name it.
        """
        own = {f"{self.within}{name}": value for name, value in (condition or {}).items()}
        if not self.steps:
            return own
        inner = {**self.steps[-1][1], **own}
        for (_, outer), (name, _) in zip(reversed(self.steps[:-1]), reversed(self.steps[1:]), strict=True):
            inner = {**outer, name: {"$elemMatch": inner}}
        return {self.steps[0][0]: {"$elemMatch": inner}}


def _first(array: Expression, node_id: PydanticObjectId) -> Expression:
    return {"$first": {"$filter": {"input": array, "as": "node", "cond": {"$eq": ["$$node._id", node_id]}}}}


def _all_of(array: Expression, name: str) -> Expression:
    """Concatenation of the arrays called `name` in each element of `array`."""
    return {
        "$reduce": {
            "input": array,
            "initialValue": [],
            "in": {"$concatArrays": ["$$value", f"$$this.{name}"]},
        }
    }


_SCENES = "script.scenes"
_FRAMES = _all_of(f"${_SCENES}", "frames")


def section(model: type[Section]) -> Place:
    """A section of the project itself."""
    names: dict[type[Section], str] = {
        Brief: "brief",
        Style: "style",
        Script: "script",
        Music: "music",
        PublishingTexts: "publishing",
        Timeline: "timeline",
        Pronunciation: "pronunciation",
        Budget: "budget",
    }
    name = names[model]
    return Place(model, None, name, (), f"${name}", within=f"{name}.")


def scene(scene_id: PydanticObjectId) -> Place:
    """A scene."""
    return Place(
        Scene,
        scene_id,
        f"{_SCENES}.$[scene]",
        ((_SCENES, {"_id": scene_id}),),
        _first(f"${_SCENES}", scene_id),
        ({"scene._id": scene_id},),
    )


def scene_of_frame(frame_id: PydanticObjectId) -> Place:
    """The scene in which a frame stands."""
    holds = {"$in": [frame_id, "$$scene.frames._id"]}
    return Place(
        Scene,
        None,
        f"{_SCENES}.$[scene]",
        ((_SCENES, {"frames._id": frame_id}),),
        {"$first": {"$filter": {"input": f"${_SCENES}", "as": "scene", "cond": holds}}},
        ({"scene.frames._id": frame_id},),
    )


def frame(frame_id: PydanticObjectId) -> Place:
    """A frame, in whichever scene it stands."""
    return Place(
        Frame,
        frame_id,
        f"{_SCENES}.$[scene].frames.$[frame]",
        ((_SCENES, {}), ("frames", {"_id": frame_id})),
        _first(_FRAMES, frame_id),
        ({"scene.frames._id": frame_id}, {"frame._id": frame_id}),
    )


def image(image_id: PydanticObjectId) -> Place:
    """A candidate picture, in whichever frame it stands."""
    return Place(
        Image,
        image_id,
        f"{_SCENES}.$[scene].frames.$[frame].images.$[image]",
        ((_SCENES, {}), ("frames", {}), ("images", {"_id": image_id})),
        _first(_all_of(_FRAMES, "images"), image_id),
        ({"scene.frames.images._id": image_id}, {"frame.images._id": image_id}, {"image._id": image_id}),
    )


def voiceover(frame_id: PydanticObjectId) -> Place:
    """The voiceover of a frame."""
    return Place(
        Voiceover,
        frame_id,
        f"{_SCENES}.$[scene].frames.$[frame].voiceover",
        ((_SCENES, {}), ("frames", {"_id": frame_id})),
        {"$getField": {"field": "voiceover", "input": _first(_FRAMES, frame_id)}},
        ({"scene.frames._id": frame_id}, {"frame._id": frame_id}),
        within="voiceover.",
    )


def clip(clip_id: PydanticObjectId) -> Place:
    """A candidate clip, in whichever scene it stands."""
    return Place(
        Clip,
        clip_id,
        f"{_SCENES}.$[scene].clips.$[clip]",
        ((_SCENES, {}), ("clips", {"_id": clip_id})),
        _first(_all_of(f"${_SCENES}", "clips"), clip_id),
        ({"scene.clips._id": clip_id}, {"clip._id": clip_id}),
    )


def seed_frame(seed_frame_id: PydanticObjectId) -> Place:
    """A picture taken out of a clip, in whichever scene it stands."""
    return Place(
        SeedFrame,
        seed_frame_id,
        f"{_SCENES}.$[scene].seed_frames.$[seed]",
        ((_SCENES, {}), ("seed_frames", {"_id": seed_frame_id})),
        _first(_all_of(f"${_SCENES}", "seed_frames"), seed_frame_id),
        ({"scene.seed_frames._id": seed_frame_id}, {"seed._id": seed_frame_id}),
    )


def sound_effect(effect_id: PydanticObjectId) -> Place:
    """A sound effect, in whichever frame it stands."""
    return Place(
        SoundEffect,
        effect_id,
        f"{_SCENES}.$[scene].frames.$[frame].sound_effects.$[effect]",
        ((_SCENES, {}), ("frames", {}), ("sound_effects", {"_id": effect_id})),
        _first(_all_of(_FRAMES, "sound_effects"), effect_id),
        (
            {"scene.frames.sound_effects._id": effect_id},
            {"frame.sound_effects._id": effect_id},
            {"effect._id": effect_id},
        ),
    )


def timeline_clip(clip_id: PydanticObjectId) -> Place:
    """A clip of an explicit timeline."""
    return Place(
        TimelineClip,
        clip_id,
        "timeline.clips.$[clip]",
        (("timeline.clips", {"_id": clip_id}),),
        _first("$timeline.clips", clip_id),
        ({"clip._id": clip_id},),
    )


def project() -> Place:
    """The project's own fields; read back without what makes it large."""
    light: Expression = "$$ROOT"
    for name in ("script", "timeline", "outbox"):
        light = {"$unsetField": {"field": name, "input": light}}
    return Place(Project, None, "", (), light)


def of(kind: str, node_id: PydanticObjectId | None) -> Place:
    """The place of a node whose kind is only known by name, as events carry it."""
    if node_id is None:
        named = {
            model.__name__: model
            for model in (Brief, Style, Script, Music, PublishingTexts, Pronunciation, Timeline)
        }
        return section(named[kind]) if kind in named else project()
    by_kind: dict[str, Callable[[PydanticObjectId], Place]] = {
        "Scene": scene,
        "Frame": frame,
        "Image": image,
        "Voiceover": voiceover,
        "Clip": clip,
        "SeedFrame": seed_frame,
        "SoundEffect": sound_effect,
        "TimelineClip": timeline_clip,
    }
    return by_kind[kind](node_id)
