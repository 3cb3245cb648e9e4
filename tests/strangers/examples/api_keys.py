"""Keys with which programs act for the owner."""

from access.api_key_tokens import ApiKeyToken
from access.permissions import Permission
from documents.accounts.api_key import ApiKey
from schema.ids import document_gid
from tests.strangers.example import Example, NodeExample
from tests.strangers.world import World


async def furnish(world: World) -> None:
    token = ApiKeyToken.make()
    world.documents["api key"] = await ApiKey(
        id=token.key_id,
        user_id=world.owner.user_id,
        name="Canary owner",
        secret_hash=token.secret_hash,
        hint="fwk_…",
        scopes=[Permission.PROJECT_VIEW.value],
        created_at=world.studio.services.now(),
    ).insert()


def key(world: World) -> str:
    return document_gid("ApiKey", world.documents["api key"].id)


EXAMPLES = {
    "createApiKey": Example(
        lambda _: {"input": {"name": "Machine", "scopes": ["PROJECT_VIEW"]}}, is_own=True
    ),
    "revokeApiKey": Example(lambda w: {"input": {"apiKeyId": key(w)}}),
}

NODES = {"ApiKey": NodeExample(key, needs=Permission.ACCOUNT_VIEW)}
