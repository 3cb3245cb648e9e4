"""The edit lock of a project, as clients see it."""

from datetime import datetime
from typing import Annotated

import strawberry

from access.permissions import Permission
from resolvers import people
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import edit_locks
from resolvers.tree.edit_locks import HeldLock
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_id
from schema.ids import project_id as project_key
from schema.person import Person

Info = strawberry.Info[Context, None]


@strawberry.type(description="Who keeps other people from changing a project, and until when.")
class EditLock:
    """Over `resolvers.tree.edit_locks.HeldLock`."""

    @strawberry.field(graphql_type=Person, description="Who holds it.")
    def holder(self, root: strawberry.Parent[HeldLock]) -> people.Person:
        """The holder."""
        return root.holder

    @strawberry.field(description="Whether the session that asks holds it.")
    def is_mine(self, root: strawberry.Parent[HeldLock], info: Info) -> bool:
        """Whether the viewer may go on."""
        viewer = info.context.viewer
        return viewer is not None and viewer.session_id == root.lock.session_id

    @strawberry.field(description="Since when it is held.")
    def taken_at(self, root: strawberry.Parent[HeldLock]) -> datetime:
        """Since when."""
        return root.lock.taken_at

    @strawberry.field(description="When it ends unless it is renewed: a minute after the last time.")
    def expires_at(self, root: strawberry.Parent[HeldLock]) -> datetime:
        """Until when."""
        return root.lock.expires_at


@strawberry.input(description="The project to lock.")
class TakeEditLockInput:
    """Unpacked by `EditLockMutations.take_edit_lock`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")


@strawberry.input(description="The project to unlock.")
class ReleaseEditLockInput:
    """Unpacked by `EditLockMutations.release_edit_lock`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")


@strawberry.type(description="What came of taking or renewing an edit lock.")
class TakeEditLockPayload(Payload):
    """Over `Outcome[HeldLock]`."""

    lock = result_field(EditLock, "The lock; null if another session holds it.")


@strawberry.type(description="What came of letting an edit lock go.")
class ReleaseEditLockPayload(Payload):
    """Over `Outcome[bool]`."""

    was_held = result_field(bool, "Whether this session held it.")


@strawberry.type
class EditLockQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=EditLock | None,
        description="The lock that keeps others from changing a project; null when nobody holds it.",
        metadata={"cost": 5, **needs(Permission.PROJECT_VIEW)},
    )
    async def edit_lock(
        self,
        info: Info,
        project_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the project.")],
    ) -> HeldLock | None:
        """Who edits."""
        return await edit_locks.by_project(info.context, document_id(project_id, "Project", "projectId"))


@strawberry.type
class EditLockMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=TakeEditLockPayload,
        description="Keep other people, and other sessions of one's own, from changing a project for a "
        "minute; send it again every 20 seconds to keep it. Their changes are refused with `PROJECT_LOCKED` "
        "meanwhile; what workers make still arrives. It ends with its holder's session or right to edit.",
        metadata={"cost": 5, **needs(Permission.PROJECT_EDIT)},
    )
    async def take_edit_lock(self, info: Info, input: TakeEditLockInput) -> Outcome[HeldLock]:
        """Take or renew."""
        return await edit_locks.take(info.context, project_key(input.project_id, "input.projectId"))

    @strawberry.mutation(
        graphql_type=ReleaseEditLockPayload,
        description="Let the edit lock of a project go.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def release_edit_lock(self, info: Info, input: ReleaseEditLockInput) -> Outcome[bool]:
        """Let go."""
        return await edit_locks.release(info.context, project_key(input.project_id, "input.projectId"))
