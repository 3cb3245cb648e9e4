"""The import rules hold, and a wrong import breaks them."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
PACKAGES = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]


def lint_imports(checkout: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter the way `make check` does."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copy(CHECKOUT / "pyproject.toml", folder)
    only_python = shutil.ignore_patterns("static", "__pycache__")
    for name in PACKAGES:
        shutil.copytree(CHECKOUT / name, folder / name, ignore=only_python)
    return folder


def test_the_rules_hold(copy: Path) -> None:
    assert lint_imports(copy).returncode == 0


@pytest.mark.parametrize(
    ("module", "wrong"),
    [
        ("rendering/plan.py", "import documents.projects.project"),
        ("documents/projects/project.py", "import providers.protocols"),
        ("documents/text.py", "import resolvers.outcome"),
        ("composition/worker.py", "import schema.root"),
        ("resolvers/tree/frames.py", "import schema.tree.frame"),
        ("tasks/job_engine/engine.py", "import strawberry"),
        ("access/tokens.py", "import settings.sections"),
        ("tasks/rendering/segment.py", "import minio"),
        ("demo/client.py", "import documents.projects.project"),
    ],
)
def test_a_wrong_import_breaks_them(copy: Path, module: str, wrong: str) -> None:
    path = copy / module
    good = path.read_text()
    path.write_text(f"{good}\n{wrong}\n")
    try:
        told = lint_imports(copy)
    finally:
        path.write_text(good)
    assert told.returncode != 0
    assert "BROKEN" in told.stdout
