"""The film and its tree: brief, style, script, scenes, frames, candidates, timeline."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from documents.projects.project import Collaborator, Project
from documents.projects.project_role import ProjectRole
from documents.tree.brief import Brief, MusicTrack
from documents.tree.look import SoundEffect
from documents.tree.script import Clip, Frame, Scene, Script, SeedFrame, VoiceRecording
from documents.tree.script_analysis import ScriptAnalysis
from documents.tree.script_version import ScriptVersion
from documents.tree.timeline import Timeline, TimelineClip
from schema.ids import document_gid, tree_gid
from tests.schema.desk import made_from, make_image
from tests.strangers.example import NULL, Example, NodeExample
from tests.strangers.world import World
from tests.studio import stored_file

PICTURE = b"0123456789"


async def furnish(world: World) -> None:
    film = make_project(world, timeline=True)
    once = world.people["removed collaborator"].user_id
    film.collaborators.append(Collaborator(user_id=once, role=ProjectRole.EDITOR))
    for name, project in {
        "film": film,
        "finished": make_project(world),
        "deleted": make_project(world, deleted_at=world.studio.services.now()),
    }.items():
        await project.insert()
        world.documents[name] = project
    world.documents["script version"] = await ScriptVersion(
        project_id=film.id,
        owner_id=film.owner_id,
        title="Canary first",
        scenes=1,
        frames=1,
        script=Script(title="Canary first", scenes=[Scene(frames=[whole_frame()])]),
        replaced_at=world.studio.services.now(),
    ).insert()


def make_project(world: World, *, timeline: bool = False, **values: Any) -> Project:
    """A project of the owner, in the company, with all collaborators and everything in its tree."""
    now = world.studio.services.now()
    frames = [whole_frame(), whole_frame(), whole_frame()]
    clip = Clip(file=stored_file(), width=9, height=16, duration_s=2, provenance=made_from())
    seed = SeedFrame(
        file=stored_file(), width=9, height=16, clip_id=clip.id, frame_index=1, provenance=made_from()
    )
    scenes = [
        Scene(title="Canary one", frames=frames[:2], clips=[clip], seed_frames=[seed]),
        Scene(title="Canary two", frames=frames[2:]),
    ]
    project = Project(
        title="Canary film",
        owner_id=world.owner.user_id,
        company_id=world.company.id,
        brief=Brief(topic="canaries, the birds of the Canary Islands"),
        script=Script(title="Canary script", scenes=scenes, analysis=ScriptAnalysis(provenance=made_from())),
        collaborators=[Collaborator(user_id=one, role=role) for one, role in world.film_people.items()],
        created_at=now,
        updated_at=now,
        **values,
    )
    project.music.track = MusicTrack(
        file=stored_file("projects/p/m.wav", mime_type="audio/wav"), duration_s=9, provenance=made_from()
    )
    if timeline:
        shown = TimelineClip(scene_id=scenes[0].id, frame_id=frames[0].id, start_s=0, duration_s=2)
        project.timeline = Timeline(clips=[shown])
    return project


def whole_frame() -> Frame:
    """A frame with two candidates, one of them chosen, and a voice."""
    images = [make_image(), make_image()]
    sound = SoundEffect(prompt="rain, and a canary chirps")
    frame = Frame(narration="Canary sings.", picture_prompt="a canary", images=images, sound_effects=[sound])
    frame.chosen_image_id = images[0].id
    frame.voiceover.recording = VoiceRecording(
        file=stored_file("projects/p/v.wav", mime_type="audio/wav"), duration_s=2.0, provenance=made_from()
    )
    return frame


def film(world: World) -> Project:
    project: Project = world.documents["film"]
    return project


def gid(world: World, name: str = "film") -> str:
    return document_gid("Project", world.documents[name].id)


def of_film(node: Callable[[Project], Any]) -> Callable[[World], str]:
    """The global id of a node of the film's tree."""

    def found(world: World) -> str:
        project = film(world)
        wanted = node(project)
        return tree_gid(type(wanted).__name__, project.id, wanted.id)

    return found


def _scene(project: Project) -> Scene:
    return project.script.scenes[0]


