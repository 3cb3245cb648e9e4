"""Keys at providers: kept sealed, tried first, told to nobody."""

import asyncio
from dataclasses import replace
from typing import Any

import orjson
import pytest
from beanie import PydanticObjectId

from access.built_in_roles import ADMIN, MEMBER
from access.errors import RateLimited
from access.rate_limits import AccountBudgets, RateLimits
from access.sealing import SealBroken
from documents.accounts.provider_key import ProviderKey
from documents.audit_entry import AuditAction, AuditEntry
from documents.companies.company import Company
from providers.service import Whose
from resolvers.accounts import provider_keys
from resolvers.context import Context
from resolvers.outcome import UserErrorCode
from schema.ids import document_gid
from tests.people import make_user
from tests.resolvers.conftest import Api
from tests.studio import Studio

FIELDS = "provider hint createdAt checkedAt createdBy { userId name }"
SAVE = f"""mutation($input: SaveProviderKeyInput!) {{ saveProviderKey(input: $input) {{
  providerKey {{ {FIELDS} }} userErrors {{ code field message }} }} }}"""
CHECK = f"""mutation($input: CheckProviderKeyInput!) {{ checkProviderKey(input: $input) {{
  providerKey {{ {FIELDS} }} userErrors {{ code field message }} }} }}"""
REMOVE = """mutation($input: RemoveProviderKeyInput!) { removeProviderKey(input: $input) {
  providerKey { provider } userErrors { code } } }"""
OWN = f"{{ viewer {{ providerKeys {{ {FIELDS} }} }} }}"
OF_COMPANY = f"query($id: ID!) {{ company(id: $id) {{ providerKeys {{ {FIELDS} }} }} }}"
KEY = "good-sesame-7531"


async def person(studio: Studio, **values: Any) -> Context:
    user = await make_user(**values)
    return await studio.context_of(user.id)


async def make_company(studio: Studio) -> Company:
    now = studio.services.now()
    return await Company(
        name="Acme Films", created_by=PydanticObjectId(), created_at=now, updated_at=now
    ).insert()


async def stored(owner_id: PydanticObjectId) -> list[ProviderKey]:
    return await ProviderKey.find({"owner_id": owner_id}).to_list()


def own_id(context: Context) -> PydanticObjectId:
    return context.require_viewer().user_id


async def test_a_key_is_kept_sealed_and_shown_by_its_last_characters(api: Api, studio: Studio) -> None:
    context = await person(studio)
    saved = (await api(context, SAVE, input={"provider": "acme", "key": f" {KEY}\n"})).payload["providerKey"]
    assert (saved["provider"], saved["hint"], saved["createdBy"]["name"]) == ("acme", "7531", "Ana")
    assert (await api(context, OWN)).data["viewer"]["providerKeys"] == [saved]
    (key,) = await stored(own_id(context))
    assert KEY not in orjson.dumps(key.model_dump(mode="json")).decode()
    assert studio.services.sealing.open(key.purpose, key.sealed) == KEY.encode()
    assert key.sealed not in repr(key)
    accounts = await studio.services.providers.accounts(own_id(context), None)
    assert accounts["acme"].key == KEY
    assert KEY not in repr(accounts)


async def test_a_sealed_key_is_of_no_use_in_another_place(api: Api, studio: Studio) -> None:
    context = await person(studio)
    await api(context, SAVE, input={"provider": "acme", "key": KEY})
    (key,) = await stored(own_id(context))
    with pytest.raises(SealBroken):
        studio.services.sealing.open(f"provider-key:{PydanticObjectId()}", key.sealed)


async def test_a_new_key_takes_the_place_of_the_old_one(api: Api, studio: Studio) -> None:
    context = await person(studio)
    for key in (KEY, "good-other-0002"):
        assert (await api(context, SAVE, input={"provider": "acme", "key": key})).user_codes == []
    (key_now,) = await stored(own_id(context))
    assert key_now.hint == "0002"


async def test_two_keys_saved_at_once_leave_one(studio: Studio) -> None:
    context = await person(studio)
    saving = (
        provider_keys.save(context, provider="acme", key=f"good-at-once-{n}", company_id=None)
        for n in range(4)
    )
    outcomes = await asyncio.gather(*saving)
    assert [outcome.user_errors for outcome in outcomes] == [()] * 4
    assert len(await stored(own_id(context))) == 1


async def test_what_the_provider_refuses_is_not_saved_and_not_repeated(api: Api, studio: Studio) -> None:
    context = await person(studio)
    refused = await api(context, SAVE, input={"provider": "acme", "key": "wrong-secret-1"})
    assert refused.user_codes == [("INVALID", "input.key")]
    (error,) = refused.payload["userErrors"]
    assert "Incorrect key …" in error["message"]
    assert "wrong-secret-1" not in error["message"]
    assert await stored(own_id(context)) == []


async def test_while_the_provider_is_away_nothing_is_saved(api: Api, studio: Studio) -> None:
    context = await person(studio)
    away = await api(context, SAVE, input={"provider": "acme", "key": "away-secret-1"})
    assert away.user_codes == [("UNAVAILABLE", "input.key")]
    assert "away-secret-1" not in str(away.payload)
    assert await stored(own_id(context)) == []


