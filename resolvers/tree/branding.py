"""A company's brand on a project: colours, font, logos and watermarks of its style."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from beanie import PydanticObjectId

from access.errors import NotFound
from access.permissions import Permission
from documents.companies import company_assets
from documents.companies.company_asset import OVERLAY_LOOKS, AssetKind, ColorScheme, CompanyAsset
from documents.media.file_copy import Copy
from documents.tree import place as places
from documents.tree.asset import Origin, Provenance
from documents.tree.brief import Style
from documents.tree.overlay import OVERLAYS_MAX, BrandFont, Overlay, OverlayLook
from resolvers.companies.company_changes import own_company
from resolvers.companies.company_copies import drop_copies, make_copies
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree.changes import answer, editor
from storage import keys

_KIND: Final = CompanyAsset.__name__
_PIXELS_MAX: Final = 16_000_000  # of an overlay: every segment decodes it
_CAPTION_COLOURS: Final = ("text", "highlight", "outline", "background")


async def apply(
    context: Context,
    project_id: PydanticObjectId,
    asset_ids: Sequence[PydanticObjectId],
    *,
    expected_revision: int | None,
) -> Outcome[Style]:
    """Put brand assets of the viewer's company into a project's style.

    A colour scheme sets palette and captions, a font is that of all texts; pictures become the overlays, in
    the place of those that are there. Their files are copied into the project before the style names them.

    Raises:
        NotFound, Forbidden: the viewer may not see the project or the assets, or not change the project.
    """
    edit = await editor(context, project_id)
    company_id = own_company(context, Permission.COMPANY_VIEW, _KIND)
    wanted = list(dict.fromkeys(asset_ids))
    if not 1 <= len(wanted) <= OVERLAYS_MAX + 2:
        text = f"Name 1 to {OVERLAYS_MAX + 2} assets: a colour scheme, a font and pictures."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.assetIds")
    found = await company_assets.find(company_id, wanted)
    if len(found) < len(wanted):
        raise NotFound(_KIND)
    assets = [found[each] for each in wanted]
    schemes = [asset for asset in assets if asset.kind is AssetKind.COLOR_SCHEME]
    fonts = [asset for asset in assets if asset.kind is AssetKind.FONT]
    pictures = [asset for asset in assets if asset.kind in OVERLAY_LOOKS]
    if (fault := _misfit(assets, schemes, fonts, pictures)) is not None:
        return Outcome.refused(UserErrorCode.INVALID, fault, at="input.assetIds")
    values: dict[str, Any] = {}
    for scheme in schemes:
        values |= _colours(ColorScheme.model_validate(scheme.value))
    copies = []
    for font in fonts:
        brand, copy = _font(context, project_id, font)
        values["caption_font"] = brand.stored()
        copies.append(copy)
    if pictures:
        overlays = []
        for picture in pictures:
            overlay, copy = _overlay(context, project_id, picture)
            overlays.append(overlay.stored())
            copies.append(copy)
        values["overlays"] = overlays
    await make_copies(context, copies, _KIND)
    try:
        outcome: Outcome[Style] = await answer(
            context,
            edit.set_fields(places.section(Style), values, expected_revision=expected_revision),
        )
    except Exception:
        await drop_copies(context, copies)
        raise
    if outcome.user_errors:
        await drop_copies(context, copies)
    return outcome


def _misfit(
    assets: Sequence[CompanyAsset],
    schemes: Sequence[CompanyAsset],
    fonts: Sequence[CompanyAsset],
    pictures: Sequence[CompanyAsset],
) -> str | None:
    """Why these assets make no style together, or None."""
    if len(schemes) + len(fonts) + len(pictures) < len(assets):
        return "COLOR_SCHEME, FONT, LOGO, BADGE and WATERMARK can be applied to a style, and no other kinds."
    if len(schemes) > 1 or len(fonts) > 1:
        return "A style has one colour scheme and one font: name one of each."
    if len(pictures) > OVERLAYS_MAX:
        return f"A video shows at most {OVERLAYS_MAX} overlays."
    for asset in pictures:
        media = asset.media
        if media is None or not media.width or not media.height or media.width * media.height > _PIXELS_MAX:
            return f"A picture over a video has at most {_PIXELS_MAX:,} pixels: send `{asset.name}` smaller."
    return None


def _colours(scheme: ColorScheme) -> dict[str, Any]:
    """Fields of a style; of the captions only those that the scheme names."""
    names = {"text": "colour"}
    given = {name: getattr(scheme, name) for name in _CAPTION_COLOURS}
    captions = {f"captions.{names.get(name, name)}": value for name, value in given.items() if value}
    return {"palette": list(scheme.colors), **captions}


def _overlay(context: Context, project_id: PydanticObjectId, asset: CompanyAsset) -> tuple[Overlay, Copy]:
    media = asset.media
    assert media is not None  # noqa: S101 - a picture has its file
    overlay_id = PydanticObjectId()
    copy = Copy(media.file, str(overlay_id), partial(keys.project_brand, str(project_id)))
    overlay = Overlay(
        id=overlay_id,
        file=copy.copied,
        width=media.width or 1,
        height=media.height or 1,
        provenance=_copied_from(context, asset),
        **asset.overlay_look.model_dump(),
    )
    return overlay, copy


def _font(context: Context, project_id: PydanticObjectId, asset: CompanyAsset) -> tuple[BrandFont, Copy]:
    media = asset.media
    assert media is not None  # noqa: S101 - a font is a file
    copy = Copy(media.file, str(PydanticObjectId()), partial(keys.project_brand, str(project_id)))
    return BrandFont(name=asset.name, file=copy.copied, provenance=_copied_from(context, asset)), copy


def _copied_from(context: Context, asset: CompanyAsset) -> Provenance:
    return Provenance(
        origin=Origin.COMPANY,
        parent_id=asset.id,
        parent_kind=_KIND,
        created_by=context.require_viewer().user_id,
        created_at=context.services.now(),
    )


async def remove_font(
    context: Context, project_id: PydanticObjectId, *, expected_revision: int | None
) -> Outcome[Style]:
    """Go back to the usual font for captions and titles.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
    """
    edit = await editor(context, project_id)
    return await answer(
        context,
        edit.set_fields(places.section(Style), {"caption_font": None}, expected_revision=expected_revision),
    )


async def arrange(
    context: Context,
    project_id: PydanticObjectId,
    arrangement: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    expected_revision: int,
) -> Outcome[Style]:
    """Keep these overlays, in this order, with these looks; the others go.

    Args:
        context: the operation's.
        project_id: the project.
        arrangement: an overlay's id, and what is to change of its look.
        expected_revision: the style's, as the client knows it: the order is made out of what it saw.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
    """
    edit = await editor(context, project_id)
    style = (await context.projects.load(project_id, Permission.PROJECT_EDIT)).style
    if style.revision != expected_revision:
        return Outcome.refused(
            UserErrorCode.REVISION_CONFLICT,
            "Style was changed in the meantime. Look at it as it is now and try again with its revision.",
            at="input.expectedRevision",
            result=style,
        )
    there = {str(overlay.id): overlay for overlay in style.overlays}
    faults: list[UserError] = []
    kept: dict[str, Overlay] = {}
    for number, (overlay_id, look) in enumerate(arrangement):
        at = f"input.overlays.{number}"
        if overlay_id not in there or overlay_id in kept:
            text = "This is no overlay of this style, or one that stands in the list already."
            faults.append(UserError(UserErrorCode.INVALID, f"{at}.overlayId", text))
            continue
        good, wrong = checked(OverlayLook, look, at=at)
        faults += wrong
        kept[overlay_id] = there[overlay_id].model_copy(update=good)
    if faults:
        return Outcome(user_errors=faults)
    values = {"overlays": [overlay.stored() for overlay in kept.values()]}
    return await answer(
        context, edit.set_fields(places.section(Style), values, expected_revision=expected_revision)
    )
