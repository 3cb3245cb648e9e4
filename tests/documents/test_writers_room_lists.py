"""Lists of the writer's room are walks of an index: nothing is sorted, nothing is scanned."""

from typing import Any

import pytest
from beanie import Document, PydanticObjectId, init_beanie
from pymongo.asynchronous.database import AsyncDatabase

from access.belongings import seen_by
from access.built_in_roles import MEMBER
from access.permissions import ACCOUNT_PERMISSIONS
from access.viewer import Viewer
from documents import MODELS
from documents.writers_room.chat import Chat, ChatMessage
from documents.writers_room.persona import Persona, PersonaVersion
from documents.writers_room.show import Show
from documents.writers_room.weekly_plan import WeeklyPlan

ONE = PydanticObjectId()
VIEWER = Viewer(ONE, ONE, company_id=ONE, permissions=ACCOUNT_PERMISSIONS | MEMBER.permissions)
LISTS: list[tuple[type[Document], dict[str, Any], str]] = [
    (Persona, seen_by(VIEWER, with_built_in=True), "created_at"),
    (Show, seen_by(VIEWER, with_built_in=False), "created_at"),
    (PersonaVersion, {"persona_id": ONE}, "at"),
    (Chat, {"owner_id": ONE}, "last_message_at"),
    (Chat, {"owner_id": ONE, "project_id": ONE}, "last_message_at"),
    (ChatMessage, {"chat_id": ONE}, "at"),
    (WeeklyPlan, {"owner_id": ONE}, "created_at"),
]


@pytest.mark.parametrize(("model", "query", "by"), LISTS)
async def test_a_list_is_a_walk_of_an_index(
    database: AsyncDatabase[dict[str, Any]], model: type[Document], query: dict[str, Any], by: str
) -> None:
    await init_beanie(database=database, document_models=list(MODELS))
    found = model.get_pymongo_collection().find(query).sort([(by, -1), ("_id", -1)])
    plan = str((await found.explain())["queryPlanner"]["winningPlan"])
    assert "COLLSCAN" not in plan
    assert "'stage': 'SORT'" not in plan
