"""The snapshot: exact through JSON, and refusals that say what would be right."""

import pytest
from pydantic import ValidationError

from rendering.timeline import (
    Motion,
    MotionKind,
    Music,
    Rect,
    Shot,
    Source,
    SourceKind,
    TextEffect,
    TextEffectKind,
    Timeline,
    Transition,
    TransitionKind,
    VideoFormat,
    Voice,
    Word,
)

SOURCE = Source(sha256="a" * 64, kind=SourceKind.IMAGE, extension="png", width=800, height=600)


def full_timeline() -> Timeline:
    voice = Voice(
        sha256="b" * 64,
        extension="wav",
        duration_s=1.1,
        lead_in_s=0.1,
        words=(Word(text="$$ROOT.x {\\b1} 'quoted'", start_s=0.1, end_s=0.30000000000000004),),
    )
    shot = Shot(
        id="one",
        source=SOURCE,
        duration_s=2.2,
        motion=Motion(
            kind=MotionKind.RECTANGLES,
            from_rect=Rect(x=0.3, y=0.1, size=0.7),
            to_rect=Rect(x=0, y=0, size=1),
        ),
        transition=Transition(kind=TransitionKind.CROSSFADE),
        voice=voice,
        texts=(TextEffect(kind=TextEffectKind.HOOK, text="%{pts}"),),
    )
    music = Music(sha256="c" * 64, extension="mp3", duration_s=60)
    return Timeline(
        format=VideoFormat(width=270, height=480),
        shots=(shot,),
        music=music,
        language="pt-BR",
        profile="draft",
    )


def test_json_round_trip_is_exact() -> None:
    timeline = full_timeline()
    text = timeline.model_dump_json()
    assert Timeline.model_validate_json(text) == timeline
    assert Timeline.model_validate_json(text).model_dump_json() == text


@pytest.mark.parametrize(
    ("aspect", "resolution", "size"),
    [
        ("9:16", "1080p", (1080, 1920)),
        ("9:16", "720p", (720, 1280)),
        ("9:16", "480p", (480, 854)),
        ("1:1", "480p", (480, 480)),
        ("4:5", "1080p", (1080, 1350)),
        ("16:9", "1080p", (1920, 1080)),
    ],
)
def test_named_formats_have_even_sizes(aspect: str, resolution: str, size: tuple[int, int]) -> None:
    video_format = VideoFormat.named(aspect, resolution)
    assert (video_format.width, video_format.height) == size


def test_unknown_aspect_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="aspect: is '3:2'; it may be 9:16, 1:1, 4:5, 16:9"):
        VideoFormat.named("3:2", "720p")


def test_short_shot_is_refused_with_the_right_range() -> None:
    with pytest.raises(ValidationError, match=r"duration_s\n.*is 0.01 s; it may be 0.1 to 3600 s"):
        Shot(id="x", source=SOURCE, duration_s=0.01)


def test_odd_frame_size_is_refused() -> None:
    with pytest.raises(ValidationError, match="even number of pixels"):
        VideoFormat(width=271, height=480)


def test_rectangle_outside_the_picture_is_refused() -> None:
    with pytest.raises(ValidationError, match="must lie inside the picture"):
        Rect(x=0.5, y=0, size=0.6)


def test_two_shots_of_one_id_are_refused() -> None:
    shot = Shot(id="same", source=SOURCE, duration_s=1)
    with pytest.raises(ValidationError, match="'same' stands twice"):
        Timeline(format=VideoFormat(width=270, height=480), shots=(shot, shot))


def test_infinite_duration_is_refused() -> None:
    with pytest.raises(ValidationError):
        Shot(id="x", source=SOURCE, duration_s=float("inf"))
