"""Writers race on one tree: what is stored is always what they would have done one after the other."""

import asyncio
import copy
import itertools
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from beanie import PydanticObjectId, init_beanie
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from pymongo.asynchronous.database import AsyncDatabase

from documents import MODELS
from documents.errors import CapReached, NodeMissing, RevisionStale
from documents.projects import project_life
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.asset import Origin, Provenance, StoredFile
from documents.tree.caps import Caps
from documents.tree.changes import TreeEditor
from documents.tree.script import Frame, Image, Scene

CAPS = Caps(scenes_per_script=4, frames_per_scene=3, frames_per_project=7, candidates_per_frame=2)
NOW = datetime(2026, 3, 1, tzinfo=UTC)
FILE = StoredFile(key="projects/p/a.png", sha256="ab" * 32, size_bytes=3, mime_type="image/png")
KINDS = [
    "add_scene", "add_frame", "add_image", "update_scene", "update_frame", "move_scene", "move_frame",
    "remove_scene", "remove_frame", "choose_image", "remove_image",
]  # fmt: skip
TEXTS = ["$$ROOT.x", "$title", "plain", r"{\b1}"]


@dataclass
class Tree:
    """The model: what a tree should hold, in plain lists."""

    scenes: list[dict[str, Any]] = field(default_factory=list)
    script_revision: int = 0
    revision: int = 0

    def scene(self, scene_id: PydanticObjectId) -> dict[str, Any]:
        return self._one(self.scenes, scene_id)

    def frame(self, frame_id: PydanticObjectId) -> dict[str, Any]:
        return self._one([frame for scene in self.scenes for frame in scene["frames"]], frame_id)

    def holder(self, frame_id: PydanticObjectId) -> dict[str, Any]:
        self.frame(frame_id)
        return next(s for s in self.scenes if any(f["id"] == frame_id for f in s["frames"]))

    @staticmethod
    def _one(nodes: list[dict[str, Any]], node_id: PydanticObjectId) -> dict[str, Any]:
        for node in nodes:
            if node["id"] == node_id:
                return node
        raise KeyError(node_id)


def as_tree(raw: dict[str, Any]) -> Tree:
    scenes = [
        {
            "id": scene["_id"],
            "text": scene["title"],
            "revision": scene["revision"],
            "frames": [
                {
                    "id": frame["_id"],
                    "text": frame["narration"],
                    "revision": frame["revision"],
                    "images": [image["_id"] for image in frame["images"]],
                    "chosen": frame["chosen_image_id"],
                }
                for frame in scene["frames"]
            ],
        }
        for scene in raw["script"]["scenes"]
    ]
    return Tree(scenes, raw["script"]["revision"], raw["revision"])


