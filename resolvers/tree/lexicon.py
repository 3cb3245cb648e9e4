"""How words are said: the lexicons of projects and companies."""

from collections.abc import Mapping, Sequence
from typing import Any

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.audit_entry import AuditAction
from documents.companies.company import Company
from documents.tree import place as places
from documents.tree.lexicon import Pronunciation
from resolvers.companies.governing import Governing, govern
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.tree.changes import set_fields


async def update(
    context: Context,
    project_id: PydanticObjectId,
    entries: Sequence[Mapping[str, Any]],
    *,
    expected_revision: int | None,
) -> Outcome[Pronunciation]:
    """Put these entries in the place of a project's own.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
    """
    place = places.section(Pronunciation)
    return await set_fields(
        context, project_id, place, {"entries": entries}, expected_revision=expected_revision
    )


async def update_of_company(
    context: Context,
    company_id: PydanticObjectId,
    entries: Sequence[Mapping[str, Any]],
    *,
    expected_revision: int | None,
) -> Outcome[Company]:
    """Put these entries in the place of a company's.

    Raises:
        NotFound, Forbidden: the viewer does not belong to it, or may not edit it.
    """
    before = await context.companies.load(company_id, Permission.COMPANY_EDIT)
    good, faults = checked(Pronunciation, {"entries": entries}, at="input")
    if faults:
        return Outcome(user_errors=faults)

    async def act(governing: Governing) -> Outcome[Company]:
        changed = await Company.change(
            company_id,
            {"pronunciation": good["entries"]},
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
            before={"lexicon_entries": len(before.pronunciation)},
            after={"lexicon_entries": len(entries)},
        )
        return Outcome(changed)

    return await govern(context, company_id, Permission.COMPANY_EDIT, act)
