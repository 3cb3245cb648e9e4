"""The brief and the style: sections with parts that must go together."""

from collections.abc import Mapping
from typing import Any, Final

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.errors import NodeMissing
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.brief import Brief, Style
from documents.tree.look import CaptionLook
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.jobs.providers import registry_for
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree.changes import answer, editor_of, nothing_given
from resolvers.tree.named_makers import STYLE_MAKERS, language_fault, unknown_makers
from resolvers.tree.style_presets import written_out
from resolvers.writers_room.characters import not_to_name

_SHORTEST, _LONGEST = "min_duration_s", "max_duration_s"
_OUT_OF_ORDER: Final = "minDurationS is greater than maxDurationS."


async def update_brief(
    context: Context,
    project_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[Brief]:
    """Set fields of the brief; bounds that are given one at a time stay in order all the same.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
    """
    if named := values.get("character_ids"):
        refusal = await not_to_name(context, project_id, named, at="input.characterIds")
        if refusal is not None:
            return refusal
    return await _set_brief(context, project_id, values, expected_revision)


async def _set_brief(
    context: Context,
    project_id: PydanticObjectId,
    values: Mapping[str, Any],
    expected_revision: int | None,
) -> Outcome[Brief]:
    project = await context.projects.check(project_id, Permission.PROJECT_EDIT)
    edit = await editor_of(context, project)
    if not values:
        return nothing_given()
    good, faults = checked(Brief, values, at="input")
    if faults:
        return Outcome(user_errors=faults)
    if fault := await _unspoken(context, project, values):
        return Outcome(user_errors=[fault])
    shortest, longest = good.get(_SHORTEST), good.get(_LONGEST)
    condition: dict[str, Any] = {}
    if shortest is not None and longest is not None:
        if shortest > longest:
            return Outcome.refused(UserErrorCode.INVALID, _OUT_OF_ORDER, at="input.minDurationS")
    # The other bound is compared where it is stored; `$not` lets one pass that is not set.
    elif shortest is not None and _LONGEST not in good:
        condition = {_LONGEST: {"$not": {"$lt": shortest}}}
    elif longest is not None and _SHORTEST not in good:
        condition = {_SHORTEST: {"$not": {"$gt": longest}}}
    change = edit.set_fields(
        places.section(Brief), good, expected_revision=expected_revision, condition=condition
    )
    try:
        return await answer(context, change)
    except NodeMissing:
        if not condition:
            raise
        await context.projects.check(project_id, Permission.PROJECT_EDIT)  # or the project is gone
        at = "input.maxDurationS" if shortest is None else "input.minDurationS"
        return Outcome.refused(UserErrorCode.INVALID, _OUT_OF_ORDER, at=at)


async def _unspoken(context: Context, project: Project, values: Mapping[str, Any]) -> UserError | None:
    """Why the project's speaker would not read the language that is given; None if it would."""
    if "language" not in values:
        return None
    return language_fault(
        await registry_for(context, project),
        values["language"],
        provider=project.style.speech_provider,
        model=project.style.speech_model,
        at="input.language",
    )


async def update_style(
    context: Context,
    project_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[Style]:
    """Set fields of the style, and inside of it fields of the captions.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
    """
    project = await context.projects.check(project_id, Permission.PROJECT_EDIT)
    edit = await editor_of(context, project)
    values = written_out(values)
    if not values:
        return nothing_given()
    own = {name: value for name, value in values.items() if name != "captions"}
    good, faults = checked(Style, own, at="input")
    captions, wrong = checked(CaptionLook, values.get("captions") or {}, at="input.captions")
    if faults or wrong:
        return Outcome(user_errors=[*faults, *wrong])
    if unknown := await _unknown_makers(context, project, own):
        return Outcome(user_errors=unknown)
    good |= {f"captions.{name}": value for name, value in captions.items()}
    return await answer(
        context, edit.set_fields(places.section(Style), good, expected_revision=expected_revision)
    )


async def _unknown_makers(context: Context, project: Project, values: Mapping[str, Any]) -> list[UserError]:
    """What nobody could make anything with, of the names that are given."""
    now = project.style.model_dump()
    faults = await unknown_makers(context, project.company_id, STYLE_MAKERS, values, now=now, at="input")
    if faults or "speech_provider" not in values:
        return faults
    fault = language_fault(
        await registry_for(context, project),
        project.brief.language,
        provider=values["speech_provider"],
        model=values.get("speech_model", project.style.speech_model),
        at="input.speechProvider",
    )
    return [] if fault is None else [fault]
