"""Pages cost what they hold: MongoDB looks at no more for them in a large collection than in a small one."""

from typing import Any

import pytest_asyncio
from pymongo.asynchronous.database import AsyncDatabase

from benchmarks.list_data import Owner, fill
from schema.ids import document_gid
from tests.schema.desk import Desk
from tests.schema.staff import Firm, make_firm

SMALL, LARGE = 100, 1_000
PROJECTS = "{{ page: projects(scope: {}, orderBy: {}, first: 20{}) {{ nodes {{ id }} }} }}"
COMPANY = "{{ company(id: {}) {{ page: {} {{ nodes {{ id }} }} }} }}"
CARS = "{{ page: carModels(companyId: {}, first: 20{}) {{ nodes {{ id }} }} }}"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def firm(desk: Desk) -> Firm:
    del desk
    return await make_firm()


def written(firm: Firm) -> dict[str, str]:
    """Every list in every order, without and with a search."""
    gid = f'"{document_gid("Company", firm.company.id)}"'
    found = {
        "members": COMPANY.format(gid, "members(first: 20)"),
        "members found": COMPANY.format(gid, 'members(first: 3, search: "sil")'),
        "car models": CARS.format(gid, ""),
        "car models found": CARS.format(gid, ', search: "gol"').replace("first: 20", "first: 3"),
    }
    for scope in ("MINE", "COMPANY"):
        for order in ("UPDATED_AT", "CREATED_AT", "TITLE"):
            found[f"projects {scope} {order}"] = PROJECTS.format(scope, order, "")
    return found


async def looked_at(database: AsyncDatabase[dict[str, Any]], desk: Desk, firm: Firm) -> dict[str, int]:
    """For each page how many documents or index entries MongoDB looks at."""
    found = {}
    for name, document in written(firm).items():
        await database.drop_collection("system.profile")
        await database.command("profile", 2)
        await desk.ask(document, by=firm.admin.id)
        await database.command("profile", 0)
        reads = await database["system.profile"].find({"op": {"$in": ["query", "command"]}}).to_list()
        found[name] = sum(max(each.get("docsExamined", 0), each.get("keysExamined", 0)) for each in reads)
    return found


async def test_a_page_costs_the_same_however_long_the_list(
    database: AsyncDatabase[dict[str, Any]], desk: Desk, firm: Firm
) -> None:
    owner = Owner(firm.company.id, firm.admin.id)
    await fill(owner, 0, SMALL)
    small = await looked_at(database, desk, firm)
    await fill(owner, SMALL, LARGE)
    large = await looked_at(database, desk, firm)
    assert {name: seen - small[name] for name, seen in large.items() if seen > small[name] + 1} == {}
    assert {name: seen for name, seen in large.items() if seen > 35} == {}
