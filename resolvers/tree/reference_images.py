"""Pictures of things that must look as they do: copied into a style or a scene, put in order, taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from beanie import PydanticObjectId

from access.errors import NotFound
from access.permissions import Permission
from documents.companies import car_models, company_assets
from documents.companies.car_model import CarMedia
from documents.companies.company_asset import CompanyAsset
from documents.companies.media_file import MediaFile
from documents.media.file_copy import Copy
from documents.media.library_entry import LibraryEntry
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.asset import Origin, Provenance, StoredFile
from documents.tree.brief import Style
from documents.tree.media_edit import MediaEditor
from documents.tree.place import Place
from documents.tree.reference_image import ReferenceImage
from documents.tree.script import Image, Scene
from rendering.intake.media_types import STILLS
from resolvers.companies.company_changes import own_company
from resolvers.companies.company_copies import drop_copies, make_copies
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.media import library
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree.changes import answer, editor_of
from storage import keys

_READ: Final = frozenset(each.mime_type for each in STILLS)


@dataclass(frozen=True, slots=True)
class Target:
    """What makers are to be shown a picture for: a project's style, or one of its scenes."""

    project_id: PydanticObjectId
    scene_id: PydanticObjectId | None


@dataclass(frozen=True, slots=True)
class Source:
    """A picture that there is.

    Args:
        kind: GraphQL type: `Image`, `LibraryEntry`, `CarMedia` or `CompanyAsset`.
        oid: its key.
        project_id: of an `Image`; None for the others.
    """

    kind: str
    oid: PydanticObjectId
    project_id: PydanticObjectId | None


@dataclass(frozen=True, slots=True)
class _Found:
    file: StoredFile
    width: int
    height: int
    origin: Origin
    licence: str | None = None


async def add(
    context: Context, target: Target, source: Source, *, title: str, expected_revision: int | None
) -> Outcome[Style | Scene]:
    """Copy a picture and keep it as the last reference of a style or a scene.

    The copy is there before the tree names it.

    Raises:
        NotFound, Forbidden: the viewer may not see the target or the picture, or not change the project.
        NodeMissing: the scene was removed meanwhile.
    """
    project = await context.projects.load(target.project_id, Permission.PROJECT_EDIT)
    place, _ = _held(project, target)
    found = await _found(context, source)
    good, faults = checked(ReferenceImage, {"title": title}, at="input")
    if found is None or found.file.mime_type not in _READ:
        text = "Makers of pictures are shown PNG, JPEG and WebP pictures, and nothing else."
        faults = [*faults, UserError(UserErrorCode.INVALID, "input.sourceId", text)]
    if found is None or faults:
        return Outcome(user_errors=faults)
    image_id = PydanticObjectId()
    copy = Copy(found.file, str(image_id), partial(keys.project_reference, str(project.id)))
    image = ReferenceImage(
        id=image_id,
        title=good["title"],
        file=copy.copied,
        width=found.width,
        height=found.height,
        provenance=Provenance(
            origin=found.origin,
            licence=found.licence,
            parent_id=source.oid,
            parent_kind=None if source.kind == Image.__name__ else source.kind,
            created_by=context.require_viewer().user_id,
            created_at=context.services.now(),
        ),
    )
    edit = MediaEditor(await editor_of(context, project))
    await make_copies(context, [copy], source.kind)
    try:
        outcome: Outcome[Style | Scene] = await answer(
            context, edit.add_reference(place, image, expected_revision=expected_revision)
        )
    except Exception:
        await drop_copies(context, [copy])
        raise
    if outcome.user_errors:
        await drop_copies(context, [copy])
    return outcome


async def arrange(
    context: Context, target: Target, arrangement: Sequence[tuple[str, str | None]], *, expected_revision: int
) -> Outcome[Style | Scene]:
    """Keep these references, in this order and with these titles; the others go.

    Args:
        context: the operation's.
        target: whose references.
        arrangement: a reference's id, and its new title; None for the one that it has.
        expected_revision: the style's or the scene's: the order is made out of what the client saw.

    Raises:
        NotFound, Forbidden: the viewer may not see the target, or not change the project.
        NodeMissing: the scene was removed meanwhile.
    """
    project = await context.projects.load(target.project_id, Permission.PROJECT_EDIT)
    place, holder = _held(project, target)
    if holder.revision != expected_revision:
        return Outcome.refused(
            UserErrorCode.REVISION_CONFLICT,
            f"{place.kind} was changed in the meantime. Look at it as it is now and try again with its"
            " revision.",
            at="input.expectedRevision",
            result=holder,
        )
    there = {str(each.id): each for each in holder.reference_images}
    kept: dict[str, ReferenceImage] = {}
    faults: list[UserError] = []
    for number, (image_id, title) in enumerate(arrangement):
        at = f"input.images.{number}"
        if image_id not in there or image_id in kept:
            text = "This is no reference picture of this target, or one that stands in the list already."
            faults.append(UserError(UserErrorCode.INVALID, f"{at}.referenceImageId", text))
            continue
        good, wrong = checked(ReferenceImage, {} if title is None else {"title": title}, at=at)
        faults += wrong
        kept[image_id] = there[image_id].model_copy(update=good)
    if faults:
        return Outcome(user_errors=faults)
    edit = await editor_of(context, project)
    values = {"reference_images": [each.stored() for each in kept.values()]}
    return await answer(context, edit.set_fields(place, values, expected_revision=expected_revision))


def _held(project: Project, target: Target) -> tuple[Place, Style | Scene]:
    if target.scene_id is None:
        return places.section(Style), project.style
    scene = next((each for each in project.script.scenes if each.id == target.scene_id), None)
    if scene is None:
        raise NotFound(Scene.__name__)
    return places.scene(scene.id), scene


async def _found(context: Context, source: Source) -> _Found | None:
    """The picture, as far as the viewer sees it; None for what is no picture."""
    match source.kind:
        case Image.__name__:
            return await _candidate(context, source)
        case LibraryEntry.__name__:
            entry = await library.load(context, source.oid)
            licence = entry.provenance.licence
            return _Found(entry.file, entry.width, entry.height, Origin.REUSED, licence)
        case CarMedia.__name__:
            company_id = own_company(context, Permission.COMPANY_VIEW, source.kind)
            media: Any = (await car_models.with_media(company_id, [source.oid])).get(source.oid)
            if media is None:
                raise NotFound(source.kind)
            return _of_company(media)
        case _:
            company_id = own_company(context, Permission.COMPANY_VIEW, source.kind)
            asset = (await company_assets.find(company_id, [source.oid])).get(source.oid)
            if asset is None:
                raise NotFound(CompanyAsset.__name__)
            return None if asset.media is None else _of_company(asset.media)


async def _candidate(context: Context, source: Source) -> _Found:
    assert source.project_id is not None  # noqa: S101 - the id of a candidate names its project
    project = await context.projects.load(source.project_id, Permission.PROJECT_VIEW)
    image = project.node(source.oid)
    if not isinstance(image, Image):
        raise NotFound(Image.__name__)
    return _Found(image.file, image.width, image.height, Origin.EXTRACTED, image.provenance.licence)


def _of_company(media: MediaFile) -> _Found:
    return _Found(media.file, media.width or 1, media.height or 1, Origin.COMPANY)
