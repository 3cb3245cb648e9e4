"""What was bought from a provider: one record for each call, kept when job and project are gone."""

from datetime import datetime
from typing import ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from documents.jobs.job import JobKind

INSTALLATION: Final = "INSTALLATION"
"""Whose key it was, where it was nobody's own."""


class UsageRecord(Document):
    """One paid call.

    Args:
        id: follows from the prediction's, or from the job with the answer's or the try, so that nothing
            counts twice. Answers' own ids are not enough: some servers count them up to a thousand.
        kind: what it was for.
        node_kind: GraphQL type of the node, where the kind does not tell it.
        whose_key: `USER`, `COMPANY` or `INSTALLATION`.
        cost_micros: its price in millionths of the currency's major unit.
        is_priced: False where no price was set for the model.
    """

    model_config = ConfigDict(extra="ignore", protected_namespaces=())

    id: PydanticObjectId = Field(alias="_id")
    owner_id: PydanticObjectId
    company_id: PydanticObjectId | None = None
    project_id: PydanticObjectId | None = None
    node_id: PydanticObjectId | None = None
    node_kind: str | None = None
    job_id: PydanticObjectId
    kind: JobKind
    provider: str
    model: str
    whose_key: str
    provider_id: str | None = None
    cost_micros: int
    currency: str
    is_priced: bool
    input_tokens: int = 0
    output_tokens: int = 0
    characters: int = 0
    images: int = 0
    seconds: float = 0.0
    duration_ms: int
    at: datetime

    class Settings:
        """Where usage is kept and which lists it serves."""

        name = "usage"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel([("owner_id", ASCENDING), ("_id", DESCENDING)], name="of_owner"),
            # Holds all that a sum needs: no record is read for it.
            IndexModel(
                [
                    ("owner_id", ASCENDING),
                    ("whose_key", ASCENDING),
                    ("at", ASCENDING),
                    ("cost_micros", ASCENDING),
                ],
                name="spent",
            ),
            IndexModel([("owner_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="newest"),
            IndexModel(
                [("project_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)],
                name="newest_of_project",
            ),
            IndexModel(
                [("company_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)],
                name="newest_of_company",
            ),
        ]
