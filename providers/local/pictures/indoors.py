"""Rooms: a wall, a tall window with the weather outside, shelves, and a table for still lifes."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

from PIL import Image, ImageDraw, ImageFilter

from providers.local.pictures.canvas import gradient
from providers.local.pictures.palette import Rgb, mix, scaled
from providers.local.pictures.stage import Stage

Box = tuple[float, float, float, float]


def room(stage: Stage) -> None:
    """A wall with an arched window and shelves; the table's edge lies on the horizon."""
    palette = stage.palette
    wall_top, wall_low = mix(palette.sky[1], palette.near, 0.25), mix(palette.sky[2], palette.near, 0.12)
    stage.canvas.wash([(0.0, wall_top), (1.0, wall_low)])
    rng = stage.brief.scene_rng("room")
    laboratory = stage.brief.setting == "laboratory"
    side = 1 if rng.random() < 0.5 else -1
    shift = (stage.camera.pan - 0.5) * 0.10
    middle = stage.width * (0.5 + side * 0.10 + shift)
    half = stage.unit * 0.34
    box = (middle - half, stage.height * 0.10, middle + half, stage.height * 0.10 + stage.unit * 0.92)
    _window(stage, box, arched=not laboratory)
    _shelves(stage, -side if stage.width < stage.height * 1.15 else 0, laboratory=laboratory)
    _table(stage)


def _window(stage: Stage, box: Box, *, arched: bool) -> None:
    palette = stage.palette
    grain = 2
    left, top, right, bottom = (v * grain for v in box)
    size = (stage.width * grain, stage.height * grain)
    glass, bars = Image.new("L", size), Image.new("L", size)
    pen, frame = ImageDraw.Draw(glass), ImageDraw.Draw(bars)
    radius = (right - left) / 2 if arched else stage.unit * 0.03 * grain
    pen.rounded_rectangle((left, top, right, bottom), radius, fill=255, corners=(True, True, False, False))
    thick = max(2, round(stage.unit * 0.012 * grain))
    upper = (True, True, False, False)
    frame.rounded_rectangle((left, top, right, bottom), radius, fill=255, corners=upper)
    inner = (left + thick * 2, top + thick * 2, right - thick * 2, bottom - thick * 2)
    frame.rounded_rectangle(inner, max(1.0, radius - thick * 2), fill=0, corners=upper)
    for share in (1 / 3, 2 / 3):
        x = left + (right - left) * share
        frame.line((x, top, x, bottom), fill=255, width=thick)
    for share in (0.36, 0.68):
        y = top + (bottom - top) * share
        frame.line((left, y, right, y), fill=255, width=thick)
    outside = glass.reduce(grain)
    stops = [(0.0, palette.sky[2]), (0.5, palette.sky[3]), (1.0, mix(palette.sky[3], palette.sun, 0.6))]
    view = gradient(stops, stage.width, stage.height)
    hills = ImageDraw.Draw(view)
    for layer in range(3):
        line = stage.skyline(f"outside {layer}", bumps=2.0)
        y0 = box[3] - stage.unit * (0.30 - 0.09 * layer)
        points = [(x, y0 - float(line[x]) * stage.unit * 0.16) for x in range(0, stage.width, 6)]
        hills.polygon(
            [*points, (stage.width, stage.height), (0, stage.height)],
            fill=mix(palette.sky[3], palette.ground, 0.22 + 0.20 * layer),
        )
    sun = stage.unit * 0.085
    sx, sy = box[0] + (box[2] - box[0]) * 0.66, box[1] + (box[3] - box[1]) * 0.34
    hills.ellipse((sx - sun, sy - sun, sx + sun, sy + sun), fill=mix(palette.sun, (255, 255, 255), 0.3))
    stage.canvas.lay(view, (0, 0), outside)
    stage.canvas.fill(
        mix(palette.near, palette.sky[1], 0.45),
        Image.composite(bars, Image.new("L", size), glass).reduce(grain),
    )
    stage.light.halo((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, stage.unit * 1.1, palette.sun, 0.34)
    # The window's light lies on the wall and the table as one slanted cone.
    stage.light.beam(sx, sy, -112, stage.height * 0.85, 24, palette.sun, 0.30)


def _shelves(stage: Stage, side: int, *, laboratory: bool) -> None:
    rng = stage.brief.scene_rng("shelves")
    palette = stage.palette
    layer = Image.new("RGBA", (stage.width, stage.height))
    draw = ImageDraw.Draw(layer)
    colours: list[Rgb] = [
        palette.accent,
        palette.ground,
        palette.sky[0],
        palette.sky[3],
        mix(palette.accent, palette.near, 0.5),
    ]
    sides = (side,) if side else (-1, 1)
    for where in sides:
        long = stage.unit * 0.30
        x0 = -stage.unit * 0.02 if where < 0 else stage.width - long
        for row in range(4):
            y = stage.height * 0.18 + row * stage.unit * 0.27
            if y > stage.horizon - stage.unit * 0.14:
                break
            board = mix(palette.near, palette.ground, 0.4)
            draw.rectangle((x0, y, x0 + long, y + stage.unit * 0.016), fill=board)
            x = x0 + stage.unit * 0.02
            while x < x0 + long - stage.unit * 0.05:
                wide, tall = (
                    stage.unit * float(rng.uniform(0.018, 0.036)),
                    stage.unit * float(rng.uniform(0.09, 0.16)),
                )
                tone = mix(colours[int(rng.integers(len(colours)))], palette.sky[1], 0.45)
                if laboratory:
                    wide *= 1.6
                    draw.ellipse((x, y - wide * 1.1, x + wide, y - wide * 0.1), fill=tone)
                    draw.rectangle(
                        (x + wide * 0.38, y - tall * 0.8, x + wide * 0.62, y - wide * 0.6), fill=tone
                    )
                else:
                    draw.rectangle((x, y - tall, x + wide, y), fill=tone)
                x += wide * float(rng.uniform(1.05, 1.5))
    # Slightly out of focus, so that it stays behind the subject.
    soft = layer.filter(ImageFilter.BoxBlur(max(1, round(stage.unit * 0.0022))))
    stage.canvas.lay(soft, (0, 0))


def _table(stage: Stage) -> None:
    palette = stage.palette
    top = stage.horizon + round(stage.unit * 0.03)
    wood = mix(palette.ground, palette.sky[2], 0.25)
    stage.canvas.wash(
        [(0.0, mix(wood, palette.sun, 0.30)), (0.12, wood), (1.0, mix(wood, palette.near, 0.72))], top
    )
    rng = stage.brief.scene_rng("grain of the wood")
    lines = Image.new("L", (stage.width, stage.height - top))
    draw = ImageDraw.Draw(lines)
    for _ in range(34):
        y = float(rng.random()) ** 1.4 * lines.height
        x = float(rng.uniform(-0.3, 1)) * stage.width
        draw.line(
            (x, y, x + stage.width * float(rng.uniform(0.2, 0.6)), y),
            fill=26,
            width=max(1, round(stage.unit * 0.002)),
        )
    stage.canvas.fill(scaled(palette.near, 1.0), lines, (0, top))
    edge = Image.new("L", (stage.width, max(2, round(stage.unit * 0.005))), 150)
    stage.canvas.fill(mix(palette.sun, wood, 0.3), edge, (0, top))
