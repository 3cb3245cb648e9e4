"""What can be done with plans."""

import strawberry

import documents.projects.project as stored_project
import documents.writers_room.weekly_plan as stored
from access.permissions import Permission
from documents.jobs.job import Job as StoredJob
from resolvers.context import Context
from resolvers.jobs import jobs
from resolvers.outcome import Outcome
from resolvers.writers_room import weekly_plans
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id, tree_ref
from schema.inputs import given
from schema.jobs.job import Job
from schema.projects.project import Project
from schema.writers_room.weekly_plan import WeeklyPlan

Info = strawberry.Info[Context, None]


@strawberry.input(description="What a persona is to plan.")
class MakeWeeklyPlanInput:
    """Unpacked by `WeeklyPlanMutations.make_weekly_plan`."""

    persona_id: strawberry.ID = strawberry.field(description="Id of the persona that plans.")
    brief: str = strawberry.field(
        description="What the videos are to be about, in your own words: 1 to 5,000 characters."
    )
    starts_on: str = strawberry.field(description="The first day, `YYYY-MM-DD`.")
    days: int = strawberry.field(default=7, description="How many days, 1 to 31.")
    per_day: int = strawberry.field(default=1, description="How many videos a day, 1 to 5.")
    show_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of the show whose next episodes are to be planned; null for none."
    )
    language: str | None = strawberry.field(
        default=None, description="BCP 47 tag of the videos' language; null for the show's, or `en`."
    )
    audience: str | None = strawberry.field(
        default=None, description="For whom they are, one line; null for the show's."
    )
    culture: str | None = strawberry.field(
        default=None, description="Which culture they keep to, one line; null for the show's."
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Of your choosing, 1 to 200 characters: the same order sent twice with it is done once.",
    )


@strawberry.input(description="One more video to plan.")
class AddWeeklyPlanEntryInput:
    """Unpacked by `WeeklyPlanMutations.add_weekly_plan_entry`."""

    plan_id: strawberry.ID = strawberry.field(description="Id of the plan.")
    day: str = strawberry.field(description="On which day, `YYYY-MM-DD`; it may lie outside of the plan.")
    title: str = strawberry.field(description="One line, 1 to 200 characters.")
    topic: str = strawberry.field(description="What it is about: 1 to 5,000 characters.")
    hook: str = strawberry.field(default="", description="How it begins: at most 500 characters.")
    hashtags: list[str] = strawberry.field(
        default_factory=list, description="At most 30, of 1 to 60 characters, without `#`."
    )
    expected_revision: int | None = strawberry.field(
        default=None, description="The plan's revision as the client knows it; null to go on anyhow."
    )


@strawberry.input(description="An entry to take out of its plan.")
class RemoveWeeklyPlanEntryInput:
    """Unpacked by `WeeklyPlanMutations.remove_weekly_plan_entry`."""

    entry_id: strawberry.ID = strawberry.field(description="Id of the entry.")
    expected_revision: int | None = strawberry.field(
        default=None, description="The plan's revision as the client knows it; null to go on anyhow."
    )


@strawberry.input(description="What to change of an entry of a plan; what is left out stays.")
class UpdateWeeklyPlanEntryInput:
    """Unpacked by `WeeklyPlanMutations.update_weekly_plan_entry`."""

    entry_id: strawberry.ID = strawberry.field(description="Id of the entry.")
    day: str | None = strawberry.field(
        default=strawberry.UNSET, description="On which day, `YYYY-MM-DD`; it may lie outside of the plan."
    )
    title: str | None = strawberry.field(
        default=strawberry.UNSET, description="One line, 1 to 200 characters."
    )
    topic: str | None = strawberry.field(default=strawberry.UNSET, description="1 to 5,000 characters.")
    hook: str | None = strawberry.field(default=strawberry.UNSET, description="At most 500 characters.")
    hashtags: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="At most 30, of 1 to 60 characters, without `#`."
    )
    expected_revision: int | None = strawberry.field(
        default=None, description="The plan's revision as the client knows it; null to go on anyhow."
    )


@strawberry.input(description="The entry of a plan to make a project of.")
class CreateProjectFromPlanEntryInput:
    """Unpacked by `WeeklyPlanMutations.create_project_from_plan_entry`."""

    entry_id: strawberry.ID = strawberry.field(description="Id of the entry.")
    in_company: bool = strawberry.field(
        default=True,
        description="Whether a member's project is the company's, too. An episode of a show is where the "
        "show is.",
    )


@strawberry.input(description="The plan to delete.")
class DeleteWeeklyPlanInput:
    """Unpacked by `WeeklyPlanMutations.delete_weekly_plan`."""

    plan_id: strawberry.ID = strawberry.field(description="Id of the plan.")


@strawberry.type(description="What came of asking for a plan.")
class MakeWeeklyPlanPayload(Payload):
    """Over `Outcome[WeeklyPlan]`."""

    plan = result_field(WeeklyPlan, "The plan, without entries as yet; null if it was refused.")

    @strawberry.field(graphql_type=Job | None, description="The job that makes it.")
    async def job(self, root: strawberry.Parent[Outcome[stored.WeeklyPlan]]) -> StoredJob | None:
        """The job."""
        return None if root.result is None else await jobs.by_id(root.result.job_id)


