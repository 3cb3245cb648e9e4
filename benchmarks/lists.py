"""Whether lists stay flat: pages of members, projects, car models and brand assets as their number grows.

One company gets all the members, all the projects and all the car models; its brand assets, of which it has
as many as it may, stand in one of as many companies. At each size every page is asked for over HTTP, straight
into the application, as its administrator: from the start, from a place in the middle, and by search. Each
round asks for every page and, beside each, for something that does not grow; a page's time is told in times
of that, and its ratio is the median at the size over the one at the smallest size. Below stand the documents
that MongoDB has looked at for one page, which no busy machine can blur.

    python -m benchmarks.lists --sizes 1000 100000 1000000
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import httpx
from beanie import PydanticObjectId
from pymongo.asynchronous.database import AsyncDatabase

from app import create_app
from benchmarks.list_data import ASSETS, Owner, asset, fill
from composition.logs import configure_logs
from devstack.stack import Stack, StackAddresses
from documents.accounts.user import User
from documents.companies.company import Company
from schema.ids import document_gid
from settings.development import development_secrets
from settings.environment import load_settings, variable

RESULT: Final = Path(__file__).with_name("results") / "lists.json"
PAGE: Final = 50
PASSWORD: Final = "amber lighthouse"  # noqa: S105 - of an account that lives for minutes


CONTROL: Final = "{ viewer { id name role { name permissions } } permissions { permission description } }"
"""What takes the same time whatever there is."""

MEMBERS: Final = """query($company: ID!, $after: String, $search: String) { company(id: $company) {
  page: members(first: 50, after: $after, search: $search) {
    nodes { id name email role { name } } pageInfo { hasNextPage endCursor } } } }"""
PROJECTS: Final = """query($scope: ProjectScope!, $order: ProjectOrder!, $after: String) {
  page: projects(scope: $scope, orderBy: $order, first: 50, after: $after) {
    nodes { id title status updatedAt } pageInfo { hasNextPage endCursor } } }"""
CARS: Final = """query($company: ID!, $after: String, $search: String) {
  page: carModels(companyId: $company, first: 50, after: $after, search: $search) {
    nodes { id name } pageInfo { hasNextPage endCursor } } }"""
ASSET_LIST: Final = """query($company: ID!, $after: String) {
  page: companyAssets(companyId: $company, first: 50, after: $after) {
    nodes { id name kind } pageInfo { hasNextPage endCursor } } }"""


@dataclass(frozen=True)
class Listing:
    """One page that is asked for again and again.

    Args:
        name: for the report.
        document: the operation, whose page is called `page`.
        variables: all but the cursor and the company.
        after: a cursor; None for a page from the start.
    """

    name: str
    document: str
    variables: Mapping[str, Any]
    after: str | None = None


@dataclass
class Desk:
    """An administrator of the company that has everything."""

    client: httpx.AsyncClient
    email: str
    owner: Owner

    async def ask(self, document: str, variables: Mapping[str, Any]) -> Any:
        """The data of an operation, which has no errors."""
        answer = (await self.client.post("/graphql", json={"query": document, "variables": variables})).json()
        assert "errors" not in answer, answer
        return answer["data"]

    async def sign_in(self) -> None:
        """Take a new access token: filling a large collection takes longer than one lasts."""
        document = """mutation($input: SignInInput!) { signIn(input: $input) { tokens { accessToken } } }"""
        data = await self.ask(document, {"input": {"email": self.email, "password": PASSWORD}})
        self.client.headers["authorization"] = f"Bearer {data['signIn']['tokens']['accessToken']}"

    async def page(self, listing: Listing) -> dict[str, Any]:
        """One page of a list, which is full."""
        given = {"company": document_gid("Company", self.owner.company_id), **listing.variables}
        if "$company" not in listing.document:
            del given["company"]
        if listing.after is not None:
            given["after"] = listing.after
        data = await self.ask(listing.document, given)
        page: dict[str, Any] = (data.get("company") or data)["page"]
        assert len(page["nodes"]) == PAGE, (listing.name, len(page["nodes"]))
        return page


async def open_desk(client: httpx.AsyncClient) -> Desk:
    """Sign up and make a company."""
    email = f"{PydanticObjectId()}@example.com"
    desk = Desk(client, email, Owner(PydanticObjectId(), PydanticObjectId()))
    document = """mutation($input: SignUpInput!) { signUp(input: $input) { userErrors { message } } }"""
    await desk.ask(document, {"input": {"email": email, "password": PASSWORD, "name": "Zoë"}})
    await desk.sign_in()
    await desk.ask('mutation { createCompany(input: {name: "Acme"}) { company { id } } }', {})
    user = await User.with_email_key(email)
    assert user is not None
    assert user.company_id is not None
    return Desk(client, email, Owner(user.company_id, user.id))


async def listings(desk: Desk) -> Sequence[Listing]:
    """All that is measured."""
    by_name = {"search": None}
    found = [
        Listing("members", MEMBERS, by_name),
        Listing("members, search", MEMBERS, {"search": "sil"}),
        Listing("car models", CARS, by_name),
        Listing("car models, search", CARS, {"search": "gol"}),
        Listing("brand assets", ASSET_LIST, {}),
    ]
    for scope in ("MINE", "COMPANY"):
        for order in ("UPDATED_AT", "CREATED_AT", "TITLE"):
            given = {"scope": scope, "order": order}
            found.append(Listing(f"projects, {scope}, {order}", PROJECTS, given))
    whole = [each for each in found if "search" not in each.name]
    behind = [
        replace(each, name=f"{each.name}, in the middle", after=await walked(desk, each)) for each in whole
    ]
    return [*found, *behind]


async def walked(desk: Desk, listing: Listing) -> str:
    """The cursor behind three pages, which later insertions push into the middle."""
    after: str | None = None
    for _ in range(3):
        after = (await desk.page(replace(listing, after=after)))["pageInfo"]["endCursor"]
    assert after is not None
    return after


async def timed(desk: Desk, wanted: Sequence[Listing], rounds: int) -> dict[str, float]:
    """Median time of each page, in times of the control that was asked for just before it."""
    took: dict[str, list[float]] = {each.name: [] for each in wanted}
    for number in range(rounds + 2):
        for each in wanted:
            begun = time.perf_counter()
            await desk.ask(CONTROL, {})
            between = time.perf_counter()
            await desk.page(each)
            if number >= 2:  # the first ones fill caches
                took[each.name].append((time.perf_counter() - between) / (between - begun))
    return {name: statistics.median(found) for name, found in took.items()}


async def examined(database: AsyncDatabase[dict[str, Any]], desk: Desk, listing: Listing) -> int:
    """How many documents and index entries MongoDB looks at for one page, whichever of both is more."""
    await database.drop_collection("system.profile")
    await database.command("profile", 2)
    await desk.page(listing)
    await database.command("profile", 0)
    found = await database["system.profile"].find({"op": {"$in": ["query", "command", "getmore"]}}).to_list()
    return sum(max(each.get("docsExamined", 0), each.get("keysExamined", 0)) for each in found)


async def measure(
    addresses: StackAddresses, folder: Path, sizes: Sequence[int], rounds: int
) -> dict[str, Any]:
    """Medians and examined documents of every list at every size."""
    given = {
        variable(name): str(getattr(addresses, name))
        for name in ("mongodb_url", "redis_url", "s3_endpoint", "s3_access_key", "s3_secret_key")
    } | {variable("cost_per_user"): "100000000 per minute", variable("max_page_size"): "100"}
    settings = load_settings(given, fallback=development_secrets(folder))
    configure_logs("ERROR")
    app = create_app(settings)
    figures: dict[str, Any] = {}
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://studio.example", timeout=60
        ) as client:
            desk = await open_desk(client)
            assets = [asset(desk.owner, number) for number in range(ASSETS)]
            await Company.get_pymongo_collection().update_one(
                {"_id": desk.owner.company_id}, {"$set": {"assets": assets}}
            )
            wanted: Sequence[Listing] = ()
            before = 0
            for size in sizes:
                print(f"\n{size:,} of each", flush=True)
                await fill(desk.owner, before, size)
                await desk.sign_in()
                wanted = wanted or await listings(desk)
                medians = await timed(desk, wanted, rounds)
                database = User.get_pymongo_collection().database
                looked = {each.name: await examined(database, desk, each) for each in wanted}
                figures[str(size)] = {
                    name: {"median_in_controls": medians[name], "examined": looked[name]} for name in medians
                }
                before = size
    return figures


def report(figures: Mapping[str, Any]) -> None:
    """Ratios first."""
    sizes = list(figures)
    print(f"\n{'median time / at the smallest size':<44}" + "".join(f"{int(size):>14,}" for size in sizes))
    for name, smallest in figures[sizes[0]].items():
        ratios = [
            figures[size][name]["median_in_controls"] / smallest["median_in_controls"] for size in sizes
        ]
        print(f"{name:<44}" + "".join(f"{ratio:>14.2f}" for ratio in ratios))
    print("\ndocuments that MongoDB looked at for one page of 50, sessions and roles included")
    for name in figures[sizes[0]]:
        print(f"{name:<44}" + "".join(f"{figures[size][name]['examined']:>14,}" for size in sizes))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=40, help="times that each page is asked for")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="framewright-") as name:
        stack = Stack(Path(name))
        addresses = stack.start()
        try:
            figures = asyncio.run(measure(addresses, Path(name), sorted(options.sizes), options.rounds))
        finally:
            stack.stop()
    report(figures)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"page": PAGE, "sizes": figures}, indent=2) + "\n")


if __name__ == "__main__":
    main()
