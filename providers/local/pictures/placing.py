"""Puts the subjects where they belong: on land, afloat, in the air, behind the ridges, on the table."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from providers.local.pictures.noise import Field
from providers.local.pictures.palette import mix
from providers.local.pictures.pen import Pen
from providers.local.pictures.stage import Stage
from providers.local.pictures.subjects.catalogue import subjects
from providers.local.pictures.subjects.subject import Subject
from providers.local.pictures.symbol import symbol_for

_FLOATING = frozenset({"underwater", "space"})


def place_in_sky(stage: Stage) -> None:
    """The hero, if it belongs behind the ridges."""
    for name in stage.brief.subjects[:1]:
        subject = subjects()[name]
        if subject.anchor == "sky":
            draw_subject(
                stage, name, subject, x=stage.width * stage.camera.hero_x, foot=None, scale=1.0, depth=0.0
            )


def place_all(stage: Stage, footing: Field) -> None:
    """Companions first, smaller and hazier, then the hero."""
    names = stage.brief.subjects
    if not names:
        hero = symbol_for(stage.brief.symbol)
        _stand(stage, "symbol", hero, footing, x=stage.camera.hero_x, scale=1.0, depth=0.0)
        return
    for place, name in reversed(list(enumerate(names[1:], 1))):
        side = 1 if stage.camera.hero_x < 0.5 else -1
        shift = 0.32 * side if place == 1 else -0.30 * side
        x = min(max(stage.camera.hero_x + shift, 0.14), 0.86)
        companion = subjects()[name]
        # Beside a long hero there is no room: what floats passes above or below it.
        lift = (0.17 if place == 1 else -0.15) if companion.anchor == "air" else 0.0
        _stand(stage, name, companion, footing, x=x, scale=0.56, depth=0.16, lift=lift)
    hero = subjects()[names[0]]
    rng = stage.brief.frame_rng("herd")
    for other in range(hero.herd - 1):
        side = (1 if other % 2 else -1) * (1 if stage.camera.hero_x < 0.5 else -1)
        x = stage.camera.hero_x - side * float(rng.uniform(0.22, 0.38))
        scale = float(rng.uniform(0.36, 0.55))
        _stand(
            stage,
            f"{names[0]} {other}",
            hero,
            footing,
            x=x,
            scale=scale,
            depth=0.22,
            lift=float(rng.uniform(-0.13, 0.16)),
        )
    if stage.view.blur:
        # What is behind the hero is out of focus.
        stage.canvas.image = stage.canvas.image.filter(ImageFilter.GaussianBlur(stage.unit * stage.view.blur))
    if hero.anchor != "sky":
        _stand(stage, names[0], hero, footing, x=stage.camera.hero_x, scale=1.0, depth=0.0)
    elif stage.brief.setting not in _FLOATING and stage.allows("people", "person"):
        # Somebody who looks up at it gives the sky its size.
        _stand(
            stage,
            "onlooker",
            subjects()["person"],
            footing,
            x=1 - stage.camera.hero_x * 0.8,
            scale=0.42,
            depth=0.0,
        )


def _stand(
    stage: Stage,
    name: str,
    subject: Subject,
    footing: Field,
    *,
    x: float,
    scale: float,
    depth: float,
    lift: float = 0.0,
) -> None:
    px = stage.width * x
    column = min(max(int(px), 0), stage.width - 1)
    floats = subject.anchor in {"air", "sky"} or (
        stage.brief.setting in _FLOATING and subject.anchor == "table"
    )
    foot = None if floats else float(footing[column])
    if foot is not None and lift:
        foot -= stage.height * 0.012
    draw_subject(stage, name, subject, x=px, foot=foot, scale=scale, depth=depth, lift=lift)


def draw_subject(  # noqa: C901, PLR0912 - one subject, from its place to its light
    stage: Stage,
    name: str,
    subject: Subject,
    *,
    x: float,
    foot: float | None,
    scale: float,
    depth: float,
    lift: float = 0.0,
) -> None:
    """Draw one subject with its shadow, reflection and light.

    Args:
        stage: what is painted on.
        name: whose randomness it takes.
        subject: what is drawn.
        x: its middle, pixels from the left.
        foot: the row that it stands on; None lets it float where its kind does.
        scale: its size beside the hero, which is 1.
        depth: 0 close, 1 lost in the haze.
        lift: how much lower what floats is, as a share of the height.
    """
    tall = subject.height * stage.unit * scale * stage.camera.hero_scale
    larger = stage.view.leaves_frame and scale == 1.0
    closer = stage.camera.hero_scale / stage.view.scale
    span = (1.7 if subject.core < 0.7 else 1.3) * closer if larger else 0.94
    tall = min(tall, stage.width * span / (2 * subject.core) * max(scale, 0.6))
    if larger:
        # The eye's place on it comes to the picture's own; a small hero still stands on its ground.
        foot = max(stage.height * 0.43 + subject.focus * tall, foot or 0.0)
    elif foot is not None:
        tall = min(tall, (foot - stage.height * 0.07) / 1.05)
    else:
        middle = 0.29 if subject.anchor == "sky" and stage.brief.setting != "space" else 0.375
        foot = stage.height * (middle + lift * 0.8) + tall * 0.5
    if scale == 1.0 and not larger:
        # The whole subject is in the picture, whatever the camera likes.
        room = min(subject.core * tall, stage.width / 2)
        x = min(max(x, room * 0.9), stage.width - room * 0.9)
    lighting = stage.lighting(depth=depth, at_x=x)
    if subject.anchor != "sky" and stage.brief.setting in {"abstract", "interior", "laboratory"}:
        # A still life is lit for itself.
        lighting = replace(lighting, ambient=mix(lighting.ambient, (255, 255, 255), 0.55))
    elif stage.brief.setting == "underwater":
        lighting = replace(lighting, ambient=mix(lighting.ambient, (235, 255, 255), 0.75), contrast=0.6)
    if stage.view.backlit and stage.brief.weather in {"fair", "clear", "clouds"}:
        dark = mix(stage.palette.near, stage.palette.sky[0], 0.45)
        lighting = replace(lighting, ambient=mix(dark, stage.palette.ambient, 0.14), shadow=dark)
    pen = Pen(max(tall, 8.0), subject.reach, lighting, stage.palette.accent)
    rng = stage.brief.frame_rng(f"subject {name}")
    subject.draw(pen, rng)
    tile = pen.finished()
    grounded = (
        subject.anchor in {"ground", "table"} and foot > stage.height * 0.5 and stage.brief.setting != "sky"
    )
    origin = pen.foot
    flipped = bool(rng.random() < 0.5) and subject.anchor != "sky"
    if flipped:
        tile = tile.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        origin = (tile.width - origin[0], origin[1])
    at = (round(x - origin[0]), round(foot - origin[1]))
    if grounded:
        _shadow(stage, x, foot, tall * min(subject.reach, 0.9), depth)
    if subject.anchor == "water" and stage.brief.setting in {"sea", "river", "arctic"}:
        _reflection(stage, tile, (at[0], round(foot)), round(origin[1]))
    stage.canvas.lay(tile, at)
    sign = -1 if flipped else 1
    for glow in pen.glows:
        stage.light.halo(
            x + sign * glow.x * tall,
            foot - glow.y * tall,
            glow.radius * tall,
            glow.colour,
            glow.strength * 0.75,
        )
    shines = stage.is_dark or stage.brief.time == "dusk" or stage.brief.weather in {"fog", "storm", "rain"}
    if stage.allows("beams"):
        for beam in pen.beams:
            angle = 180 - beam.angle if flipped else beam.angle
            stage.light.beam(
                x + sign * beam.x * tall,
                foot - beam.y * tall,
                angle,
                beam.length * tall,
                beam.spread,
                beam.colour,
                0.62 if shines else 0.30,
            )


def _shadow(stage: Stage, x: float, foot: float, half: float, depth: float) -> None:
    wide, tall = max(4, round(half * 2.6)), max(4, round(half * 0.34))
    layer = Image.new("L", (wide, tall * 2))
    lean = wide * 0.10 * (1 if stage.sun_x < x else -1)
    box = (wide * 0.16 + lean, tall * 0.5, wide * 0.84 + lean, tall * 1.4)
    ImageDraw.Draw(layer).ellipse(box, fill=round(150 * (1 - depth)))
    soft = layer.filter(ImageFilter.GaussianBlur(max(1.0, tall * 0.16)))
    stage.canvas.fill(
        mix(stage.palette.near, stage.palette.ground, 0.15), soft, (round(x - wide / 2), round(foot - tall))
    )


def _reflection(stage: Stage, tile: Image.Image, at: tuple[int, int], foot_row: int) -> None:
    """What floats, upside down below itself, fading and rippled."""
    above = tile.crop((0, 0, tile.width, min(foot_row, tile.height))).transpose(
        Image.Transpose.FLIP_TOP_BOTTOM
    )
    short = above.resize((above.width, max(2, round(above.height * 0.62))), Image.Resampling.BILINEAR)
    pixels = np.asarray(short).copy()
    y = np.arange(pixels.shape[0], dtype=np.float32)
    shift = (
        (np.sin(np.sqrt(y + 1) * 3.1) * (1.5 + y / pixels.shape[0] * 9) * stage.unit / 1000)
        .round()
        .astype(np.int64)
    )
    index = (np.arange(pixels.shape[1])[None, :] + shift[:, None]) % pixels.shape[1]
    pixels = np.take_along_axis(pixels, index[:, :, None], axis=1)
    fade = np.linspace(0.42, 0.0, pixels.shape[0], dtype=np.float32)[:, None]
    pixels[:, :, 3] = (pixels[:, :, 3] * fade).astype(np.uint8)
    stage.canvas.lay(Image.fromarray(pixels), at)
