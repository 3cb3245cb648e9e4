"""Real sources, and the program and fonts to render them with."""

from pathlib import Path

import imageio_ffmpeg
import pytest

from rendering.engine import RenderEngine
from rendering.fonts import FontShelf
from tests.rendering.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "library"
    folder.mkdir()
    return Library(folder)


@pytest.fixture(scope="session")
def ffmpeg_path() -> Path:
    return Path(imageio_ffmpeg.get_ffmpeg_exe())


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> FontShelf:
    """A shelf that never downloads: these tests write Latin only."""
    return FontShelf(tmp_path_factory.mktemp("fonts"), fetch=None)


@pytest.fixture(scope="session")
def engine(ffmpeg_path: Path, fonts: FontShelf) -> RenderEngine:
    return RenderEngine.start(ffmpeg_path, fonts)
