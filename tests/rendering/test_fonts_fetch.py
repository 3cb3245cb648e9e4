import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rendering.fonts import FontShelf
from rendering.fonts_fetch import FontUnavailable, cached_face, npm_pack
from rendering.fonts_shaping import Typesetter
from rendering.fonts_table import BY_KEY, PACKAGES, FontPackage

HEBREW = BY_KEY["hebrew"]
ROOT = Path(__file__).parents[2]

FETCH_ONCE = """
import sys
from pathlib import Path
from rendering.fonts_fetch import cached_face, npm_pack
from rendering.fonts_table import BY_KEY

def counting(package, folder):
    with Path(sys.argv[2]).open("a") as log:
        log.write("fetched\\n")
    return npm_pack(package, folder)

print(cached_face(BY_KEY["hebrew"], Path(sys.argv[1]), counting))
"""


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Hebrew package as npm brings it: the smallest one but Thai."""
    return npm_pack(HEBREW, tmp_path_factory.mktemp("packed"))


def test_processes_that_ask_at_once_fetch_once(tmp_path: Path) -> None:
    log = tmp_path / "log"

    def ask(_: int) -> str:
        command = [sys.executable, "-c", FETCH_ONCE, str(tmp_path / "fonts"), str(log)]
        return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    with ThreadPoolExecutor(3) as pool:
        paths = set(pool.map(ask, range(3)))
    assert len(paths) == 1
    assert log.read_text() == "fetched\n"
    assert sorted(path.suffix for path in (tmp_path / "fonts").iterdir()) == [".lock", ".ttf"]


def test_a_damaged_face_is_fetched_again(tmp_path: Path, packed: Path) -> None:
    face = tmp_path / HEBREW.file_name
    face.write_bytes(b"half a font")
    assert cached_face(HEBREW, tmp_path, lambda _, __: packed) == face
    assert len(face.read_bytes()) > 10_000


def test_other_bytes_than_pinned_are_refused(tmp_path: Path) -> None:
    def forge(_: FontPackage, folder: Path) -> Path:
        (folder / "forged.tgz").write_bytes(b"not it")
        return folder / "forged.tgz"

    with pytest.raises(FontUnavailable, match="not the pinned ones"):
        cached_face(HEBREW, tmp_path, forge)
    assert not (tmp_path / HEBREW.file_name).exists()


def test_a_package_that_npm_does_not_find_is_unavailable(tmp_path: Path) -> None:
    gone = FontPackage(
        "gone", package=str(tmp_path / "nowhere"), version="1.0.0", integrity="", member="", sha256=""
    )
    with pytest.raises(FontUnavailable, match="npm ended with code"):
        npm_pack(gone, tmp_path)


def test_right_to_left_text_gets_its_fetched_face(tmp_path: Path, packed: Path) -> None:
    shelf = FontShelf(tmp_path, lambda _, __: packed)
    faces = shelf.faces_for("(שלום) Hello!", "he")
    assert [face.family for face in faces] == ["Roboto Black", "Noto Sans Hebrew Black"]
    runs = Typesetter(faces, "he").runs("(שלום) Hello!")
    # Brackets come from the letters' own font, so that they pair.
    assert [(run.face.family, run.text) for run in runs] == [
        ("Noto Sans Hebrew Black", "(שלום) "),
        ("Roboto Black", "Hello!"),
    ]


def test_every_package_is_pinned_to_one_version_and_its_bytes() -> None:
    assert len({font.file_name for font in PACKAGES}) == len(PACKAGES)
    for font in PACKAGES:
        assert font.version.count(".") == 2
        assert font.integrity.startswith("sha512-")
        assert len(font.sha256) == 64
        assert font.licence == "OFL-1.1"
