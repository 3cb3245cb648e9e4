"""A drawing instead of a place: half outline, half colour, and a lens on a detail; nothing is labelled."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from providers.local.pictures.brief import Brief
from providers.local.pictures.canvas import Canvas
from providers.local.pictures.noise import fractal
from providers.local.pictures.palette import Rgb, mix, rgb
from providers.local.pictures.pen import Lighting, Pen
from providers.local.pictures.subjects.catalogue import subjects
from providers.local.pictures.symbol import symbol_for

_WHITE: Rgb = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class _Paper:
    light: str
    dark: str
    ink: str
    accent: str
    tint: float


_BLUEPRINTS = (
    _Paper("#1d5c97", "#0a2b55", "#e4f3ff", "#ffcf6b", 0.22),
    _Paper("#2f4a44", "#14241f", "#f1efdf", "#ffb45e", 0.18),
    _Paper("#4a2d6b", "#1d1035", "#f7e4ff", "#ffb27a", 0.20),
    _Paper("#17646b", "#07303a", "#e2fff4", "#ff9d6b", 0.20),
)
_SKETCHBOOKS = (
    _Paper("#f6e9cb", "#dcc093", "#4a3322", "#b1452c", 0.55),
    _Paper("#f4f1e8", "#d3d3cc", "#26324f", "#c8552f", 0.50),
    _Paper("#f3e3d3", "#d6b39c", "#3d2740", "#2f7f84", 0.52),
)


def draw_sheet(brief: Brief) -> Image.Image:
    """The hero on paper, half in outline; a scene's frames go from the whole to the detail and back."""
    papers = _BLUEPRINTS if brief.view == "section" else _SKETCHBOOKS
    paper = papers[int(brief.scene_rng("paper").integers(len(papers)))]
    canvas = Canvas(brief.width, brief.height)
    _lay_paper(canvas, brief, paper)
    close = brief.frame_ordinal % 2 == 1
    body, foot, tall, focus = _body(canvas, brief, close=close)
    turned = brief.frame_ordinal % 4 == 2
    if turned:
        body = body.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        foot = (body.width - foot[0], foot[1])
    x = canvas.width * (0.5 if close or canvas.width <= canvas.height * 1.15 else 0.40)
    y = canvas.height * 0.42 + (focus if close else 0.5) * tall
    at = (round(x - foot[0]), round(y - foot[1]))
    _lay_body(canvas, body, at, round(x), paper, cut=None if close else turned)
    eye = (x, y - focus * tall)
    if close:
        _rings(canvas, eye, paper)
    else:
        _measures(canvas, (x, y, tall), body, paper)
        _lens(canvas, eye, brief, paper, turned=turned)
    return canvas.image


def _lay_paper(canvas: Canvas, brief: Brief, paper: _Paper) -> None:
    light, dark = rgb(paper.light), rgb(paper.dark)
    canvas.wash([(0.0, mix(light, dark, 0.45)), (0.40, light), (1.0, dark)])
    stains = fractal(brief.scene_rng("stains"), 48, 64, cells=(3, 4), octaves=4)
    canvas.soft_fill(dark, np.clip(stains - 0.5, 0, 1).astype(np.float32))
    layer = Image.new("L", (canvas.width, canvas.height))
    draw = ImageDraw.Draw(layer)
    thin = max(1, round(canvas.unit * 0.0016))
    if brief.view == "section":
        step = canvas.unit / 15
        turn = brief.frame_rng("grid").uniform(0, step)
        for index in range(math.ceil(max(canvas.width, canvas.height) / step) + 1):
            strength = 62 if index % 4 == 0 else 26
            place = index * step - turn
            draw.line((place, 0, place, canvas.height), fill=strength, width=thin)
            draw.line((0, place, canvas.width, place), fill=strength, width=thin)
    margin = canvas.unit * 0.045
    box = (margin, margin, canvas.width - margin, canvas.height - margin)
    draw.rectangle(box, outline=120, width=max(1, thin * 2))
    canvas.fill(rgb(paper.ink), layer)