@strawberry.type(description="What came of changing an entry of a plan.")
class UpdateWeeklyPlanEntryPayload(Payload):
    """Over `Outcome[WeeklyPlan]`."""

    plan = result_field(
        WeeklyPlan, "The plan as it is now, also on a conflict; null if it was refused otherwise."
    )


@strawberry.type(description="What came of adding an entry to a plan.")
class AddWeeklyPlanEntryPayload(Payload):
    """Over `Outcome[WeeklyPlan]`."""

    plan = result_field(
        WeeklyPlan,
        "The plan as it is now, the new entry at its end, also on a conflict; null if refused otherwise.",
    )


@strawberry.type(description="What came of taking an entry out of a plan.")
class RemoveWeeklyPlanEntryPayload(Payload):
    """Over `Outcome[WeeklyPlan]`."""

    plan = result_field(WeeklyPlan, "The plan as it is now, also on a conflict.")


@strawberry.type(description="What came of making a project of an entry.")
class CreateProjectFromPlanEntryPayload(Payload):
    """Over `Outcome[Project]`."""

    project = result_field(Project, "The project, the same each time; null if it was refused.")


@strawberry.type(description="What came of deleting a plan.")
class DeleteWeeklyPlanPayload(Payload):
    """Over `Outcome[WeeklyPlan]`."""

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of the plan that is gone; null if it is not."
    )
    def deleted_plan_id(self, root: strawberry.Parent[Outcome[stored.WeeklyPlan]]) -> str | None:
        """Global id of what was removed."""
        return None if root.result is None else document_gid("WeeklyPlan", root.result.id)


@strawberry.type
class WeeklyPlanMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=MakeWeeklyPlanPayload,
        description="Have a persona plan what to make on which day. It keeps away from the titles and topics "
        "of your last projects, and of the show's last episodes. `UNSUPPORTED`: no provider plans here; the "
        "message says which setting would provide one.",
        metadata={"cost": 20} | needs(Permission.PROJECT_CREATE),
    )
    async def make_weekly_plan(self, info: Info, input: MakeWeeklyPlanInput) -> Outcome[stored.WeeklyPlan]:
        """Plan."""
        return await weekly_plans.make(
            info.context,
            document_id(input.persona_id, "Persona", "input.personaId"),
            given(input, without=("persona_id", "show_id", "idempotency_key")),
            show_id=None if input.show_id is None else document_id(input.show_id, "Show", "input.showId"),
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=AddWeeklyPlanEntryPayload,
        description="Plan one more video by hand, also while the persona is still at it; a plan has at most "
        "300 entries.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def add_weekly_plan_entry(
        self, info: Info, input: AddWeeklyPlanEntryInput
    ) -> Outcome[stored.WeeklyPlan]:
        """Add."""
        return await weekly_plans.add_entry(
            info.context,
            document_id(input.plan_id, "WeeklyPlan", "input.planId"),
            given(input, without=("plan_id", "expected_revision")),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=RemoveWeeklyPlanEntryPayload,
        description="Take an entry out of a plan. A project that was made of it stays.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def remove_weekly_plan_entry(
        self, info: Info, input: RemoveWeeklyPlanEntryInput
    ) -> Outcome[stored.WeeklyPlan]:
        """Remove."""
        ref = tree_ref(input.entry_id, "WeeklyPlanEntry", "input.entryId")
        return await weekly_plans.remove_entry(
            info.context, ref.project_id, ref.node_id, expected_revision=input.expected_revision
        )

    @strawberry.mutation(
        graphql_type=UpdateWeeklyPlanEntryPayload,
        description="Put an entry of a plan right. A project that was made of it stays as it is.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def update_weekly_plan_entry(
        self, info: Info, input: UpdateWeeklyPlanEntryInput
    ) -> Outcome[stored.WeeklyPlan]:
        """Change."""
        ref = tree_ref(input.entry_id, "WeeklyPlanEntry", "input.entryId")
        return await weekly_plans.update_entry(
            info.context,
            ref.project_id,
            ref.node_id,
            given(input, without=("entry_id", "expected_revision")),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=CreateProjectFromPlanEntryPayload,
        description="Make a project of an entry of a plan: with its title, its topic, its hook as what the "
        "writer is asked for, and the persona as writer; in a show, as the next episode. It is made once: "
        "asked again, the answer is that project.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def create_project_from_plan_entry(
        self, info: Info, input: CreateProjectFromPlanEntryInput
    ) -> Outcome[stored_project.Project]:
        """Make a project."""
        ref = tree_ref(input.entry_id, "WeeklyPlanEntry", "input.entryId")
        return await weekly_plans.make_project(
            info.context, ref.project_id, ref.node_id, in_company=input.in_company
        )

    @strawberry.mutation(
        graphql_type=DeleteWeeklyPlanPayload,
        description="Delete a plan, for good. One that is still being made is canceled; projects that were "
        "made of it stay.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def delete_weekly_plan(
        self, info: Info, input: DeleteWeeklyPlanInput
    ) -> Outcome[stored.WeeklyPlan]:
        """Delete."""
        return await weekly_plans.delete(
            info.context, document_id(input.plan_id, "WeeklyPlan", "input.planId")
        )
