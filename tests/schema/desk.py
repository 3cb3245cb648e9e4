"""Operations on the whole schema, by several people, on the real stack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from beanie import PydanticObjectId

from documents.media.upload import Upload, UploadPurpose
from documents.projects import project_life
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from documents.tree.asset import Origin, Provenance
from documents.tree.brief import Brief
from documents.tree.look import SoundEffect
from documents.tree.script import Clip, Frame, Image, Scene, Script, SeedFrame
from documents.tree.script_version import ScriptVersion
from documents.tree.timeline import Timeline, TimelineClip
from schema.ids import document_gid, tree_gid
from schema.root import ServedSchema, build_schema
from tests.studio import Studio, stored_file

ERRORS = "userErrors { code field message }"


@dataclass
class Desk:
    """Where people send their operations."""

    studio: Studio
    schema: ServedSchema = field(default_factory=build_schema)

    async def run(
        self, document: str, variables: Mapping[str, Any] | None = None, *, by: PydanticObjectId | None
    ) -> dict[str, Any]:
        """Data and errors of one operation; by nobody if `by` is None."""
        context = await self.studio.context_of(by)
        result = await self.schema.execute(document, dict(variables or {}), context_value=context)
        return {"data": result.data, "errors": [error.formatted for error in result.errors or ()]}

    async def ask(self, document: str, *, by: PydanticObjectId, **variables: Any) -> dict[str, Any]:
        """Data of an operation that no error may spoil."""
        answer = await self.run(document, variables, by=by)
        assert answer["errors"] == []
        return cast("dict[str, Any]", answer["data"])

    async def change(
        self, name: str, given: Mapping[str, Any], selection: str = "", *, by: PydanticObjectId
    ) -> dict[str, Any]:
        """Payload of a mutation."""
        return cast("dict[str, Any]", (await self.ask(mutation(name, selection), by=by, input=given))[name])


def mutation(name: str, selection: str = "") -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {selection} {ERRORS} }} }}"


def made_from(inputs_hash: str | None = None) -> Provenance:
    return Provenance(origin=Origin.GENERATED, inputs_hash=inputs_hash, created_at=datetime.now(UTC))


def make_image(**values: Any) -> Image:
    given = {"file": stored_file(), "width": 9, "height": 16, "provenance": made_from()}
    return Image(**(given | values))


@dataclass
class Film:
    """A stored project with two scenes, three frames, two pictures, a timeline and an upload.

    Args:
        beside: ids of what there is besides, by the names of inputs.
    """

    project: Project
    owner: PydanticObjectId
    sent: Upload
    beside: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return document_gid("Project", self.project.id)

    @property
    def scenes(self) -> list[Scene]:
        return self.project.script.scenes

    @property
    def frame(self) -> Frame:
        return self.scenes[0].frames[0]

    @property
    def upload(self) -> Upload:
        return self.sent

    def gid(self, node: Any) -> str:
        if isinstance(node, Upload):
            return document_gid("Upload", node.id)
        return tree_gid(type(node).__name__, self.project.id, node.id)

    async def stored(self) -> dict[str, Any]:
        """The document as it is, byte for byte."""
        raw = await Project.get_pymongo_collection().find_one({"_id": self.project.id})
        assert raw is not None
        return dict(raw)

    async def now(self) -> Project:
        project: Project = Project.model_validate(await self.stored())
        return project


async def make_film(
    owner: PydanticObjectId | None = None,
    *,
    people: Mapping[PydanticObjectId, ProjectRole] | None = None,
    **values: Any,
) -> Film:
    owner = owner or PydanticObjectId()
    now = datetime.now(UTC)
    images = [make_image(), make_image()]
    sounds = [SoundEffect(prompt="a bee hums")]
    frame = Frame(narration="Bees dance.", picture_prompt="a bee", images=images, sound_effects=sounds)
    frame.chosen_image_id = images[0].id
    clips = [
        Clip(file=stored_file(), width=9, height=16, duration_s=2, provenance=made_from()) for _ in range(2)
    ]
    seed = SeedFrame(
        file=stored_file(), width=9, height=16, clip_id=clips[0].id, frame_index=1, provenance=made_from()
    )
    scenes = [
        Scene(
            title="One",
            frames=[frame, Frame(narration="They turn.")],
            clips=clips,
            chosen_clip_id=clips[0].id,
            seed_frames=[seed],
        ),
        Scene(title="Two", frames=[Frame(narration="They rest.")]),
    ]
    upload = Upload(
        purpose=UploadPurpose.FRAME_IMAGE,
        target_id=frame.id,
        key=f"projects/x/uploads/{PydanticObjectId()}.png",
        file_name="bee.png",
        mime_type="image/png",
        size_bytes=10,
        created_by=owner,
        created_at=now,
        expires_at=now.replace(year=now.year + 1),
    )
    clip = TimelineClip(scene_id=scenes[0].id, frame_id=frame.id, start_s=0, duration_s=2)
    given: dict[str, Any] = {
        "title": "Bees",
        "owner_id": owner,
        "brief": Brief(topic="bees"),
        "script": Script(scenes=scenes),
        "timeline": Timeline(clips=[clip]),
        "created_at": now,
        "updated_at": now,
    }
    project = Project(**(given | values))
    await project_life.create(project)
    upload.project_id = project.id
    await upload.insert()
    for user_id, role in (people or {}).items():
        await Project.get_pymongo_collection().update_one(
            {"_id": project.id},
            {"$push": {"collaborators": {"user_id": user_id, "role": role.value}}},
        )
    earlier = ScriptVersion(
        project_id=project.id,
        owner_id=owner,
        title="Draft",
        scenes=1,
        frames=1,
        script=Script(title="Draft", scenes=[Scene(frames=[Frame(narration="Bees fly.")])]),
        replaced_at=now,
    )
    await earlier.insert()
    beside = {"versionId": document_gid("ScriptVersion", earlier.id)}
    return Film(project, owner, upload, beside)
