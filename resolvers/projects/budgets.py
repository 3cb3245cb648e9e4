"""A project's money: its ceiling, and whether something fits under it."""

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.projects.money import MICROS_MAX, Budget
from documents.projects.project import Project
from documents.tree import place as places
from resolvers.context import Context
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree.changes import answer, editor_of
from tasks.buying.estimate import Bill, is_over, left_micros
from tasks.buying.setting_aside import dollars


async def update(
    context: Context,
    project_id: PydanticObjectId,
    *,
    ceiling_micros: int | None,
    expected_revision: int | None,
) -> Outcome[Budget]:
    """Set what a project may cost in all; None for no ceiling. One below what was spent stops what is paid.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not decide over its money.
    """
    project = await context.projects.check(project_id, Permission.PROJECT_PRODUCE)
    if ceiling_micros is not None and not 0 <= ceiling_micros <= MICROS_MAX:
        return Outcome.refused(
            UserErrorCode.INVALID,
            f"A ceiling is 0 to {MICROS_MAX // 1_000_000:,} USD, or null for none.",
            at="input.ceilingMicros",
        )
    edit = await editor_of(context, project)
    return await answer(
        context,
        edit.set_fields(
            places.section(Budget), {"ceiling_micros": ceiling_micros}, expected_revision=expected_revision
        ),
    )


def over_ceiling(bill: Bill, project: Project) -> UserError | None:
    """Why something that costs so much may not be started in a project; None if it may."""
    left = left_micros(project)
    if left is None or not is_over(left, bill):
        return None
    if not bill.is_priced:
        why = "The project has a ceiling, and of what this takes not all prices are set: see `providers`."
    else:
        why = f"This costs about {dollars(bill.micros)}, and {dollars(left)} are left under the ceiling."
    return UserError(UserErrorCode.BUDGET_EXCEEDED, "input.projectId", f"{why} Raise it with updateBudget.")
