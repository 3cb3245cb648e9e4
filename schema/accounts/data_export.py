"""Files with all that is a user's, as clients see them."""

from datetime import datetime

import strawberry

import documents.accounts.data_export as stored
import documents.accounts.user as users
import documents.jobs.job as stored_job
from access.permissions import Permission
from resolvers.accounts import data_exports
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid
from schema.jobs import job as _job  # noqa: F401 - describes the states
from schema.tree.media import StoredFile

Info = strawberry.Info[Context, None]


@strawberry.type(
    description="A zip archive of all that is a person's: JSON in `data/`, pictures, voices, videos and "
    "uploads in `files/`."
)
class DataExport:
    """Read from `documents.accounts.data_export.DataExport`."""

    created_at: datetime = strawberry.field(description="When it was ordered.")
    ready_at: datetime | None = strawberry.field(
        description="When the archive was finished; null while it is being made, or where that failed."
    )
    expires_at: datetime = strawberry.field(
        description="When the archive is removed: 7 days after it was finished. Of one that is not finished, "
        "when it is forgotten."
    )
    file: StoredFile | None = strawberry.field(
        description="The archive, for its owner alone; null until it is there. Ask for an address when it is "
        "needed, and for a short time: whoever has it can read everything."
    )

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the export.")
    def id(self, root: strawberry.Parent[stored.DataExport]) -> str:
        """Its id."""
        return document_gid("DataExport", root.id)

    @strawberry.field(
        graphql_type=stored_job.JobState | None,
        description="How far its making has come; null once nothing is known of that any more.",
        metadata={"cost": 5},
    )
    async def state(self, root: strawberry.Parent[stored.DataExport]) -> stored_job.JobState | None:
        """The state of its job."""
        job = await data_exports.state_of(root)
        return None if job is None else job.state


@strawberry.type
class OwnExportFields:
    """Part of the type `User`."""

    @strawberry.field(
        graphql_type=list[DataExport] | None,
        description="Archives of this person's data that are there or being made, the newest first, at most "
        "50; null for anybody but oneself, and for API keys.",
        metadata={"cost": 5},
    )
    async def data_exports(
        self, root: strawberry.Parent[users.User], info: Info
    ) -> list[stored.DataExport] | None:
        """The viewer's own."""
        return await data_exports.of_user(info.context, root)


@strawberry.type(description="What came of ordering an archive.")
class ExportDataPayload(Payload):
    """Over `Outcome[DataExport]`."""

    data_export = result_field(DataExport, "The archive in the making.")


@strawberry.type
class DataExportMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=ExportDataPayload,
        description="Have all that is the viewer's collected in a zip archive, which can be downloaded for 7 "
        "days. While one is being made, this answers with that one. `RATE_LIMITED`: three a day are made.",
        metadata={"cost": 100} | needs(Permission.ACCOUNT_MANAGE),
    )
    async def export_data(self, info: Info) -> Outcome[stored.DataExport]:
        """Order an archive."""
        return await data_exports.order(info.context)
