"""Uploads are judged by their content."""

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from rendering.engine import RenderEngine
from rendering.errors import SourceUnreadable
from rendering.media import check_clip, check_picture, check_sound
from tests.rendering.library import Library
from tests.rendering.whole_render import render


def picture(folder: Path, name: str, kind: str, size: tuple[int, int] = (40, 30)) -> Path:
    path = folder / name
    Image.new("RGB", size, "teal").save(path, kind)
    return path


@pytest.mark.parametrize(("kind", "extension"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")])
def test_a_pictures_type_is_read_from_its_bytes(tmp_path: Path, kind: str, extension: str) -> None:
    facts = check_picture(picture(tmp_path, "upload.exe", kind))
    assert (facts.extension, facts.width, facts.height) == (extension, 40, 30)


def test_a_photo_taken_upright_has_its_displayed_size(tmp_path: Path) -> None:
    path = tmp_path / "upright.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30)).save(path, exif=exif)
    facts = check_picture(path)
    assert (facts.width, facts.height) == (30, 40)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_other_pictures_are_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(SourceUnreadable, match="not a PNG, JPEG or WebP"):
        check_picture(picture(tmp_path, "x.png", kind))


def test_half_a_picture_is_refused(tmp_path: Path, library: Library) -> None:
    library.picture(1)
    (whole,) = library.files.values()
    half = tmp_path / "half.png"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(SourceUnreadable, match="cannot be decoded"):
        check_picture(half)


@pytest.mark.parametrize("size", [(12_000, 12_000), (60_000, 60_000), (20, 17_000)])
def test_a_decompression_bomb_is_refused_unopened(tmp_path: Path, size: tuple[int, int]) -> None:
    header = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    )
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    with pytest.raises(SourceUnreadable, match="pixels"):
        check_picture(bomb)


def test_a_tiny_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="40 x 15 pixels; a side may have 16 to"):
        check_picture(picture(tmp_path, "x.png", "PNG", (40, 15)))


def test_an_animation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.webp"
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    with pytest.raises(SourceUnreadable, match="animated"):
        check_picture(path)


async def test_a_sound_is_measured(engine: RenderEngine, library: Library) -> None:
    path = library.files[library.tone(1.25)]
    facts = await check_sound(path, ffmpeg=engine.ffmpeg)
    assert (facts.extension, facts.duration_s, facts.sample_rate) == ("wav", 1.25, 24_000)


async def test_a_picture_is_no_sound(engine: RenderEngine, tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="not a sound; taken are wav"):
        await check_sound(picture(tmp_path, "x.mp3", "PNG"), ffmpeg=engine.ffmpeg)


async def test_a_clip_is_measured_and_half_of_one_refused(
    engine: RenderEngine, library: Library, tmp_path: Path
) -> None:
    made = await render(engine, library.timeline(library.shot("a", 0.5)), library, tmp_path)
    facts = await check_clip(made.finished.video, ffmpeg=engine.ffmpeg)
    assert (facts.extension, facts.width, facts.height, facts.duration_s) == ("mp4", 270, 480, 0.5)
    assert facts.has_sound
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(made.finished.video.read_bytes()[:600])
    with pytest.raises(SourceUnreadable, match="cannot be decoded"):
        await check_clip(broken, ffmpeg=engine.ffmpeg)