@dataclass(frozen=True)
class Act:
    """One writer's change, with ids that were known when it started."""

    kind: str
    scene: PydanticObjectId
    frame: PydanticObjectId
    image: PydanticObjectId
    new: PydanticObjectId
    position: int
    text: str
    choose: bool
    expected: int | None

    def on(self, tree: Tree) -> tuple[str, Tree]:
        """What should come of it: the outcome's name and the tree afterwards."""
        after = copy.deepcopy(tree)
        try:
            refusal = getattr(self, f"_{self.kind}")(after)
        except KeyError:
            refusal = "NodeMissing"
        if refusal:
            return refusal, tree
        after.revision += 1
        return "done", after

    def _stale(self, node: dict[str, Any]) -> str | None:
        return "RevisionStale" if self.expected not in {None, node["revision"]} else None

    def _add_scene(self, tree: Tree) -> str | None:
        if len(tree.scenes) >= CAPS.scenes_per_script:
            return "CapReached"
        scene = {"id": self.new, "text": self.text, "revision": 0, "frames": []}
        tree.scenes.insert(self.position, scene)
        tree.script_revision += 1
        return None

    def _add_frame(self, tree: Tree) -> str | None:
        scene = tree.scene(self.scene)
        total = sum(len(each["frames"]) for each in tree.scenes)
        if len(scene["frames"]) >= CAPS.frames_per_scene or total >= CAPS.frames_per_project:
            return "CapReached"
        frame = {"id": self.new, "text": self.text, "revision": 0, "images": [], "chosen": None}
        scene["frames"].insert(self.position, frame)
        scene["revision"] += 1
        return None

    def _add_image(self, tree: Tree) -> str | None:
        frame = tree.frame(self.frame)
        if len(frame["images"]) >= CAPS.candidates_per_frame:
            return "CapReached"
        frame["images"].append(self.new)
        frame["chosen"] = self.new if self.choose else frame["chosen"]
        frame["revision"] += 1
        return None

    def _update_scene(self, tree: Tree) -> str | None:
        return self._update(tree.scene(self.scene))

    def _update_frame(self, tree: Tree) -> str | None:
        return self._update(tree.frame(self.frame))

    def _update(self, node: dict[str, Any]) -> str | None:
        if refusal := self._stale(node):
            return refusal
        node["text"] = self.text
        node["revision"] += 1
        return None

    def _move_scene(self, tree: Tree) -> str | None:
        scene = tree.scene(self.scene)
        if refusal := self._stale(scene):
            return refusal
        tree.scenes.remove(scene)
        tree.scenes.insert(self.position, scene)
        scene["revision"] += 1
        tree.script_revision += 1
        return None

    def _move_frame(self, tree: Tree) -> str | None:
        target = tree.scene(self.scene)
        source, frame = tree.holder(self.frame), tree.frame(self.frame)
        if refusal := self._stale(frame):
            return refusal
        if len([each for each in target["frames"] if each is not frame]) >= CAPS.frames_per_scene:
            return "CapReached"
        source["frames"].remove(frame)
        target["frames"].insert(self.position, frame)
        frame["revision"] += 1
        source["revision"] += 1
        target["revision"] += source is not target
        return None

    def _remove_scene(self, tree: Tree) -> str | None:
        scene = tree.scene(self.scene)
        if refusal := self._stale(scene):
            return refusal
        tree.scenes.remove(scene)
        tree.script_revision += 1
        return None

    def _remove_frame(self, tree: Tree) -> str | None:
        scene, frame = tree.holder(self.frame), tree.frame(self.frame)
        if refusal := self._stale(frame):
            return refusal
        scene["frames"].remove(frame)
        scene["revision"] += 1
        return None

    def _choose_image(self, tree: Tree) -> str | None:
        frame = tree.frame(self.frame)
        if refusal := self._stale(frame):
            return refusal
        if self.image not in frame["images"]:
            return "NodeMissing"
        frame["chosen"] = self.image
        frame["revision"] += 1
        return None

    def _remove_image(self, tree: Tree) -> str | None:
        frame = tree.frame(self.frame)
        if refusal := self._stale(frame):
            return refusal
        if self.image not in frame["images"] or frame["chosen"] == self.image:
            return "NodeMissing"
        frame["images"].remove(self.image)
        frame["revision"] += 1
        return None

    async def done_by(self, editor: TreeEditor) -> str:
        """What really comes of it."""
        try:
            await self._coroutine(editor)
        except (NodeMissing, RevisionStale, CapReached) as refusal:
            return type(refusal).__name__
        return "done"

    def _coroutine(self, editor: TreeEditor) -> Coroutine[Any, Any, Any]:
        expected: Any = {"expected_revision": self.expected}
        provenance = Provenance(origin=Origin.GENERATED, created_at=NOW)
        image = Image(id=self.new, file=FILE, width=1, height=1, provenance=provenance)
        acts = {
            "add_scene": lambda: editor.add_scene(
                Scene(id=self.new, title=self.text), position=self.position
            ),
            "add_frame": lambda: editor.add_frame(
                self.scene, Frame(id=self.new, narration=self.text), position=self.position
            ),
            "add_image": lambda: editor.add_image(self.frame, image, choose=self.choose),
            "update_scene": lambda: editor.set_fields(
                places.scene(self.scene), {"title": self.text}, **expected
            ),
            "update_frame": lambda: editor.set_fields(
                places.frame(self.frame), {"narration": self.text}, **expected
            ),
            "move_scene": lambda: editor.move_scene(self.scene, position=self.position, **expected),
            "move_frame": lambda: editor.move_frame(
                self.frame, scene_id=self.scene, position=self.position, **expected
            ),
            "remove_scene": lambda: editor.remove_scene(self.scene, **expected),
            "remove_frame": lambda: editor.remove_frame(self.frame, **expected),
            "choose_image": lambda: editor.choose_image(self.frame, self.image, **expected),
            "remove_image": lambda: editor.remove_image(self.frame, self.image, **expected),
        }
        return acts[self.kind]()


