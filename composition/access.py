"""Who may try how often, and who else vouches for people, out of the settings."""

from dataclasses import fields

from access.cost_budgets import CostBudgets
from access.identity_providers import IdentityProvider, ProviderOptions
from access.rate_limits import AccountBudgets
from settings.sections import Settings


def account_budgets(settings: Settings) -> AccountBudgets:
    """How often one may try to get in, and have mails sent."""
    return AccountBudgets(
        **{field.name: getattr(settings.budgets, field.name) for field in fields(AccountBudgets)}
    )


def cost_budgets(settings: Settings) -> CostBudgets:
    """What operations may cost over time."""
    return CostBudgets(**{field.name: getattr(settings.budgets, field.name) for field in fields(CostBudgets)})


def identity_providers(settings: Settings) -> dict[str, IdentityProvider]:
    """Who vouches for people besides us, by the key in the address of the sign-in."""
    found = {}
    for each in settings.access.oidc_providers:
        options = ProviderOptions(
            key=each.key,
            name=each.name,
            issuer=str(each.issuer).rstrip("/"),
            client_id=each.client_id,
            client_secret=each.client_secret.get_secret_value(),
            scope=each.scope,
            is_github=each.kind == "github",
        )
        found[each.key] = IdentityProvider(options, str(settings.server.public_url).rstrip("/"))
    return found
