import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from beanie import PydanticObjectId

from access.api_key_tokens import ApiKeyToken
from access.built_in_roles import ADMIN, MEMBER
from access.errors import NotFound, Unauthenticated
from access.permissions import ACCOUNT_PERMISSIONS, Permission
from documents.accounts.api_key import MOST_PER_USER, ApiKey
from documents.accounts.user import User
from documents.audit_entry import AuditAction, AuditEntry
from documents.companies.company import Company
from documents.projects.project import Project
from resolvers.accounts import api_keys
from resolvers.context import Context
from resolvers.outcome import UserErrorCode
from schema.ids import document_gid
from tests.resolvers.conftest import Api
from tests.studio import Studio, make_project

CREATE = """mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  apiKey { id name hint scopes expiresAt lastUsedAt } token userErrors { code field } } }"""
REVOKE = """mutation($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { revokedId } }"""
LIST = "{ viewer { apiKeys { id name scopes } } }"
VIEW = Permission.PROJECT_VIEW


async def person(studio: Studio) -> Context:
    """A request by somebody with an account."""
    key = f"{PydanticObjectId()}@example.com"
    user = await User.register(
        email=key, email_key=key, name="Ana", locale="en", password_hash="x", now=studio.services.now()
    )
    assert user is not None
    return studio.context(user.id)


async def made(context: Context, *scopes: Permission, **given: Any) -> str:
    outcome = await api_keys.create(
        context, **({"name": "Machine", "scopes": scopes or (VIEW,), "expires_at": None} | given)
    )
    assert outcome.result is not None, outcome.user_errors
    return outcome.result.token


async def test_key_acts_for_its_maker_within_its_scopes(studio: Studio, api: Api) -> None:
    context = await person(studio)
    given = {"name": " Render farm ", "scopes": ["PROJECT_VIEW", "ACCOUNT_VIEW", "PROJECT_VIEW"]}
    answer = await api(context, CREATE, input=given)
    key, token = answer.payload["apiKey"], answer.payload["token"]
    assert (key["name"], key["scopes"], key["expiresAt"]) == (
        "Render farm",
        ["ACCOUNT_VIEW", "PROJECT_VIEW"],
        None,
    )
    viewer = await studio.services.authenticator.authenticate(token)
    assert (viewer.user_id, viewer.session_id) == (context.require_viewer().user_id, None)
    assert viewer.scopes == frozenset({VIEW, Permission.ACCOUNT_VIEW})
    assert not viewer.has(Permission.PROJECT_CREATE)
    listed = await api(replace_viewer(context, viewer), LIST)
    assert [each["id"] for each in listed.payload["apiKeys"]] == [key["id"]]


def replace_viewer(context: Context, viewer: Any) -> Context:
    return Context(context.services, context.request, "request", context.remote_address, viewer=viewer)


async def test_text_of_a_key_is_nowhere_but_in_the_answer(studio: Studio) -> None:
    context = await person(studio)
    token = await made(context)
    key = await ApiKey.find_one({"user_id": context.require_viewer().user_id})
    assert key is not None
    entry = await AuditEntry.find_one({"target_id": key.id, "action": AuditAction.API_KEY_CREATED.value})
    assert entry is not None
    assert (entry.details["name"], entry.details["scopes"]) == ("Machine", ["PROJECT_VIEW"])
    raw = repr(await ApiKey.get_pymongo_collection().find_one({"_id": key.id})) + repr(entry) + repr(key)
    assert token[24:] not in raw
    assert repr(ApiKeyToken.parse(token).secret) not in raw
    assert key.hint.removeprefix("fwk_…") in token


async def test_revoked_key_is_refused_at_once_and_its_sockets_are_told(studio: Studio, api: Api) -> None:
    context, other = await person(studio), await person(studio)
    key = (await api(context, CREATE, input={"name": "A", "scopes": ["PROJECT_VIEW"]})).payload
    assert (await api(other, REVOKE, input={"apiKeyId": key["apiKey"]["id"]})).codes == ["NOT_FOUND"]
    assert await studio.services.authenticator.authenticate(key["token"])
    topic = f"{studio.prefix}events:stream:viewer:{context.require_viewer().user_id}"
    before = [name async for name in studio.redis.scan_iter(f"*{topic.rpartition(':')[2]}*")]
    assert (await api(context, REVOKE, input={"apiKeyId": key["apiKey"]["id"]})).payload == {
        "revokedId": key["apiKey"]["id"]
    }
    after = [name async for name in studio.redis.scan_iter(f"*{topic.rpartition(':')[2]}*")]
    assert len(after) > len(before)
    with pytest.raises(Unauthenticated):
        await studio.services.authenticator.authenticate(key["token"])
    assert (await api(context, REVOKE, input={"apiKeyId": key["apiKey"]["id"]})).codes == ["NOT_FOUND"]
    assert await AuditEntry.find({"action": AuditAction.API_KEY_REVOKED.value}).count() == 1


async def test_key_that_ran_out_or_has_another_secret_is_refused(studio: Studio) -> None:
    context = await person(studio)
    now = studio.services.now()
    token = await made(context, expires_at=now + timedelta(hours=1))
    forged = replace(ApiKeyToken.parse(token), secret=bytes(32)).reveal()
    with pytest.raises(Unauthenticated):
        await studio.services.authenticator.authenticate(forged)
    assert await studio.services.authenticator.authenticate(token)
    await ApiKey.get_pymongo_collection().update_many({}, {"$set": {"expires_at": now}})
    with pytest.raises(Unauthenticated):
        await studio.services.authenticator.authenticate(token)


