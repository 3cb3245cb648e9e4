"""The audit trail, as clients see it."""

from datetime import datetime
from typing import Annotated

import orjson
import strawberry
from strawberry.scalars import JSON

import documents.accounts.user as users
import documents.audit_entry as stored
from access.permissions import Permission
from documents.audit_entry import AuditAction
from documents.audit_trail import AuditFilter
from documents.newest_first import Page
from resolvers import audit_trail
from resolvers.context import Context
from schema.audit_actions import DESCRIPTIONS
from schema.connection import connection_of
from schema.enums import describe
from schema.guarding.rules import needs
from schema.ids import any_ref, document_gid, document_id
from schema.newest_first import After, Before, First, Last, cursor, window

Info = strawberry.Info[Context, None]

describe(AuditAction, "What was done.", DESCRIPTIONS)


@strawberry.type(description="One act: who did what to whom, when, from where. Written once, never changed.")
class AuditEntry:
    """Read from `documents.audit_entry.AuditEntry`."""

    at: datetime = strawberry.field(description="When it was done.")
    action: AuditAction = strawberry.field(description="What was done.")
    address: str = strawberry.field(
        description="IP address that the request came from; empty for the system, and for what others did to "
        "one's own account."
    )
    user_agent: str = strawberry.field(
        description="How the client named itself, at most 300 characters; not to be trusted. Empty where "
        "`address` is."
    )
    target_kind: str = strawberry.field(description="What it was done to: a type of this schema, or an area.")

    @strawberry.field(
        graphql_type=JSON,
        description="What else tells the story, such as roles before and after: an object. Never a secret.",
    )
    def details(self, root: strawberry.Parent[stored.AuditEntry]) -> object:
        """What was noted."""
        return orjson.loads(orjson.dumps(root.details, default=str))

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the entry.")
    def id(self, root: strawberry.Parent[stored.AuditEntry]) -> str:
        """Its id."""
        return document_gid("AuditEntry", root.id)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the `User` who did it, perhaps gone by now; null for the system and for guests.",
    )
    def actor_id(self, root: strawberry.Parent[stored.AuditEntry]) -> str | None:
        """Who did it."""
        return None if root.actor_id is None else document_gid("User", root.actor_id)

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of the `ApiKey` that it was done with; else null."
    )
    def api_key_id(self, root: strawberry.Parent[stored.AuditEntry]) -> str | None:
        """The API key."""
        return None if root.api_key_id is None else document_gid("ApiKey", root.api_key_id)

    @strawberry.field(
        graphql_type=strawberry.ID, description="Id of what it was done to, which may be gone by now."
    )
    def target_id(self, root: strawberry.Parent[stored.AuditEntry]) -> str:
        """The target."""
        return document_gid(root.target_kind, root.target_id)

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of the company that it concerns; null for none."
    )
    def company_id(self, root: strawberry.Parent[stored.AuditEntry]) -> str | None:
        """The company."""
        return None if root.company_id is None else document_gid("Company", root.company_id)

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of the project that it was done in; null for none."
    )
    def project_id(self, root: strawberry.Parent[stored.AuditEntry]) -> str | None:
        """The project."""
        return None if root.project_id is None else document_gid("Project", root.project_id)


AuditEntryConnection = connection_of(
    AuditEntry,
    "A page of the audit trail, the newest first.",
    one="entry",
    place=lambda each: cursor(each.at, each.id),
)


@strawberry.input(description="Which entries of the audit trail; what is left out does not matter.")
class AuditFilterInput:
    """Unpacked into `documents.audit_trail.AuditFilter`."""

    actions: list[AuditAction] | None = strawberry.field(default=None, description="One of these was done.")
    actor_id: strawberry.ID | None = strawberry.field(default=None, description="This `User` did it.")
    target_id: strawberry.ID | None = strawberry.field(default=None, description="It was done to this node.")
    project_id: strawberry.ID | None = strawberry.field(
        default=None, description="It was done in this project."
    )
    since: datetime | None = strawberry.field(default=None, description="Not before this time.")
    until: datetime | None = strawberry.field(default=None, description="Before this time.")


Wanted = Annotated[
    AuditFilterInput | None,
    strawberry.argument(name="filter", description="Which entries; all if not given."),
]


def _filter(given: AuditFilterInput | None) -> AuditFilter:
    if given is None:
        return AuditFilter()
    return AuditFilter(
        actions=None if given.actions is None else list(dict.fromkeys(given.actions)),
        actor_id=None if given.actor_id is None else document_id(given.actor_id, "User", "filter.actorId"),
        target_id=None if given.target_id is None else any_ref(given.target_id, "filter.targetId").oid,
        project_id=None
        if given.project_id is None
        else document_id(given.project_id, "Project", "filter.projectId"),
        since=given.since,
        until=given.until,
    )


@strawberry.type
class OwnAuditFields:
    """Part of the type `User`."""

    @strawberry.field(
        graphql_type=AuditEntryConnection | None,
        description="What this person did, and what others did to the account, the newest first; null for "
        "anybody but oneself.",
        metadata={"cost": 5},
    )
    async def audit_entries(
        self,
        root: strawberry.Parent[users.User],
        info: Info,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.AuditEntry] | None:
        """The viewer's own."""
        return await audit_trail.of_user(info.context, root, window(first, after, last, before))


@strawberry.type
class AuditQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=AuditEntryConnection,
        description="The audit trail of the viewer's company, the newest first.",
        metadata={"cost": 5} | needs(Permission.COMPANY_AUDIT_VIEW),
    )
    async def audit_entries(
        self,
        info: Info,
        wanted: Wanted = None,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.AuditEntry]:
        """A page of the company's."""
        return await audit_trail.of_company(info.context, _filter(wanted), window(first, after, last, before))

    @strawberry.field(
        graphql_type=AuditEntryConnection,
        description="The audit trail of the whole installation, the newest first.",
        metadata={"cost": 5} | needs(Permission.PLATFORM_AUDIT_VIEW),
    )
    async def platform_audit_entries(
        self,
        wanted: Wanted = None,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.AuditEntry]:
        """A page of everything."""
        return await audit_trail.of_platform(_filter(wanted), window(first, after, last, before))
