"""The last pass: what makes a picture look filmed, printed, painted or rendered."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from providers.local.pictures.brief import Brief
from providers.local.pictures.canvas import mask_of
from providers.local.pictures.noise import fractal
from providers.local.pictures.palette import Rgb

Bytes = NDArray[np.uint8]


def finish(image: Image.Image, brief: Brief) -> Image.Image:
    """The picture in the style that was asked for."""
    return _STYLES.get(brief.style, _illustration)(image, brief)


def _illustration(image: Image.Image, brief: Brief) -> Image.Image:
    return _grain(_vignette(_bloom(image, 0.20), brief, 0.34), brief, 5)


def _cinematic(image: Image.Image, brief: Brief) -> Image.Image:
    graded = _graded(image, shadows=(0, 8, 18), lights=(14, 6, -8), contrast=1.10)
    return _grain(_vignette(_bloom(graded, 0.34), brief, 0.55), brief, 8)


def _realistic(image: Image.Image, brief: Brief) -> Image.Image:
    soft = _textured(
        _graded(ImageEnhance.Color(image).enhance(0.84), shadows=(4, 6, 8), lights=(4, 2, -4), contrast=1.06),
        brief,
        15,
        90,
    )
    return _grain(_vignette(_bloom(soft, 0.24), brief, 0.4), brief, 9)


def _documentary(image: Image.Image, brief: Brief) -> Image.Image:
    muted = _graded(
        ImageEnhance.Color(image).enhance(0.48), shadows=(10, 10, 8), lights=(4, 0, -12), contrast=1.04
    )
    return _grain(_vignette(_textured(muted, brief, 14, 120), brief, 0.5), brief, 17)


def _anime(image: Image.Image, brief: Brief) -> Image.Image:
    vivid = ImageEnhance.Color(image).enhance(1.32)
    return _vignette(
        _bloom(_inked(_graded(vivid, shadows=(4, 4, 22), lights=(6, 4, 4), contrast=1.02), 0.35), 0.42),
        brief,
        0.14,
    )


def _comic(image: Image.Image, brief: Brief) -> Image.Image:
    flat = ImageEnhance.Color(_banded(image, 7)).enhance(1.30)
    return _inked(_halftone(flat, brief), 0.95)


def _minimalist(image: Image.Image, brief: Brief) -> Image.Image:
    del brief
    return ImageEnhance.Color(_banded(image.filter(ImageFilter.MedianFilter(5)), 11)).enhance(1.05)


def _watercolor(image: Image.Image, brief: Brief) -> Image.Image:
    width, height = image.size
    rng = brief.frame_rng("paint")
    pale = Image.blend(
        ImageEnhance.Color(ImageEnhance.Brightness(image).enhance(1.18)).enhance(1.35),
        Image.new("RGB", image.size, (252, 246, 236)),
        0.26,
    )
    moved = _wobbled(pale.filter(ImageFilter.MedianFilter(5)), brief, 0.006)
    edges = moved.convert("L").filter(ImageFilter.GaussianBlur(max(1, width / 400)))
    rims = ImageChops.difference(edges, edges.filter(ImageFilter.GaussianBlur(max(2, width / 130)))).point(
        lambda v: min(90, v * 3)
    )
    moved = Image.composite(ImageEnhance.Brightness(moved).enhance(0.72), moved, rims)
    pools = fractal(rng, max(8, width // 6), max(8, height // 6), cells=(5, 8), octaves=5)
    paper = fractal(rng, max(8, width // 2), max(8, height // 2), cells=(width / 7, height / 7), octaves=2)
    light = _fitted(0.86 + 0.22 * pools, image.size)
    painted = ImageChops.multiply(moved, Image.merge("RGB", [light] * 3))
    tooth = _fitted(0.93 + 0.07 * paper, image.size)
    painted = ImageChops.multiply(painted, Image.merge("RGB", [tooth] * 3))
    y, x = np.mgrid[0 : height // 4, 0 : width // 4].astype(np.float32)
    inset = np.minimum(np.minimum(x, width / 4 - x), np.minimum(y, height / 4 - y)) * 4 / width
    ragged = fractal(rng, width // 4, height // 4, cells=(9, 14), octaves=4)
    torn = mask_of(np.clip((inset - 0.012 - ragged * 0.055) / 0.012, 0, 1)).resize(
        image.size, Image.Resampling.BICUBIC
    )
    return Image.composite(painted, Image.new("RGB", image.size, (249, 244, 233)), torn)


def _fantasy(image: Image.Image, brief: Brief) -> Image.Image:
    dim = ImageEnhance.Brightness(ImageEnhance.Color(image).enhance(0.62)).enhance(0.80)
    graded = _graded(dim, shadows=(-4, 4, 12), lights=(8, 4, -14), contrast=1.20)
    return _grain(_vignette(_bloom(_textured(graded, brief, 24, 26), 0.45), brief, 0.85), brief, 9)


def _cyberpunk(image: Image.Image, brief: Brief) -> Image.Image:
    vivid = _bloom(ImageEnhance.Contrast(ImageEnhance.Color(image).enhance(1.40)).enhance(1.10), 0.60)
    red, green, blue = vivid.split()
    step = max(1, image.width // 360)
    split = Image.merge("RGB", (ImageChops.offset(red, step, 0), green, ImageChops.offset(blue, -step, 0)))
    lines = np.full(image.height, 255, np.uint8)
    lines[:: max(3, image.height // 480)] = 222
    scan = Image.fromarray(lines.reshape(-1, 1)).resize(image.size, Image.Resampling.NEAREST)
    return _vignette(ImageChops.multiply(split, Image.merge("RGB", [scan] * 3)), brief, 0.5)


def _retro(image: Image.Image, brief: Brief) -> Image.Image:
    flat = _banded(ImageEnhance.Color(image).enhance(1.08), 8)
    red, green, blue = flat.split()
    step = max(1, image.width // 420)
    printed = Image.merge(
        "RGB", (ImageChops.offset(red, step, step), green, ImageChops.offset(blue, -step, 0))
    )
    faded = Image.blend(printed, Image.new("RGB", image.size, (246, 226, 186)), 0.16)
    return _grain(
        _vignette(_textured(ImageEnhance.Contrast(faded).enhance(1.16), brief, 10, 180), brief, 0.3), brief, 7
    )


def _render3d(image: Image.Image, brief: Brief) -> Image.Image:
    vivid = ImageEnhance.Color(image).enhance(1.22)
    soft = vivid.filter(ImageFilter.GaussianBlur(max(1.0, image.width / 140)))
    rows = np.linspace(-1, 1, image.height, dtype=np.float32)
    depth = np.clip((np.abs(rows + 0.12) - 0.50) / 0.42, 0, 1) * 235
    lens = Image.fromarray(depth.astype(np.uint8).reshape(-1, 1)).resize(image.size)
    return _vignette(_bloom(Image.composite(soft, vivid, lens), 0.55), brief, 0.25)


def _bloom(image: Image.Image, strength: float) -> Image.Image:
    """Bright places spill over."""
    small = image.resize((max(2, image.width // 8), max(2, image.height // 8)), Image.Resampling.BOX)
    bright = small.point(lambda v: max(0, v - 120) * 1.6 * strength)
    wide = bright.filter(ImageFilter.GaussianBlur(max(1.0, small.width / 22)))
    return ImageChops.screen(image, wide.resize(image.size, Image.Resampling.BICUBIC))


def _vignette(image: Image.Image, brief: Brief, strength: float) -> Image.Image:
    if "vignette" in brief.without:
        return image
    y, x = np.mgrid[-1:1:96j, -1:1:64j].astype(np.float32)
    fall = 1 - strength * np.clip((x * x * 0.55 + y * y * 0.75) - 0.32, 0, 1) * 0.9
    shade = mask_of(fall).resize(image.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(image, Image.merge("RGB", [shade] * 3))


def _grain(image: Image.Image, brief: Brief, amount: int) -> Image.Image:
    """Film grain, which also hides the steps of the gradients; `amount` in levels of 255."""
    if "grain" in brief.without:
        amount = 1
    noise = brief.frame_rng("grain").normal(0, amount * 0.6, (401, 397)).astype(np.int16)
    across, down = -(-image.width // 397), -(-image.height // 401)
    tiled = np.tile(noise, (down, across))[: image.height, : image.width]
    pixels = np.asarray(image).astype(np.int16)
    pixels += tiled[:, :, None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _graded(image: Image.Image, *, shadows: Rgb, lights: Rgb, contrast: float) -> Image.Image:
    levels = np.arange(256, dtype=np.float32)
    tables = []
    for dark, light in zip(shadows, lights, strict=True):
        curve = (levels - 128) * contrast + 128 + dark * (1 - levels / 255) + light * (levels / 255)
        tables += [int(v) for v in np.clip(curve, 0, 255)]
    return image.point(tables)


def _banded(image: Image.Image, bands: int) -> Image.Image:
    """Fewer tones, and colours kept: the brightness is stepped, not the channels."""
    pixels = np.asarray(image).astype(np.float32)
    bright = pixels.max(axis=2)
    stepped = (np.floor(bright / 256 * bands) + 0.62) * (256 / bands)
    return Image.fromarray(
        np.clip(pixels * (stepped / np.maximum(bright, 1))[:, :, None], 0, 255).astype(np.uint8)
    )


def _inked(image: Image.Image, strength: float) -> Image.Image:
    """Dark lines where colours meet."""
    grey = image.convert("L").filter(ImageFilter.GaussianBlur(max(0.8, image.width / 1100)))
    size = 3 if image.width < 900 else 5
    edge = ImageChops.subtract(
        grey.filter(ImageFilter.MaxFilter(size)), grey.filter(ImageFilter.MinFilter(size))
    )
    mask = edge.point(lambda v: min(255, max(0, v - 16) * 6) * strength)
    return Image.composite(Image.new("RGB", image.size, (22, 16, 34)), image, mask)


def _halftone(image: Image.Image, brief: Brief) -> Image.Image:
    """Printer's dots in the shadows, at an angle."""
    del brief
    width, height = image.size
    cell = max(4.0, width / 120)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    dots = np.sin((x + y) * (np.pi / cell)) * np.sin((x - y) * (np.pi / cell)) * 0.5 + 0.5
    dark = 1 - np.asarray(image.convert("L"), dtype=np.float32) / 255
    mask = mask_of(np.clip((dark * 0.95 - dots) * 4, 0, 1) * 0.34)
    return Image.composite(ImageEnhance.Brightness(image).enhance(0.45), image, mask)