def machine(loop: asyncio.AbstractEventLoop) -> type[RuleBasedStateMachine]:  # noqa: C901 - one class
    class Writers(RuleBasedStateMachine):
        """Two or three writers at a time. Draws never depend on the tree: races may end either way."""

        def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
            return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=30)

        @initialize()
        def begin(self) -> None:
            frames = [Frame(narration="a"), Frame(narration="b")]
            self.project = Project(title="T", owner_id=PydanticObjectId(), created_at=NOW, updated_at=NOW)
            self.project.script.scenes = [Scene(title="s", frames=frames), Scene(title="t")]
            self.wait(project_life.create(self.project))
            self.editor = TreeEditor(self.project.id, CAPS, NOW)
            self.tree = self.wait(self.read())[0]
            self.gone = PydanticObjectId()

        async def read(self) -> tuple[Tree, dict[str, Any]]:
            raw = await Project.get_pymongo_collection().find_one({"_id": self.project.id})
            assert raw is not None
            return as_tree(raw), raw

        def act(self, kind: str, pick: int, other: int, position: int, expect: int) -> Act:
            frames = [frame for scene in self.tree.scenes for frame in scene["frames"]]
            scene_ids = [scene["id"] for scene in self.tree.scenes]
            frame = frames[pick % len(frames)] if frames else None
            scene_id = scene_ids[other % len(scene_ids)] if scene_ids else self.gone
            is_scene = kind in {"update_scene", "move_scene", "remove_scene"}
            node = next((s for s in self.tree.scenes if s["id"] == scene_id), None) if is_scene else frame
            images = frame["images"] if frame else []
            return Act(
                kind,
                scene=scene_id,
                frame=frame["id"] if frame else self.gone,
                image=images[other % len(images)] if images else self.gone,
                new=PydanticObjectId(),
                position=position,
                text=TEXTS[other % len(TEXTS)],
                choose=expect % 2 == 0,
                # As it is known now; one behind; or no matter.
                expected=None if expect > 1 or node is None else node["revision"] - expect,
            )

        @rule(
            drawn=st.lists(
                st.tuples(
                    st.sampled_from(KINDS),
                    st.integers(0, 9),
                    st.integers(0, 9),
                    st.integers(0, 5),
                    st.integers(0, 3),
                ),
                min_size=2,
                max_size=3,
            )
        )
        def write_at_once(self, drawn: list[tuple[str, int, int, int, int]]) -> None:
            acts = [self.act(*each) for each in drawn]
            outcomes, stored, raw = self.wait(self.race(acts))
            possible = []
            for order in itertools.permutations(range(len(acts))):
                tree, told = self.tree, [""] * len(acts)
                for index in order:
                    told[index], tree = acts[index].on(tree)
                possible.append((told, tree))
            assert (outcomes, stored) in possible, (acts, outcomes)
            self.tree = stored
            assert len(raw["outbox"]) == stored.revision
            self.check(Project.model_validate(raw))

        async def race(self, acts: list[Act]) -> tuple[list[str], Tree, dict[str, Any]]:
            outcomes = await asyncio.gather(*(act.done_by(self.editor) for act in acts))
            stored, raw = await self.read()
            return list(outcomes), stored, raw

        def check(self, project: Project) -> None:
            ids = [scene.id for scene in project.script.scenes]
            ids += [frame.id for _, frame in project.frames()]
            ids += [image.id for _, frame in project.frames() for image in frame.images]
            assert len(ids) == len(set(ids))
            for _, frame in project.frames():
                assert frame.chosen_image_id is None or frame.chosen_image is not None

    return Writers


async def test_racing_writers_leave_what_some_order_of_theirs_would(
    database: AsyncDatabase[dict[str, Any]],
) -> None:
    await init_beanie(database=database, document_models=list(MODELS))
    writers = machine(asyncio.get_running_loop())
    await asyncio.to_thread(
        run_state_machine_as_test,
        writers,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            phases=[Phase.generate],  # a race that is run again to shrink it may end otherwise
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