async def test_suspension_and_loss_of_a_role_reach_keys_at_once(studio: Studio) -> None:
    context = await person(studio)
    user_id = context.require_viewer().user_id
    now = studio.services.now()
    company = await Company(name="Acme", created_by=user_id, created_at=now, updated_at=now).insert()
    await User.find_one({"_id": user_id}).update({"$set": {"company_id": company.id, "role_id": MEMBER.id}})
    viewer = replace(
        context.require_viewer(), company_id=company.id, permissions=ACCOUNT_PERMISSIONS | MEMBER.permissions
    )
    token = await made(replace_viewer(context, viewer), Permission.COMPANY_VIEW)
    authenticate = studio.services.authenticator.authenticate
    assert (await authenticate(token)).has(Permission.COMPANY_VIEW)
    await User.find_one({"_id": user_id}).update({"$set": {"company_id": None}, "$unset": {"role_id": ""}})
    assert not (await authenticate(token)).has(Permission.COMPANY_VIEW)
    await User.set_suspended(user_id, is_suspended=True, now=now)
    with pytest.raises(Unauthenticated):
        await authenticate(token)


async def test_scopes_bound_what_a_role_gives_in_the_companys_projects(studio: Studio, api: Api) -> None:
    boss, owner = await person(studio), await person(studio)
    boss_id, now = boss.require_viewer().user_id, studio.services.now()
    company = await Company(name="Acme", created_by=boss_id, created_at=now, updated_at=now).insert()
    await User.find_one({"_id": boss_id}).update({"$set": {"company_id": company.id, "role_id": ADMIN.id}})
    project = await make_project(owner)
    await Project.find_one({"_id": project.id}).update({"$set": {"company_id": company.id}})
    context = await studio.context_of(boss_id)
    delete = "mutation($input: DeleteProjectInput!) { deleteProject(input: $input) { project { id } } }"
    scopes = [VIEW, Permission.PROJECT_DELETE]
    answers = []
    for wider in ((), (Permission.COMPANY_PROJECTS_VIEW,), (Permission.COMPANY_PROJECTS_MANAGE,)):
        token = await made(context, *scopes, *wider)
        key = await studio.services.authenticator.authenticate(token)
        given = {"projectId": document_gid("Project", project.id)}
        answers.append((await api(replace_viewer(context, key), delete, input=given)).codes)
    assert answers == [["NOT_FOUND"], ["FORBIDDEN"], []]


async def test_use_is_noted_about_once_a_minute(studio: Studio) -> None:
    context = await person(studio)
    token = await made(context)
    keys = ApiKey.get_pymongo_collection()
    one = {"_id": ApiKeyToken.parse(token).key_id}

    async def noted() -> Any:
        await studio.services.authenticator.authenticate(token)
        found = await keys.find_one(one)
        assert found is not None
        return found["last_used_at"]

    first = await noted()
    assert first is not None
    assert await noted() == first
    await keys.update_one(one, {"$set": {"last_used_at": first - timedelta(seconds=61)}})
    assert await noted() >= first


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "input.name"),
        ({"name": "a\nb"}, "input.name"),
        ({"scopes": ()}, "input.scopes"),
        ({"scopes": (Permission.ACCOUNT_MANAGE,)}, "input.scopes"),
        ({"scopes": (Permission.PLATFORM_USERS_VIEW,)}, "input.scopes"),
        ({"scopes": (Permission.COMPANY_VIEW,)}, "input.scopes"),
        ({"expires_at": "now"}, "input.expiresAt"),
    ],
)
async def test_bad_key_is_refused_and_nothing_stored(
    studio: Studio, given: dict[str, Any], field: str
) -> None:
    context = await person(studio)
    if "expires_at" in given:
        given = {"expires_at": studio.services.now()}
    outcome = await api_keys.create(context, **({"name": "A", "scopes": (VIEW,), "expires_at": None} | given))
    assert [(each.code, each.field) for each in outcome.user_errors] == [(UserErrorCode.INVALID, field)]
    assert await ApiKey.find({"user_id": context.require_viewer().user_id}).count() == 0


async def test_at_most_so_many_keys_however_they_race(studio: Studio) -> None:
    context = await person(studio)
    for _ in range(MOST_PER_USER - 2):
        await made(context)
    outcomes = await asyncio.gather(
        *(api_keys.create(context, name="A", scopes=(VIEW,), expires_at=None) for _ in range(6))
    )
    codes = [error.code for outcome in outcomes for error in outcome.user_errors]
    assert codes == [UserErrorCode.LIMIT_EXCEEDED] * 4
    assert await ApiKey.find({"user_id": context.require_viewer().user_id}).count() == MOST_PER_USER


async def test_nobody_lists_the_keys_of_another(studio: Studio) -> None:
    context, other = await person(studio), await person(studio)
    await made(context)
    user = await User.get(context.require_viewer().user_id)
    assert user is not None
    assert await api_keys.of_user(other, user) is None
    with pytest.raises(NotFound):
        await api_keys.revoke(other, (await ApiKey.of_user(user.id))[0].id)
