"""What happened before: strangers who once were none became so through the API, with their sessions open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from access.api_key_tokens import ApiKeyToken
from schema.ids import document_gid
from tests.strangers.calls import OPERATIONS, post
from tests.strangers.example import Variables
from tests.strangers.examples.film import gid
from tests.strangers.street import Street
from tests.strangers.world import World


@dataclass(frozen=True)
class Deed:
    """One operation that made somebody a stranger.

    Args:
        by: name of the caller who did it.
        operation: its name.
        variables: its arguments.
    """

    by: str
    operation: str
    variables: Variables


def revoked_key(world: World) -> Mapping[str, Any]:
    token = next(each.token for each in world.callers if each.name == "revoked API key")
    assert token is not None
    return {"input": {"apiKeyId": document_gid("ApiKey", ApiKeyToken.parse(token).key_id)}}


DEEDS = (
    Deed("revoked session", "signOut", lambda _: {"input": {}}),
    Deed("owner", "revokeApiKey", revoked_key),
    Deed(
        "admin",
        "removeMember",
        lambda w: {"input": {"memberId": document_gid("Member", w.people["removed member"].user_id)}},
    ),
    Deed(
        "owner",
        "removeCollaborator",
        lambda w: {"input": {"projectId": gid(w), "userId": w.user_gid("removed collaborator")}},
    ),
    Deed(
        "operator", "suspendUser", lambda w: {"input": {"userId": w.user_gid("suspended"), "reason": "Spam"}}
    ),
)


async def happen(street: Street) -> None:
    """Let it all happen, in order."""
    callers = {each.name: each for each in street.world.callers}
    for deed in DEEDS:
        client = await street.client(callers[deed.by])
        answer = await post(client, OPERATIONS[deed.operation], deed.variables(street.world))
        assert answer.outcome == "OK", (deed, answer.text)
