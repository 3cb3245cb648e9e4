"""Which providers a company prefers, and who comes first where several could do the work."""

from typing import Any

import pytest

from access.built_in_roles import ADMIN, MEMBER
from access.provider_choice import ProviderChoice
from access.sealing import Sealing
from documents.accounts.provider_key import ProviderKey
from documents.audit_entry import AuditAction, AuditEntry
from documents.companies.company import Company
from providers.desk import ProviderDesk
from providers.line import OwnGate
from providers.openai.options import OpenAiOptions
from providers.openai.service import OpenAiService
from providers.prices import PriceList
from providers.protocols.offer import Capability
from providers.service import Whose
from schema.ids import document_gid
from tests.resolvers.conftest import Api
from tests.resolvers.test_provider_keys import make_company, own_id, person
from tests.studio import Studio

UPDATE = """mutation($input: UpdateCompanyProvidersInput!) { updateCompanyProviders(input: $input) {
  company { revision providerPreferences { capability provider } } userErrors { code field message } } }"""


def preferring(**names: str) -> list[dict[str, str]]:
    return [{"capability": capability, "provider": name} for capability, name in names.items()]


async def test_a_company_says_whom_it_prefers(api: Api, studio: Studio) -> None:
    company = await make_company(studio)
    admin = await person(studio, company_id=company.id, role_id=ADMIN.id)
    given = {"companyId": document_gid("Company", company.id)}
    answer = await api(
        admin, UPDATE, input=given | {"preferences": preferring(SPEECH="local", IMAGE="local")}
    )
    assert answer.payload["company"] == {
        "revision": 1,
        "providerPreferences": preferring(IMAGE="local", SPEECH="local"),
    }
    stored = await Company.light(company.id)
    assert stored is not None
    assert stored.provider_preferences == {"speech": "local", "image": "local"}
    (entry,) = await AuditEntry.find({"target_id": company.id}).to_list()
    assert entry.action is AuditAction.COMPANY_UPDATED
    emptied = await api(admin, UPDATE, input=given | {"preferences": [], "expectedRevision": 1})
    assert emptied.payload["company"]["providerPreferences"] == []
    stale = await api(admin, UPDATE, input=given | {"preferences": [], "expectedRevision": 1})
    assert stale.user_codes == [("REVISION_CONFLICT", "input.expectedRevision")]


@pytest.mark.parametrize(
    ("preferences", "at"),
    [
        (preferring(IMAGE="nobody"), "input.preferences.0.provider"),
        (preferring(SPEECH="local", TRANSLATION="local"), "input.preferences.1.provider"),
        (preferring(IMAGE="local") * 2, "input.preferences.1.capability"),
    ],
)
async def test_what_nobody_does_cannot_be_preferred(
    api: Api, studio: Studio, preferences: Any, at: str
) -> None:
    company = await make_company(studio)
    admin = await person(studio, company_id=company.id, role_id=ADMIN.id)
    given = {"companyId": document_gid("Company", company.id), "preferences": preferences}
    assert (await api(admin, UPDATE, input=given)).user_codes == [("INVALID", at)]
    stored = await Company.light(company.id)
    assert stored is not None
    assert (stored.revision, stored.provider_preferences) == (0, {})


async def test_members_cannot_change_it(api: Api, studio: Studio) -> None:
    company = await make_company(studio)
    member = await person(studio, company_id=company.id, role_id=MEMBER.id)
    given = {"companyId": document_gid("Company", company.id), "preferences": []}
    assert (await api(member, UPDATE, input=given)).codes == ["FORBIDDEN"]


async def test_the_projects_own_name_comes_first_then_preference_then_order(studio: Studio) -> None:
    """And the key: one's own, the company's, the installation's."""
    sealing = Sealing({"s": "s" * 32})
    services = [
        OpenAiService(
            OpenAiOptions(name=name, api_key="key-of-all", models={Capability.IMAGE: "m"}),
            prices=PriceList(),
            gate=OwnGate(),
        )
        for name in ("first", "second")
    ]
    choice = ProviderChoice(ProviderDesk(services, dict.fromkeys(Capability, "PROVIDERS")), sealing)
    company = await make_company(studio)
    user_id = own_id(await person(studio))

    async def drawer(name: str | None = None) -> tuple[str, str]:
        registry = await choice.registry(user_id, company.id)
        offer = registry.image_maker(name).offer
        return offer.provider, offer.whose_key

    async def save(owner: Any, provider: str, *, is_company: bool) -> None:
        key = ProviderKey(
            owner_id=owner,
            is_company=is_company,
            provider=provider,
            sealed="",
            hint="xxxx",
            created_by=user_id,
            created_at=studio.services.now(),
            checked_at=studio.services.now(),
        )
        key.sealed = sealing.seal(key.purpose, f"key-of-{owner}".encode())
        await key.insert()

    assert await drawer() == ("first", Whose.INSTALLATION)
    await company.set({"provider_preferences": {"image": "second"}})
    assert await drawer() == ("second", Whose.INSTALLATION)
    assert await drawer("first") == ("first", Whose.INSTALLATION)
    await save(company.id, "second", is_company=True)
    assert await drawer() == ("second", Whose.COMPANY)
    assert await drawer("first") == ("first", Whose.INSTALLATION)
    await save(user_id, "second", is_company=False)
    assert await drawer() == ("second", Whose.USER)
    assert (await choice.registry(user_id, None)).image_maker().offer.provider == "first"
    await company.set({"provider_preferences": {"image": "gone", "unheard-of": "first"}})
    assert await drawer("first") == ("first", Whose.INSTALLATION)