async def test_who_takes_no_keys_and_what_is_no_key_is_refused(api: Api, studio: Studio) -> None:
    context = await person(studio)
    for provider in ("local", "nobody"):
        asked = await api(context, SAVE, input={"provider": provider, "key": KEY})
        assert asked.user_codes == [("INVALID", "input.provider")]
        assert "Keys are taken for acme." in str(asked.payload)
    for key in ("short", "good key with spaces", "good\r\nX-Header: 1", "gööd-sesame-7531", "g" * 501):
        asked = await api(context, SAVE, input={"provider": "acme", "key": key})
        assert asked.user_codes == [("INVALID", "input.key")]
    assert await stored(own_id(context)) == []


async def test_a_key_is_tried_again_and_stays_when_it_is_refused(api: Api, studio: Studio) -> None:
    context = await person(studio)
    await api(context, SAVE, input={"provider": "acme", "key": KEY})
    (before,) = await stored(own_id(context))
    checked = await api(context, CHECK, input={"provider": "acme"})
    assert checked.user_codes == []
    (after,) = await stored(own_id(context))
    assert after.checked_at > before.checked_at
    withdrawn = studio.services.sealing.seal(after.purpose, b"withdrawn-secret")
    await after.set({"sealed": withdrawn})
    refused = await api(context, CHECK, input={"provider": "acme"})
    assert refused.user_codes == [("INVALID", "input.provider")]
    assert "withdrawn-secret" not in str(refused.payload)
    assert (await stored(own_id(context)))[0].checked_at == after.checked_at


async def test_a_key_whose_seal_is_lost_is_said_to_be(api: Api, studio: Studio) -> None:
    context = await person(studio)
    await api(context, SAVE, input={"provider": "acme", "key": KEY})
    (key,) = await stored(own_id(context))
    await key.set({"sealed": "broken"})
    assert (await api(context, CHECK, input={"provider": "acme"})).user_codes == [("INVALID", None)]
    assert await studio.services.providers.accounts(own_id(context), None) == {}


async def test_a_removed_key_is_gone(api: Api, studio: Studio) -> None:
    context = await person(studio)
    await api(context, SAVE, input={"provider": "acme", "key": KEY})
    assert (await api(context, REMOVE, input={"provider": "acme"})).payload["userErrors"] == []
    assert await stored(own_id(context)) == []
    for operation in (REMOVE, CHECK):
        assert (await api(context, operation, input={"provider": "acme"})).codes == ["NOT_FOUND"]


async def test_the_companys_key_is_its_editors_business(api: Api, studio: Studio) -> None:
    company = await make_company(studio)
    admin = await person(studio, company_id=company.id, role_id=ADMIN.id)
    member = await person(studio, company_id=company.id, role_id=MEMBER.id)
    stranger = await person(studio)
    gid = document_gid("Company", company.id)
    given = {"provider": "acme", "key": KEY, "companyId": gid}
    assert (await api(member, SAVE, input=given)).codes == ["FORBIDDEN"]
    assert (await api(stranger, SAVE, input=given)).codes == ["NOT_FOUND"]
    assert (await api(admin, SAVE, input=given)).user_codes == []
    (seen,) = (await api(admin, OF_COMPANY, id=gid)).payload["providerKeys"]
    assert (seen["provider"], seen["hint"]) == ("acme", "7531")
    assert (await api(member, OF_COMPANY, id=gid)).payload["providerKeys"] is None
    accounts = await studio.services.providers.accounts(own_id(member), company.id)
    assert accounts["acme"].whose is Whose.COMPANY
    assert await studio.services.providers.accounts(own_id(member), None) == {}
    await api(member, SAVE, input={"provider": "acme", "key": "good-of-member"})
    accounts = await studio.services.providers.accounts(own_id(member), company.id)
    assert (accounts["acme"].whose, accounts["acme"].key) == (Whose.USER, "good-of-member")
    assert (await api(member, REMOVE, input={"provider": "acme", "companyId": gid})).codes == ["FORBIDDEN"]
    assert len(await stored(company.id)) == 1


async def test_what_was_done_is_written_down_without_the_key(api: Api, studio: Studio) -> None:
    company = await make_company(studio)
    admin = await person(studio, company_id=company.id, role_id=ADMIN.id)
    gid = document_gid("Company", company.id)
    for given in ({}, {"companyId": gid}):
        await api(admin, SAVE, input={"provider": "acme", "key": KEY} | given)
        await api(admin, REMOVE, input={"provider": "acme"} | given)
    entries = await AuditEntry.find({"actor_id": own_id(admin)}).sort("at").to_list()
    assert [(entry.action, entry.target_kind, entry.details) for entry in entries] == [
        (AuditAction.PROVIDER_KEY_SAVED, "User", {"provider": "acme"}),
        (AuditAction.PROVIDER_KEY_REMOVED, "User", {"provider": "acme"}),
        (AuditAction.PROVIDER_KEY_SAVED, "Company", {"provider": "acme"}),
        (AuditAction.PROVIDER_KEY_REMOVED, "Company", {"provider": "acme"}),
    ]


async def test_keys_cannot_be_guessed_at_for_long(studio: Studio, redis_url: str, prefix: str) -> None:
    context = await person(studio)
    limits = RateLimits(redis_url, budgets=AccountBudgets.every("2 per minute"), key_prefix=prefix)
    context.services = replace(context.services, rate_limits=limits)
    codes = []
    for _ in range(2):
        outcome = await provider_keys.save(context, provider="acme", key="wrong-secret", company_id=None)
        codes += [error.code for error in outcome.user_errors]
    assert codes == [UserErrorCode.INVALID] * 2
    with pytest.raises(RateLimited):
        await provider_keys.save(context, provider="acme", key=KEY, company_id=None)
    await limits.close()
