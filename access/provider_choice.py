"""Who does what for a user: with their own keys first, then their company's, then the installation's."""

from collections.abc import Mapping, Sequence

import structlog
from beanie import PydanticObjectId

from access.sealing import SealBroken, Sealing
from documents.accounts.provider_key import ProviderKey
from documents.companies.company import Company
from providers.desk import ProviderDesk
from providers.protocols.offer import Capability, Usage
from providers.protocols.prediction import Ticket
from providers.registry import ProviderRegistry
from providers.service import Account, Whose

log = structlog.get_logger()


class ProviderChoice:
    """Finds the registry of whoever asks.

    Args:
        desk: all providers of this installation.
        sealing: opens the keys.
    """

    def __init__(self, desk: ProviderDesk, sealing: Sealing) -> None:
        self.desk = desk
        self._sealing = sealing

    async def registry(
        self, user_id: PydanticObjectId, company_id: PydanticObjectId | None
    ) -> ProviderRegistry:
        """Who does what for this user in a project of this company, or in one of their own.

        A project names providers itself (`Style`); this says who is there to be named, and who comes first.
        """
        preferred: Mapping[Capability, str] = {}
        if company_id is not None:
            company = await Company.light(company_id)
            preferred = {} if company is None else preferences(company)
        return self.desk.registry(await self.accounts(user_id, company_id), preferred)

    async def accounts(
        self, user_id: PydanticObjectId, company_id: PydanticObjectId | None
    ) -> dict[str, Account]:
        """The keys that are used, by provider; where there is none, the installation's is."""
        return await self._accounts_of([user_id] if company_id is None else [user_id, company_id])

    async def _accounts_of(self, owners: Sequence[PydanticObjectId]) -> dict[str, Account]:
        accounts: dict[str, Account] = {}
        async for key in ProviderKey.find({"owner_id": {"$in": list(owners)}}):
            whose = Whose.COMPANY if key.is_company else Whose.USER
            if whose is Whose.COMPANY and key.provider in accounts:
                continue
            try:
                opened = self._sealing.open(key.purpose, key.sealed).decode()
            except SealBroken:
                log.warning(
                    "a provider's key cannot be opened: its SECRETS_KEYS key is gone", key=str(key.id)
                )
                continue
            accounts[key.provider] = Account(opened, whose)
        return accounts

    async def call_off(
        self,
        ticket: Ticket,
        user_id: PydanticObjectId,
        company_id: PydanticObjectId | None,
        *,
        whose: Whose | None,
    ) -> tuple[Usage, Whose] | None:
        """Stop work that was bought for this user, with the key that it was bought with.

        Args:
            ticket: of the work.
            user_id: who ordered it.
            company_id: whose keys might pay besides; None for nobody's.
            whose: whose key paid, though there may be another one by now; None where that was not noted.

        Returns:
            What it took and whose key paid; None where that is not known, or the key is gone.

        Raises:
            ProviderUnavailable: it did not answer.
        """
        owners = {
            Whose.USER: [user_id],
            Whose.COMPANY: [] if company_id is None else [company_id],
            Whose.INSTALLATION: [],
            None: [user_id] if company_id is None else [user_id, company_id],
        }
        account = (await self._accounts_of(owners[whose])).get(ticket.provider)
        if account is None and whose in {Whose.USER, Whose.COMPANY}:
            return None
        usage = await self.desk.call_off(ticket, account)
        if usage is None:
            return None
        return usage, Whose.INSTALLATION if account is None else account.whose


def preferences(company: Company) -> dict[Capability, str]:
    """A company's providers by capability, as far as this program knows the capabilities."""
    known = {each.value for each in Capability}
    return {Capability(name): who for name, who in company.provider_preferences.items() if name in known}
