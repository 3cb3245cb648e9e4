"""All providers of this installation, and who does what for whom with whose key."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from providers.protocols.offer import Capability, Offer, Provides, Usage
from providers.protocols.prediction import Ticket
from providers.registry import ProviderRegistry
from providers.service import Account, Service

_KEPT_REGISTRIES = 256


class ProviderDesk:
    """Knows the services in the operator's order of preference.

    Args:
        services: the most preferred first.
        settings: for each capability the setting that an operator changes to provide it.
    """

    def __init__(self, services: Sequence[Service], settings: Mapping[Capability, str]) -> None:
        self._services = {service.name: service for service in services}
        self._settings = settings
        self._registries: OrderedDict[tuple[object, ...], ProviderRegistry] = OrderedDict()

    def service(self, name: str) -> Service | None:
        """The provider of that name, if it is set up here."""
        return self._services.get(name)

    def services(self) -> tuple[Service, ...]:
        """All of them, the most preferred first."""
        return tuple(self._services.values())

    def registry(
        self,
        accounts: Mapping[str, Account] | None = None,
        preferred: Mapping[Capability, str] | None = None,
    ) -> ProviderRegistry:
        """Who does what, for somebody with these keys by provider's name; the installation's for the rest.

        Args:
            accounts: the keys to use.
            preferred: for a capability the provider that comes before all others.
        """
        accounts, preferred = accounts or {}, preferred or {}
        name = (
            tuple(sorted((provider, each.fingerprint, each.whose) for provider, each in accounts.items())),
            tuple(sorted(preferred.items())),
        )
        known = self._registries.get(name)
        if known is None:
            known = self._registries[name] = self._build(accounts, preferred)
            while len(self._registries) > _KEPT_REGISTRIES:
                self._registries.popitem(last=False)
        self._registries.move_to_end(name)
        return known

    def _build(
        self, accounts: Mapping[str, Account], preferred: Mapping[Capability, str]
    ) -> ProviderRegistry:
        makers: dict[Capability, dict[str, Provides]] = {capability: {} for capability in Capability}
        refusals: list[Offer] = []
        for service in self._services.values():
            account = accounts.get(service.name)
            for capability, maker in service.makers(account).items():
                makers[capability][service.name] = maker
            refusals += service.refusals(account)
        for capability, first in preferred.items():
            if first in makers[capability]:
                makers[capability] = {first: makers[capability][first]} | makers[capability]
        return ProviderRegistry(settings=self._settings, makers=makers, refusals=tuple(refusals))

    async def call_off(self, ticket: Ticket, account: Account | None) -> Usage | None:
        """Stop work that was bought; what it took. Raises ProviderUnavailable as the service does."""
        service = self._services.get(ticket.provider)
        return None if service is None else await service.call_off(ticket, account)

    async def close(self) -> None:
        """Close all services."""
        for service in self._services.values():
            await service.close()