def _body(
    canvas: Canvas, brief: Brief, *, close: bool
) -> tuple[Image.Image, tuple[float, float], float, float]:
    """The hero in flat light, its foot on the sheet, its height in pixels, and where the eye goes on it."""
    name = brief.subjects[0] if brief.subjects else ""
    subject = subjects()[name] if name else symbol_for(brief.symbol)
    tall = min(canvas.height * 0.52, canvas.width * 0.84 / (2 * min(subject.reach, subject.core * 1.3)))
    tall *= 1.9 if close else 1.0
    flat = Lighting(_WHITE, _WHITE, _WHITE, (0, 0, 0), depth=0.0, side=1.0, contrast=0.0)
    pen = Pen(max(tall, 8.0), subject.reach, flat, rgb("#f0a84a"))
    subject.draw(pen, brief.scene_rng("drawing"))
    return pen.finished(), pen.foot, tall, subject.focus


def _edges(body: Image.Image, thick: float) -> Image.Image:
    """The lines of a drawing: where colours meet, and the outline."""
    alpha = body.getchannel("A")
    flat = Image.new("RGB", body.size, (128, 128, 128))
    flat.paste(body.convert("RGB"), (0, 0), alpha)
    bands = [band.filter(ImageFilter.FIND_EDGES) for band in (*flat.split(), alpha)]
    lines = bands[0]
    for band in bands[1:]:
        lines = ImageChops.lighter(lines, band)
    lines = lines.point(lambda v: min(255, max(0, v - 12) * 6))
    # FIND_EDGES leaves the rim of the sheet as it was: nothing is there.
    ImageDraw.Draw(lines).rectangle((0, 0, lines.width - 1, lines.height - 1), outline=0, width=2)
    # The filter's own lines are some two pixels wide; larger pictures need wider ones.
    if thick > 3:
        lines = lines.filter(ImageFilter.MaxFilter(round(thick) // 2 * 2 + 1))
    return lines.filter(ImageFilter.GaussianBlur(0.6))


def _lay_body(
    canvas: Canvas, body: Image.Image, at: tuple[int, int], axis: int, paper: _Paper, *, cut: bool | None
) -> None:
    alpha = body.getchannel("A")
    tint = alpha.point(lambda v: v * paper.tint)
    full = alpha.point(lambda v: v * 0.96)
    if cut is not None:
        # Outline on one side of the axis, the thing itself on the other.
        middle = min(max(0, axis - at[0]), full.width)
        full.paste(0, (middle, 0, full.width, full.height) if cut else (0, 0, middle, full.height))
    colours = body.convert("RGB")
    washed = Image.blend(colours, Image.new("RGB", body.size, rgb(paper.light)), 0.25)
    canvas.lay(washed, at, tint)
    canvas.lay(colours, at, full)
    canvas.fill(rgb(paper.ink), _edges(body, canvas.unit * 0.0035), at)
    if cut is not None:
        layer = Image.new("L", (canvas.width, canvas.height))
        draw = ImageDraw.Draw(layer)
        dash = canvas.unit * 0.028
        top, bottom = canvas.height * 0.10, canvas.height * 0.74
        for index in range(math.ceil((bottom - top) / dash)):
            long = dash * (0.62 if index % 2 else 0.16)
            y = top + index * dash
            draw.line((axis, y, axis, y + long), fill=230, width=max(2, round(canvas.unit * 0.004)))
        canvas.fill(rgb(paper.accent), layer)


def _measures(canvas: Canvas, place: tuple[float, float, float], body: Image.Image, paper: _Paper) -> None:
    """Lines with ticks along the height and the width, as on a plan."""
    x, y, tall = place
    box = body.getchannel("A").getbbox() or (0, 0, body.width, body.height)
    half = min((box[2] - box[0]) / 2, canvas.width * 0.36)
    layer = Image.new("L", (canvas.width, canvas.height))
    draw = ImageDraw.Draw(layer)
    thick, tick = max(2, round(canvas.unit * 0.0034)), canvas.unit * 0.018
    side = max(canvas.unit * 0.09, x - half - canvas.unit * 0.07)
    base = y + canvas.unit * 0.075
    draw.line((side, y - tall, side, y), fill=220, width=thick)
    draw.line((x - half, base, x + half, base), fill=220, width=thick)
    for share in range(11):
        long = tick * (1.0 if share % 5 == 0 else 0.5)
        row, column = y - tall * share / 10, x - half + half * share / 5
        draw.line((side - long, row, side + long, row), fill=220, width=thick)
        draw.line((column, base - long, column, base + long), fill=220, width=thick)
    canvas.fill(rgb(paper.ink), layer)


def _lens(canvas: Canvas, eye: tuple[float, float], brief: Brief, paper: _Paper, *, turned: bool) -> None:
    """The detail under a lens in a corner, with two lines to where it is."""
    radius = canvas.unit * 0.17
    right = (brief.scene_rng("lens").random() < 0.5) != turned or canvas.width > canvas.height * 1.15
    x = canvas.width - radius * 1.4 if right else radius * 1.4
    y = max(canvas.height * 0.17, radius * 1.42)
    small = radius * 0.42
    crop = tuple(round(v) for v in (eye[0] - small, eye[1] - small, eye[0] + small, eye[1] + small))
    edge = round(radius * 2)
    detail = canvas.image.crop((crop[0], crop[1], crop[2], crop[3])).resize(
        (edge, edge), Image.Resampling.BICUBIC
    )
    disc = Image.new("L", (edge * 3, edge * 3))
    ImageDraw.Draw(disc).ellipse((3, 3, edge * 3 - 4, edge * 3 - 4), fill=255)
    thick = max(2, round(canvas.unit * 0.006))
    layer = Image.new("L", (canvas.width * 2, canvas.height * 2))
    draw = ImageDraw.Draw(layer)
    for sign in (-1, 1):
        draw.line(
            (eye[0] * 2, (eye[1] + sign * small) * 2, x * 2, (y + sign * radius * 0.98) * 2),
            fill=150,
            width=thick,
        )
    for cx, cy, r in ((*eye, small), (x, y, radius)):
        draw.ellipse(
            ((cx - r) * 2, (cy - r) * 2, (cx + r) * 2, (cy + r) * 2), outline=255, width=round(thick * 1.8)
        )
    canvas.fill(rgb(paper.accent), layer.reduce(2))
    canvas.lay(detail, (round(x - radius), round(y - radius)), disc.reduce(3))
    ring = Image.new("L", layer.size)
    ImageDraw.Draw(ring).ellipse(
        ((x - radius) * 2, (y - radius) * 2, (x + radius) * 2, (y + radius) * 2),
        outline=255,
        width=round(thick * 2.2),
    )
    canvas.fill(rgb(paper.accent), ring.reduce(2))


def _rings(canvas: Canvas, eye: tuple[float, float], paper: _Paper) -> None:
    """Rings around the detail, as of something that spreads or is aimed at."""
    layer = Image.new("L", (canvas.width * 2, canvas.height * 2))
    draw = ImageDraw.Draw(layer)
    x, y = eye[0] * 2, eye[1] * 2
    for step in range(3):
        r = canvas.unit * (0.24 + 0.11 * step) * 2
        for part in range(24 + 12 * step):
            start = part * 360 / (24 + 12 * step)
            draw.arc(
                (x - r, y - r, x + r, y + r),
                start,
                start + (7 if step else 15),
                fill=235 - 50 * step,
                width=max(2, round(canvas.unit * 0.007)),
            )
    canvas.fill(rgb(paper.accent), layer.reduce(2))
