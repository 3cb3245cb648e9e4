"""Keys at providers, of the owner and of the company."""

from documents.accounts.provider_key import ProviderKey
from schema.ids import document_gid
from tests.strangers.example import Example
from tests.strangers.world import World


async def furnish(world: World) -> None:
    services = world.studio.services
    for owner_id, is_company in ((world.owner.user_id, False), (world.company.id, True)):
        key = ProviderKey(
            owner_id=owner_id,
            is_company=is_company,
            provider="acme",
            sealed="",
            hint="nary",
            created_by=world.owner.user_id,
            created_at=services.now(),
            checked_at=services.now(),
        )
        key.sealed = services.sealing.seal(key.purpose, b"good-canary")
        await key.insert()


def company(world: World) -> str:
    return document_gid("Company", world.company.id)


NOT_EDITORS = dict.fromkeys(("owner", "colleague"), "FORBIDDEN")

EXAMPLES = {
    "saveProviderKey": Example(
        lambda w: {"input": {"provider": "acme", "key": "good-key", "companyId": company(w)}},
        by="admin",
        refusals=NOT_EDITORS,
    ),
    "checkProviderKey": Example(
        lambda w: {"input": {"provider": "acme", "companyId": company(w)}}, by="admin", refusals=NOT_EDITORS
    ),
    "removeProviderKey": Example(
        lambda w: {"input": {"provider": "acme", "companyId": company(w)}}, by="admin", refusals=NOT_EDITORS
    ),
    "updateCompanyProviders": Example(
        lambda w: {
            "input": {
                "companyId": company(w),
                "preferences": [{"capability": "IMAGE", "provider": "local"}],
            }
        }
    ),
}
