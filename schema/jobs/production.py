"""Productions: the whole way from brief to video."""

from typing import Annotated

import strawberry

import documents.jobs.job as stored
from access.permissions import Permission
from documents.jobs.job import JobKind
from rendering.timeline import Profile
from resolvers.context import Context
from resolvers.jobs import personal_spending, productions
from resolvers.outcome import Outcome
from schema.enums import describe
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_id
from schema.jobs.job import Job
from schema.money import Money, money
from tasks.buying import estimate
from tasks.productions.production_mode import ProductionMode
from tasks.productions.production_plan import ProductionStage

Info = strawberry.Info[Context, None]

describe(
    ProductionMode,
    "What a production makes.",
    {
        ProductionMode.MISSING: "What is not there yet.",
        ProductionMode.STALE: "What is not there, and what was made from something else than is asked "
        "for now.",
        ProductionMode.ALL: "Everything anew, save for a script that a person wrote. "
        "Older pictures stay as candidates.",
    },
)
describe(
    ProductionStage,
    "The steps of a production, in their order.",
    {
        ProductionStage.SCRIPT: "Writing the script out of the brief.",
        ProductionStage.ASSETS: "Pictures, voices and music.",
        ProductionStage.RENDER: "The video, its poster and captions.",
    },
)
describe(
    Profile,
    "How much work the encoder puts into the picture. The length, the cuts and the sound are the same in "
    "all.",
    {
        Profile.PREVIEW: "The fastest; for a look at the cut.",
        Profile.DRAFT: "Fast; for showing around.",
        Profile.STANDARD: "For publishing.",
        Profile.HIGH: "The slowest, for large screens.",
    },
    name="RenderProfile",
)


@strawberry.type(description="How many jobs of one kind a stage starts.")
class PieceCount:
    """Made by `StageEstimate.pieces`."""

    kind: JobKind = strawberry.field(description="What each of them makes.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="One stage of a production, as it is foreseen.")
class StageEstimate:
    """Read from `tasks.buying.estimate.StageEstimate`."""

    stage: ProductionStage = strawberry.field(description="Which stage.")
    duration_s: float = strawberry.field(
        description="Seconds, with the workers that there are now and nothing else to do."
    )

    @strawberry.field(description="What it makes.")
    def pieces(self, root: strawberry.Parent[estimate.StageEstimate]) -> list[PieceCount]:
        """Its jobs by kind."""
        return [PieceCount(kind=kind, count=count) for kind, count in root.pieces.items()]

    @strawberry.field(description="What providers will charge.")
    def cost(self, root: strawberry.Parent[estimate.StageEstimate]) -> Money:
        """The expected price."""
        return money(root.cost_micros, "USD")


@strawberry.type(
    description="What a production would make now, and what it would take. Learned from the jobs that "
    "were done on "
    "this installation."
)
class ProductionEstimate:
    """Read from `tasks.buying.estimate.ProductionEstimate`."""

    stages: list[StageEstimate] = strawberry.field(
        description="The stages that have something to do, in their order."
    )
    duration_s: float = strawberry.field(
        description="Seconds from the start to the end, if nothing else is running."
    )

    @strawberry.field(description="Expected length of the video, in seconds.")
    def video_duration_s(self, root: strawberry.Parent[estimate.ProductionEstimate]) -> float:
        """The video's length."""
        return root.video_s

    @strawberry.field(description="What providers will charge for all of it.")
    def cost(self, root: strawberry.Parent[estimate.ProductionEstimate]) -> Money:
        """The expected price."""
        return money(root.cost_micros, root.currency)

    is_priced: bool = strawberry.field(
        description="False where something costs money and the operator has set no price for it."
    )
    exceeds_ceiling: bool = strawberry.field(
        description="Whether the project's ceiling would stop it, now or on the way."
    )

    @strawberry.field(
        description="Whether the viewer's limit with the installation's keys would stop it: see "
        "`viewer.spending`.",
        metadata={"cost": 5},
    )
    async def exceeds_spending_limit(
        self, root: strawberry.Parent[estimate.ProductionEstimate], info: Info
    ) -> bool:
        """Whether it is more than is left."""
        return await personal_spending.is_beyond_limit(info.context, root.by_installation)


@strawberry.input(description="A production to start.")
class StartProductionInput:
    """Unpacked by `ProductionMutations.start_production`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    mode: ProductionMode = strawberry.field(
        default=ProductionMode.MISSING, description="What is made, and what is left as it is."
    )
    stop_after: ProductionStage = strawberry.field(
        default=ProductionStage.RENDER, description="The last stage that is done."
    )
    profile: Profile = strawberry.field(default=Profile.STANDARD, description="How the video is encoded.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="1 to 200 characters of the client's own, such as a UUID. The same key again starts "
        "nothing: "
        "the payload has the first job.",
    )


@strawberry.type(description="What came of starting a production.")
class StartProductionPayload(Payload):
    """Over `Outcome[Job]`."""

    job = result_field(
        Job, "The production; with `PROJECT_LOCKED` the one that runs already; null for other refusals."
    )


@strawberry.type
class ProductionQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=ProductionEstimate,
        description="What `startProduction` with the same arguments would make and take now.",
        metadata={"cost": 20} | needs(Permission.PROJECT_VIEW),
    )
    async def production_estimate(
        self,
        info: Info,
        project_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the project.")],
        mode: Annotated[
            ProductionMode, strawberry.argument(description="What is made, and what is left as it is.")
        ] = ProductionMode.MISSING,
        stop_after: Annotated[
            ProductionStage, strawberry.argument(description="The last stage that is done.")
        ] = ProductionStage.RENDER,
        profile: Annotated[
            Profile, strawberry.argument(description="How the video is encoded.")
        ] = Profile.STANDARD,
    ) -> estimate.ProductionEstimate:
        """Look ahead."""
        return await productions.estimate(
            info.context,
            document_id(project_id, "Project", "projectId"),
            mode=mode,
            stop_after=stop_after,
            profile=profile,
        )


@strawberry.type
class ProductionMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=StartProductionPayload,
        description="Make the video: script, pictures, voices, music, render; what is there already is used. "
        "`INVALID`: there is nothing to produce, or a described sound is none that its provider makes. "
        "`UNSUPPORTED`: a provider or voice that the project names is not there. "
        "`PROJECT_LOCKED`: a production of this project runs.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def start_production(self, info: Info, input: StartProductionInput) -> Outcome[stored.Job]:
        """Start."""
        return await productions.start(
            info.context,
            document_id(input.project_id, "Project", "input.projectId"),
            mode=input.mode,
            stop_after=input.stop_after,
            profile=input.profile,
            idempotency_key=input.idempotency_key,
        )