scene = of_film(_scene)
second_scene = of_film(lambda p: p.script.scenes[1])
frame = of_film(lambda p: _scene(p).frames[0])
image = of_film(lambda p: _scene(p).frames[0].images[1])
voiceover = of_film(lambda p: _scene(p).frames[0].voiceover)


def change(**values: Any) -> Example:
    """A mutation of the film: callables are told the world."""

    def variables(world: World) -> Mapping[str, Any]:
        return {"input": {name: value(world) if callable(value) else value for name, value in values.items()}}

    return Example(variables)


def of_project(name: str = "film") -> Callable[[World], str]:
    return lambda world: gid(world, name)


def version(world: World) -> str:
    return document_gid("ScriptVersion", world.documents["script version"].id)


def clip_input(world: World) -> list[dict[str, Any]]:
    return [{"frameId": frame(world), "durationS": 3}]


def beside_film(example: Example) -> Example:
    """An example of another project than the film: guests of the film have no link to that."""
    return replace(example, refusals=dict.fromkeys(("guest viewer", "guest commenter"), example.unseen))


EXAMPLES = {
    "project": Example(lambda w: {"id": gid(w)}),
    "projects": Example(is_own=True),
    "node": Example(lambda w: {"id": frame(w)}, needs=NodeExample(frame).needs, unseen=NULL),
    "nodes": Example(lambda w: {"ids": [gid(w), scene(w)]}, needs=NodeExample(frame).needs, unseen=NULL),
    "createProject": Example(lambda _: {"input": {"title": "Bees", "topic": "bees"}}, is_own=True),
    "updateProject": change(projectId=gid, title="Stolen"),
    "deleteProject": change(projectId=gid),
    "restoreProject": beside_film(change(projectId=of_project("deleted"))),
    "updateBrief": change(projectId=gid, topic="thieves"),
    "updateStyle": change(projectId=gid, look="noir"),
    "stylePresets": Example(is_own=True),
    "updateMusic": change(projectId=gid, mood="calm"),
    "updateLexicon": change(projectId=gid, entries=[{"written": "Wu", "spoken": "Stolen"}]),
    "updatePublishing": change(projectId=gid, title="Stolen"),
    "restoreScript": change(projectId=gid, versionId=version),
    "writeScript": change(projectId=gid, scenes=[{"title": "Stolen"}]),
    "addScene": change(projectId=gid, title="Stolen"),
    "updateScene": change(sceneId=scene, title="Stolen"),
    "moveScene": change(sceneId=scene, position=1),
    "deleteScene": change(sceneId=scene),
    "addFrame": change(sceneId=scene, narration="Stolen"),
    "updateFrame": change(frameId=frame, narration="Stolen"),
    "moveFrame": change(frameId=frame, sceneId=second_scene, position=0),
    "deleteFrame": change(frameId=frame),
    "addReferenceImage": change(targetId=gid, sourceId=image, title="Stolen"),
    "arrangeReferenceImages": change(targetId=gid, images=[], expectedRevision=0),
    "setMotion": change(frameId=frame, motion={"kind": "NONE"}),
    "setTransition": change(frameId=frame, transition={"kind": "CIRCLE_OPEN"}),
    "setTextEffects": change(frameId=frame, textEffects=[{"kind": "HOOK", "text": "Stolen"}]),
    "updateVoiceover": change(voiceoverId=voiceover, text="Stolen"),
    "chooseImage": change(imageId=image),
    "deleteImage": change(imageId=image),
    "arrangeTimeline": change(projectId=gid, clips=clip_input),
    "followScript": change(projectId=gid),
}

NODES = {
    "Project": NodeExample(gid),
    "Scene": NodeExample(scene),
    "Frame": NodeExample(frame),
    "Image": NodeExample(image),
    "Voiceover": NodeExample(voiceover),
    "Clip": NodeExample(of_film(lambda p: _scene(p).clips[0])),
    "SeedFrame": NodeExample(of_film(lambda p: _scene(p).seed_frames[0])),
    "MusicTrack": NodeExample(of_film(lambda p: p.music.track)),
    "TimelineClip": NodeExample(of_film(lambda p: p.timeline and p.timeline.clips[0])),
}
