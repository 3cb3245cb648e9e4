"""Leaving a scene out, with all that is still to be made for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.jobs import job_list
from documents.jobs.job import Job
from documents.tree import place as places
from documents.tree.script import Scene
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import changes


@dataclass(frozen=True, slots=True)
class Skipped:
    """A scene that is left out.

    Args:
        canceled: the jobs for it and its frames that were not over, as they are now.
    """

    scene: Scene
    canceled: Sequence[Job]


async def skip_scene(
    context: Context, project_id: PydanticObjectId, scene_id: PydanticObjectId
) -> Outcome[Skipped]:
    """Mark a scene as left out, then cancel its unfinished jobs and those of its frames.

    In this order, so that a production which is woken by the cancellations no longer wants them.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not produce it.
        NodeMissing: there is no such scene.
    """
    await context.projects.check(project_id, Permission.PROJECT_PRODUCE)
    marked: Outcome[Scene] = await changes.set_fields(
        context, project_id, places.scene(scene_id), {"is_skipped": True}, expected_revision=None
    )
    scene = marked.result
    if scene is None:
        return Outcome(user_errors=marked.user_errors)
    unfinished = await job_list.unfinished_of_nodes(
        project_id, [scene.id, *(frame.id for frame in scene.frames)]
    )
    for job in unfinished:
        await context.services.dispatcher.cancel(job)
    canceled = await Job.find({"_id": {"$in": [job.id for job in unfinished]}}).to_list()
    return Outcome(Skipped(scene, canceled))
