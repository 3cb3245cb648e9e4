"""Making projects episodes of a show, and making new episodes."""

from collections.abc import Mapping
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.errors import DuplicateKeyError

from access.permissions import Permission
from documents.projects.project import Project
from documents.tree import place as places
from documents.writers_room import episodes as stored
from documents.writers_room.show import Show
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.projects import projects
from resolvers.projects.projects import NewProject
from resolvers.tree.changes import set_fields
from resolvers.writers_room import personas, shows

_TRIES: Final = 20
"""How often a number is looked for that others, who look at the same time, have not taken."""


async def put(
    context: Context,
    project_id: PydanticObjectId,
    show_id: PydanticObjectId | None,
    *,
    number: int | None,
    expected_revision: int | None,
) -> Outcome[Project]:
    """Make a project an episode of a show under a number, the next free one where none is named.

    Args:
        context: the operation's.
        project_id: which project.
        show_id: which show; None for no show any more.
        number: of the episode.
        expected_revision: the project's, as the client knows it.

    Raises:
        NotFound, Forbidden: the viewer may not see the project or the show, or not change the project.
    """
    project = await context.projects.check(project_id, Permission.PROJECT_EDIT)
    if show_id is None:
        if number is not None:
            text = "There is no episode of no show: name the show, or leave the number out."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.episodeNumber")
        free = {"show_id": None, "episode_number": None}
        return await _set(context, project_id, free, expected_revision=expected_revision)
    await shows.load(context, show_id)
    if number is None and project.show_id == show_id:
        number = project.episode_number  # it has one there
    for _ in range(_TRIES):
        chosen = await stored.next_number(show_id) if number is None else number
        values = {"show_id": show_id, "episode_number": chosen}
        try:
            return await _set(context, project_id, values, expected_revision=expected_revision)
        except DuplicateKeyError:
            if number is not None:
                return _taken(number)
    return _crowded()


async def create(
    context: Context,
    show_id: PydanticObjectId,
    *,
    own: Mapping[str, Any],
    brief: Mapping[str, Any],
) -> Outcome[Project]:
    """Make a project that is the next episode of a show and takes over what the show says of its videos.

    Args:
        context: the operation's.
        show_id: which show.
        own: what is given of the project itself; a missing title is taken from the brief.
        brief: what is given of its brief.

    Raises:
        NotFound: the viewer does not see the show.
        DuplicateKeyError: an id is given, and there is such a project.
    """
    show = await shows.load(context, show_id)
    persona = None if show.persona_id is None else await personas.visible(context, show.persona_id)
    written_by = {} if persona is None else {"persona_id": persona.id, "persona_version": persona.version}
    for _ in range(_TRIES):
        numbered = {"show_id": show_id, "episode_number": await stored.next_number(show_id)}
        given = NewProject(
            own={**written_by, **own, **numbered},
            brief={**_brief_of(show), **brief},
            style={"look": show.look, "voice": show.voice, "speech_provider": show.speech_provider},
            music={},
        )
        try:
            return await projects.make(context, given, in_company=show.company_id is not None)
        except DuplicateKeyError:
            if "id" in own and await Project.get(own["id"]) is not None:
                raise
    return _crowded()


def _brief_of(show: Show) -> dict[str, Any]:
    return {"language": show.language, "audience": show.audience, "culture": show.culture}


async def _set(
    context: Context,
    project_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[Project]:
    return await set_fields(
        context, project_id, places.project(), values, expected_revision=expected_revision
    )


def _taken(number: int) -> Outcome[Project]:
    text = f"The show has an episode {number}: choose another number, or none for the next free one."
    return Outcome.refused(UserErrorCode.TAKEN, text, at="input.episodeNumber")


def _crowded() -> Outcome[Project]:
    text = "Others are adding episodes at this moment: try again, or name a number."
    return Outcome.refused(UserErrorCode.TAKEN, text)
