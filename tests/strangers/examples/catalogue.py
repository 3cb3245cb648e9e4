"""Brand assets and cars of the company."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from access.permissions import Permission
from documents.companies import car_models, company_assets
from documents.companies.car_model import CarMedia, CarMediaKind, CarModel, CarVariant, naming
from documents.companies.company_asset import AssetKind, CompanyAsset
from documents.transaction import in_transaction
from schema.ids import document_gid
from tests.strangers.example import NULL, Example, NodeExample
from tests.strangers.examples.film import PICTURE, change, frame
from tests.strangers.examples.film import gid as project
from tests.strangers.world import World
from tests.studio import stored_file


async def furnish(world: World) -> None:
    now, maker, company_id = world.studio.services.now(), world.owner.user_id, world.company.id
    asset = CompanyAsset(
        kind=AssetKind.COLOR_SCHEME,
        name="Canary yellow",
        value={"colors": ["#FFEF00"]},
        created_by=maker,
        created_at=now,
        updated_at=now,
    )
    await company_assets.add(company_id, asset)
    key = f"companies/{company_id}/cars/canary.png"
    world.objects[key] = PICTURE
    media = CarMedia(
        kind=CarMediaKind.EXTERIOR,
        file=stored_file(key, sha256="ef" * 32),
        width=9,
        height=16,
        created_by=maker,
        created_at=now,
    )
    variant = CarVariant(year=2024, trim="Canary", media=[media], created_at=now)
    model = CarModel(
        company_id=company_id,
        variants=[variant],
        created_by=maker,
        created_at=now,
        updated_at=now,
        **naming("Canary GT"),
    )
    await in_transaction(lambda session: car_models.add_model(model, session=session))
    world.documents |= {"asset": asset, "car media": media, "car variant": variant, "car model": model}


def company(world: World) -> str:
    return document_gid("Company", world.company.id)


def gid(kind: str, name: str) -> Callable[[World], str]:
    return lambda world: document_gid(kind, world.documents[name].id)


asset = gid("CompanyAsset", "asset")
model = gid("CarModel", "car model")
variant = gid("CarVariant", "car variant")
media = gid("CarMedia", "car media")


def applied(**values: Any) -> Example:
    """A change of the film with what the company has: its editors outside of the company lack that."""
    return replace(change(**values), refusals={"editor": "NOT_FOUND"})


EXAMPLES = {
    "companyAssets": Example(lambda w: {"companyId": company(w)}),
    "addCompanyAsset": change(companyId=company, kind="OTHER", name="Stolen"),
    "updateCompanyAsset": change(assetId=asset, name="Stolen"),
    "deleteCompanyAsset": change(assetId=asset),
    "carModel": Example(lambda w: {"id": model(w)}, unseen=NULL),
    "carModels": Example(lambda w: {"companyId": company(w)}),
    "createCarModel": change(companyId=company, name="Stolen"),
    "updateCarModel": change(carModelId=model, name="Stolen"),
    "deleteCarModel": change(carModelId=model),
    "addCarVariant": change(carModelId=model, year=2025),
    "updateCarVariant": change(variantId=variant, year=2025),
    "deleteCarVariant": change(variantId=variant),
    "updateCarMedia": change(mediaId=media, title="Stolen"),
    "deleteCarMedia": change(mediaId=media),
    "applyBranding": applied(projectId=project, assetIds=lambda w: [asset(w)]),
    "arrangeOverlays": change(projectId=project, overlays=[], expectedRevision=0),
    "removeCaptionFont": change(projectId=project),
    "addCarImages": applied(frameId=frame, mediaIds=lambda w: [media(w)]),
}

NODES = {
    "CompanyAsset": NodeExample(asset, needs=Permission.COMPANY_VIEW),
    "CarModel": NodeExample(model, needs=Permission.COMPANY_VIEW),
    "CarVariant": NodeExample(variant, needs=Permission.COMPANY_VIEW),
    "CarMedia": NodeExample(media, needs=Permission.COMPANY_VIEW),
}
