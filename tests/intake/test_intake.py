"""Files that are as they should be are taken, whatever type they are of, and told about rightly."""

import asyncio
import contextlib
import io
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import pytest_asyncio
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable
from PIL import Image

from rendering.intake import media_types
from rendering.intake.desk import IntakeDesk
from rendering.intake.faults import Fault, FileRefused
from rendering.intake.looked import Limits, Looked
from rendering.intake.media_types import KNOWN, Medium
from tests.intake.good_files import (
    FFMPEG,
    contained,
    drawn,
    font,
    good_files,
    triangle,
)
from tests.intake.malformed_files import MIME


@dataclass
class Table:
    """A desk and a folder for the next file."""

    desk: IntakeDesk
    folder: Path

    async def look(self, data: bytes, extension: str, **limits: Any) -> Looked:
        path = self.folder / "file"
        path.write_bytes(data)
        kind = KNOWN[MIME[extension]]
        taken = tuple(KNOWN.values())
        return await self.desk.look(path, announced=kind, taken=taken, limits=Limits(**limits))

    async def fault(self, data: bytes, extension: str, **limits: Any) -> Fault:
        with pytest.raises(FileRefused) as refused:
            await self.look(data, extension, **limits)
        return refused.value.fault


@pytest_asyncio.fixture
async def table(tmp_path: Path) -> AsyncIterator[Table]:
    desk = IntakeDesk(FFMPEG)
    yield Table(desk, tmp_path)
    await desk.close()


@pytest.mark.parametrize("extension", sorted(MIME))
async def test_a_good_file_of_each_type_is_taken(table: Table, extension: str) -> None:
    looked = await table.look(good_files()[extension], extension)
    assert looked.media_type.extension == extension
    medium = looked.media_type.medium
    if medium in {Medium.PICTURE, Medium.FILM}:
        assert (looked.width, looked.height) == (64, 48)
        assert looked.thumbnail is not None
        with Image.open(looked.thumbnail) as small:
            assert small.size == (64, 48)
    if medium in {Medium.FILM, Medium.SOUND}:
        assert looked.duration_s == pytest.approx(4.0, abs=0.15)
    if medium is Medium.SOUND:
        assert looked.waveform is not None
        assert len(looked.waveform) == 400
        assert 10 < max(looked.waveform) <= 255
    if medium is Medium.MODEL:
        assert looked.facts["triangles"] == 1


async def test_a_picture_is_told_upright_and_copied_without_what_it_tells(table: Table) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Secret Camera"
    data = drawn("JPEG", (64, 48), exif=exif)
    looked = await table.look(data, "jpg", picture_side=32)
    assert (looked.width, looked.height) == (24, 32)
    assert looked.stored_type is media_types.WEBP
    with Image.open(looked.path) as copy:
        assert copy.size == (24, 32)
        assert not copy.getexif()
    assert b"Secret Camera" not in looked.path.read_bytes()


async def test_a_phones_picture_with_a_second_one_behind_it_is_taken(table: Table) -> None:
    looked = await table.look(drawn("JPEG") + drawn("JPEG", (32, 24)) + bytes(7), "jpg")
    assert looked.width == 64


async def test_a_large_picture_stays_within_the_memory(table: Table) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (7_000, 7_000), (9, 8, 7, 99)).save(buffer, "PNG", compress_level=1)
    looked = await table.look(buffer.getvalue(), "png")
    assert looked.width == 7_000
    assert table.desk.cells.peak_memory_bytes > 150 * 1024**2


async def test_a_font_is_written_anew_without_programs_and_drawings(table: Table) -> None:
    opened = TTFont(io.BytesIO(font()))
    for tag in ("SVG ", "DSIG", "ZZZZ"):
        opened[tag] = _raw(tag, b"<svg onload='alert(1)'/>")
    buffer = io.BytesIO()
    opened.save(buffer)
    looked = await table.look(buffer.getvalue(), "ttf")
    assert looked.facts["family"] == "Roboto"
    clean = TTFont(looked.path)
    assert not {"SVG ", "DSIG", "ZZZZ", "fpgm", "prep"} & set(clean.keys())
    assert b"alert" not in looked.path.read_bytes()
    assert clean.getBestCmap()[ord("A")]


def _raw(tag: str, data: bytes) -> Any:
    table = DefaultTable(tag)
    table.data = data
    return table


async def test_a_model_with_a_picture_is_taken(table: Table) -> None:
    looked = await table.look(contained(*triangle(drawn("PNG"))), "glb")
    assert looked.facts == {
        "triangles": 1,
        "nodes": 2,
        "materials": 1,
        "pictures": 1,
        "is_animated": False,
    }


async def test_a_film_beyond_its_limit_is_refused(table: Table) -> None:
    assert await table.fault(good_files()["mp4"], "mp4", duration_s=3.0) is Fault.DURATION
    assert await table.fault(good_files()["flac"], "flac", duration_s=2.0) is Fault.DURATION


async def test_a_film_that_says_that_it_is_longer_than_it_is_is_cut_off(table: Table) -> None:
    data = bytearray(good_files()["webm"])
    at = data.index(b"\x44\x89\x88") + 3
    data[at : at + 8] = struct.pack(">d", 400_000.0)
    assert await table.fault(bytes(data), "webm") is Fault.UNREADABLE


async def test_a_film_that_names_other_files_opens_none(table: Table) -> None:
    playlist = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
    assert await table.fault(playlist, "mp4") is Fault.TYPE_UNSUPPORTED


def lookers() -> set[int]:
    """The processes that look into files: those of this test's desk."""
    found = set()
    for each in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if "rendering.intake.inside" in each.cmdline() and each.status() != psutil.STATUS_ZOMBIE:
                found.add(each.pid)
    return found


async def test_a_look_that_is_called_off_leaves_no_process(table: Table) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (7_000, 7_000)).save(buffer, "PNG", compress_level=1)
    await table.look(drawn("PNG"), "png")  # the process is warm
    before = lookers()
    assert before
    look = asyncio.create_task(table.look(buffer.getvalue(), "png"))
    await asyncio.sleep(0.2)
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
    for _ in range(50):
        if not lookers() & before:
            break
        await asyncio.sleep(0.1)
    assert not lookers() & before
    assert (await table.look(drawn("PNG"), "png")).width == 64
