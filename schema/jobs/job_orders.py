"""What operations share that start jobs in a project: their key, their nodes, their payloads."""

import strawberry
from beanie import PydanticObjectId

import documents.jobs.job as stored
from resolvers.errors import BadUserInput
from resolvers.outcome import Outcome
from schema.errors import Payload, result_field
from schema.ids import tree_ref
from schema.jobs.job import Job

KEY = (
    "1 to 200 characters of the client's own, such as a UUID. The same key again starts nothing: the payload "
    "has the first jobs."
)


@strawberry.type
class JobPayload(Payload):
    """What the payloads that start one job share."""

    job = result_field(Job, "The job; null if it was refused.")


@strawberry.type
class JobsPayload(Payload):
    """What the payloads that start many jobs share."""

    @strawberry.field(
        graphql_type=list[Job], description="The jobs, in the nodes' order; empty if it was refused."
    )
    def jobs(self, root: strawberry.Parent[Outcome[list[stored.Job]]]) -> list[stored.Job]:
        """What was started."""
        return root.result or []


def nodes_in(
    project_id: PydanticObjectId, given: list[strawberry.ID] | None, kind: str, field: str
) -> list[PydanticObjectId] | None:
    """The keys of nodes of one kind, all of them in one project; None for None.

    Raises:
        BadUserInput: one is no id of that kind, or in another project.
    """
    if given is None:
        return None
    refs = [tree_ref(each, kind, f"{field}.{index}") for index, each in enumerate(given)]
    for index, ref in enumerate(refs):
        if ref.project_id != project_id:
            text = f"This {kind.lower()} is in another project than projectId."
            raise BadUserInput(f"{field}.{index}", text)
    return [ref.node_id for ref in refs]
