"""The table of what collections hold is whole."""

from typing import Any

from beanie import init_beanie
from pymongo.asynchronous.database import AsyncDatabase

from documents import MODELS
from documents.holdings import HOLDINGS, Erasure
from documents.notice import Notice
from tests.people import make_user


def test_every_collection_says_what_it_holds_of_people() -> None:
    named = [holding.model for holding in HOLDINGS]
    missing = {model.__name__ for model in MODELS} - {model.__name__ for model in named}
    assert missing == set(), "add a line to documents/holdings.py for each of these"
    assert len(named) == len(set(named))


def test_whatever_belongs_to_a_person_goes_with_the_account() -> None:
    owners = {"user_id", "owner_id", "author_id"}  # whoever made something for a company is not its owner
    kept = [
        holding.model.__name__
        for holding in HOLDINGS
        if holding.erasure is Erasure.KEPT and owners & set(holding.model.model_fields)
    ]
    assert kept == []


def test_whatever_names_a_project_goes_with_it() -> None:
    left = [
        holding.model.__name__
        for holding in HOLDINGS
        if "project_id" in holding.model.model_fields and holding.of_project is None
    ]
    assert left == ["UsageRecord", "AuditEntry"]


def test_secrets_are_not_exported() -> None:
    told = [
        f"{holding.model.__name__}.{name}"
        for holding in HOLDINGS
        if holding.exported is not None
        for name in holding.model.model_fields
        if any(word in name for word in ("hash", "secret", "token", "totp"))
        and name not in holding.hidden
        and not name.endswith("_tokens")  # how many a model read or wrote
    ]
    assert told == ["Render.timeline_hash"]  # of what is shown, and no secret


async def test_what_is_a_persons_is_found_by_an_index(database: AsyncDatabase[dict[str, Any]]) -> None:
    await init_beanie(database=database, document_models=list(MODELS))
    user = await make_user()
    scanned = []
    for holding in HOLDINGS:
        scrubbed = None if holding.scrubbed is None else holding.scrubbed(user)[0]
        exported = None if holding.exported is None else holding.exported(user)
        for query in (exported, holding.doomed(user), scrubbed):
            if query is None or holding.model is Notice:  # of which few are there: each goes once it is told
                continue
            plan = await holding.model.get_pymongo_collection().find(query).explain()
            if "COLLSCAN" in str(plan["queryPlanner"]["winningPlan"]):
                scanned.append((holding.name, query))
    assert scanned == []
