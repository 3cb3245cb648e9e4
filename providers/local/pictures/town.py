"""Cities: three rows of buildings in the haze, lit windows, and a street that leads into them."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

from PIL import Image, ImageDraw

from providers.local.pictures.canvas import gradient
from providers.local.pictures.palette import mix, scaled
from providers.local.pictures.stage import Stage


def city(stage: Stage, *, base: float) -> None:
    """Rows of towers that stand on `base` (share of the height)."""
    palette = stage.palette
    kerb = mix(palette.depth(0.62), palette.near, 0.25)
    stage.canvas.wash([(0.0, mix(kerb, palette.haze, 0.3)), (1.0, palette.near)], round(stage.height * base))
    for layer in range(4):
        near = layer / 3
        rng = stage.brief.scene_rng(f"city {layer}")
        foot = round(stage.height * (base + 0.012 * layer))
        mask = Image.new("L", (stage.width, stage.height))
        windows = Image.new("L", (stage.width, stage.height))
        draw, panes = ImageDraw.Draw(mask), ImageDraw.Draw(windows)
        x = -stage.camera.pan * stage.width * (0.6 + 0.4 * near)
        lit_share = 0.42 if stage.is_dark else (0.22 if stage.brief.time == "dusk" else 0.10)
        while x < stage.width:
            wide = stage.unit * float(rng.uniform(0.055, 0.13)) * (0.75 + 0.55 * near)
            centre = abs((x + wide / 2) / stage.width - 0.5) * 2
            tall = (
                stage.height * float(rng.uniform(0.10, 0.34)) * (1.10 - 0.55 * near) * (0.62 + 0.38 * centre)
            )
            roof, lights = float(rng.random()), float(rng.random())
            if x + wide > 0:
                _tower(draw, x, foot, wide, tall, roof)
                _panes(
                    panes,
                    (x, foot - tall, wide, tall),
                    stage.unit * 0.0125 * (0.7 + 0.5 * near),
                    lit_share,
                    lights,
                )
            x += wide * float(rng.uniform(0.82, 1.25))
        colour = palette.depth(0.10 + 0.55 * near)
        draw.rectangle((0, foot, stage.width, stage.height), fill=255)
        body = gradient(
            [(0.0, mix(colour, palette.sky[1], 0.15)), (1.0, mix(colour, palette.haze, 0.5 * (1 - near)))],
            stage.width,
            foot,
        )
        stage.canvas.lay(body, (0, 0), mask.crop((0, 0, stage.width, foot)))
        if near > 0.2:
            strength = 0.35 + 0.6 * near
            stage.canvas.fill(stage.lamp, windows.point(lambda v, s=strength: v * s))


def _tower(draw: ImageDraw.ImageDraw, x: float, foot: float, wide: float, tall: float, roof: float) -> None:  # noqa: PLR0917 - coordinates read best in their order
    top = foot - tall
    draw.rectangle((x, top, x + wide, foot), fill=255)
    middle = x + wide / 2
    if roof < 0.22:
        draw.rectangle((x + wide * 0.2, top - wide * 0.35, x + wide * 0.8, top), fill=255)
        draw.line((middle, top - wide * 1.3, middle, top), fill=255, width=max(1, round(wide * 0.05)))
    elif roof < 0.42:
        draw.polygon([(x, top), (x + wide, top), (x + wide, top - wide * 0.5)], fill=255)
    elif roof < 0.55:
        draw.polygon([(x, top), (middle, top - wide * 0.8), (x + wide, top)], fill=255)
    elif roof < 0.7:
        draw.rectangle((x + wide * 0.1, top - wide * 0.22, x + wide * 0.5, top), fill=255)


def _panes(
    draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], cell: float, share: float, seed: float
) -> None:
    x, top, wide, tall = box
    across = max(1, int(wide / cell / 1.25))
    step = wide / (across + 0.5)
    for row in range(int(tall / cell / 1.5) - 1):
        for column in range(across):
            # A cheap hash keeps thousands of windows out of the generator.
            if (seed * 9301 + row * 0.618 + column * 0.377 + row * column * 0.271) % 1.0 < share:
                px, py = x + step * (column + 0.4), top + cell * (1 + row * 1.5)
                draw.rectangle((px, py, px + step * 0.5, py + cell * 0.75), fill=235)


def street(stage: Stage, *, top: float) -> None:
    """A road that runs to a point on the horizon, with a broken line in its middle."""
    palette = stage.palette
    rows = stage.height - round(stage.height * top)
    vanishing = stage.width * (0.5 + (stage.camera.hero_x - 0.5) * -0.5)
    foot = stage.height * 1.02
    first = stage.height * top
    layer = Image.new("L", (stage.width, stage.height))
    half = stage.width * 0.62
    ImageDraw.Draw(layer).polygon(
        [
            (vanishing - stage.unit * 0.01, first),
            (vanishing + stage.unit * 0.01, first),
            (stage.width / 2 + half, foot),
            (stage.width / 2 - half, foot),
        ],
        fill=255,
    )
    tarmac = mix(mix(palette.near, palette.sky[0], 0.28), palette.haze, 0.14)
    road = gradient(
        [(0.0, mix(tarmac, palette.haze, 0.55)), (0.4, tarmac), (1.0, scaled(tarmac, 0.72))],
        stage.width,
        rows,
    )
    stage.canvas.lay(
        road, (0, stage.height - rows), layer.crop((0, stage.height - rows, stage.width, stage.height))
    )
    marks = Image.new("L", (stage.width, stage.height))
    draw = ImageDraw.Draw(marks)
    for i in range(9):
        near, far = (0.05 + i * 0.11) ** 2.0, (0.05 + i * 0.11 + 0.055) ** 2.0
        corners = []
        for depth, side in ((near, -1), (near, 1), (far, 1), (far, -1)):
            middle = vanishing + (stage.width / 2 - vanishing) * depth
            corners.append((middle + side * stage.unit * 0.016 * depth, first + (foot - first) * depth))
        draw.polygon(corners, fill=170)
    stage.canvas.fill(mix(palette.accent, palette.sun, 0.5), marks)