def _textured(image: Image.Image, brief: Brief, amount: int, cells: float) -> Image.Image:
    """Unevenness, as of weathered surfaces; `amount` in levels of 255."""
    wide, tall = max(8, image.width // 2), max(8, image.height // 2)
    field = fractal(brief.scene_rng("texture"), wide, tall, cells=(cells, cells * tall / wide), octaves=4)
    light = mask_of(1 - field * np.float32(amount / 127)).resize(image.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(image, Image.merge("RGB", [light] * 3))


def _wobbled(image: Image.Image, brief: Brief, amount: float) -> Image.Image:
    """Edges that a brush made: every pixel comes from a little beside itself."""
    rng = brief.frame_rng("brush")
    pixels = np.asarray(image)
    height, width = pixels.shape[:2]
    reach = amount * width
    across = fractal(rng, width, height, cells=(16, 28), octaves=3) - 0.5
    down = fractal(rng, width, height, cells=(16, 28), octaves=3) - 0.5
    y, x = np.arange(height)[:, None], np.arange(width)[None, :]
    rows = np.clip(y + (down * 2 * reach).astype(np.int64), 0, height - 1)
    columns = np.clip(x + (across * 2 * reach).astype(np.int64), 0, width - 1)
    return Image.fromarray(pixels[rows, columns])


def _fitted(field: NDArray[np.float32], size: tuple[int, int]) -> Image.Image:
    return mask_of(field).resize(size, Image.Resampling.BICUBIC)


_STYLES: Mapping[str, Callable[[Image.Image, Brief], Image.Image]] = MappingProxyType(
    {
        "cinematic": _cinematic,
        "realistic": _realistic,
        "documentary": _documentary,
        "anime": _anime,
        "comic": _comic,
        "minimalist": _minimalist,
        "watercolor": _watercolor,
        "fantasy": _fantasy,
        "cyberpunk": _cyberpunk,
        "retro": _retro,
        "render3d": _render3d,
    }
)
