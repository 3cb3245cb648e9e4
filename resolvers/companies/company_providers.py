"""Which providers a company's projects use, unless they name one themselves."""

from collections.abc import Sequence

from beanie import PydanticObjectId

from access.permissions import Permission
from access.provider_choice import preferences
from documents.audit_entry import AuditAction
from documents.companies.company import Company
from providers.protocols.offer import Capability
from resolvers.companies.governing import Governing, govern
from resolvers.context import Context
from resolvers.outcome import Outcome, UserError, UserErrorCode

Preference = tuple[Capability, str]


def of_company(company: Company) -> list[Preference]:
    """What a company prefers, in the order in which capabilities are listed."""
    chosen = preferences(company)
    return [(capability, chosen[capability]) for capability in Capability if capability in chosen]


async def update(
    context: Context,
    company_id: PydanticObjectId,
    preferred: Sequence[Preference],
    *,
    expected_revision: int | None,
) -> Outcome[Company]:
    """Set all preferences.

    Raises:
        NotFound, Forbidden: the viewer does not belong to the company, or may not edit it.
    """
    before = await context.companies.load(company_id, Permission.COMPANY_EDIT)
    faults = await _faults(context, company_id, preferred)
    if faults:
        return Outcome(user_errors=faults)
    values = {"provider_preferences": {capability.value: who for capability, who in preferred}}

    async def act(governing: Governing) -> Outcome[Company]:
        changed = await Company.change(
            company_id,
            values,
            expected_revision=expected_revision,
            now=governing.now,
            session=governing.session,
        )
        if changed is None:
            return Outcome.refused(
                UserErrorCode.REVISION_CONFLICT,
                "The company was changed meanwhile. Look at it as it is now and try again with its revision.",
                at="input.expectedRevision",
                result=await Company.light(company_id),
            )
        await governing.record(
            AuditAction.COMPANY_UPDATED,
            "Company",
            company_id,
            before={"provider_preferences": before.provider_preferences},
            after=values,
        )
        return Outcome(changed)

    return await govern(context, company_id, Permission.COMPANY_EDIT, act)


async def _faults(
    context: Context, company_id: PydanticObjectId, preferred: Sequence[Preference]
) -> list[UserError]:
    """What nobody could do with these; a provider that only lacks a key may be preferred already.

    One that lacks the ability names no models for it.
    """
    registry = await context.services.providers.registry(context.require_viewer().user_id, company_id)
    known = {(offer.capability, offer.provider) for offer in registry.offers() if offer.models}
    seen: set[Capability] = set()
    faults = []
    for index, (capability, provider) in enumerate(preferred):
        at = f"input.preferences.{index}"
        if capability in seen:
            text = "This capability stands here twice; name one provider for it."
            faults.append(UserError(UserErrorCode.INVALID, f"{at}.capability", text))
        seen.add(capability)
        if (capability, provider) not in known:
            names = ", ".join(sorted(who for what, who in known if what is capability))
            text = f"No provider of that name is set up here for this; there are: {names or 'none'}."
            faults.append(UserError(UserErrorCode.INVALID, f"{at}.provider", text))
    return faults
