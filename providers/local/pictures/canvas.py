"""The sheet that a picture is painted on, and the four ways of putting colour on it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

from providers.local.pictures.noise import Field
from providers.local.pictures.palette import Rgb

Stops = Sequence[tuple[float, Rgb]]


def ramp(stops: Stops, length: int) -> NDArray[np.uint8]:
    """`length` colours, one row each, through the stops (places in 0..1, ascending)."""
    places = np.linspace(0.0, 1.0, max(length, 1))
    at = [place for place, _ in stops]
    channels = [np.interp(places, at, [colour[i] for _, colour in stops]) for i in range(3)]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


def gradient(stops: Stops, width: int, height: int) -> Image.Image:
    """A picture that runs through the stops from top to bottom."""
    column = Image.fromarray(ramp(stops, height).reshape(-1, 1, 3))
    return column.resize((width, max(height, 1)), Image.Resampling.NEAREST)


def mask_of(field: Field) -> Image.Image:
    """A field in 0..1 as a mask."""
    return Image.fromarray((np.clip(field, 0, 1) * 255).astype(np.uint8))


class Canvas:
    """An RGB sheet of `width` by `height` pixels; (0, 0) is the top left corner."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.image = Image.new("RGB", (width, height))

    @property
    def unit(self) -> float:
        """The length, in pixels, that sizes are given in: like the short side, milder in extreme formats."""
        short, long = min(self.width, self.height), max(self.width, self.height)
        return float(short**0.75 * long**0.25 * 0.87)

    def wash(self, stops: Stops, top: int = 0, bottom: int | None = None) -> None:
        """Fill the rows from `top` to `bottom` with a gradient."""
        end = self.height if bottom is None else min(bottom, self.height)
        if end > top:
            self.image.paste(gradient(stops, self.width, end - top), (0, top))

    def fill(self, colour: Rgb, mask: Image.Image, at: tuple[int, int] = (0, 0)) -> None:
        """One colour where the mask is white."""
        self.image.paste(colour, (*at, at[0] + mask.width, at[1] + mask.height), mask)

    def lay(self, picture: Image.Image, at: tuple[int, int], mask: Image.Image | None = None) -> None:
        """Another picture on top; an RGBA picture is its own mask. What lies outside is cut off."""
        self.image.paste(picture, at, mask if mask is not None else _alpha(picture))

    def soft_fill(self, colour: Rgb, field: Field) -> None:
        """One colour through a coarse field in 0..1, stretched over the whole sheet."""
        coarse = mask_of(field).resize(self.image.size, Image.Resampling.BICUBIC)
        self.image.paste(colour, (0, 0, self.width, self.height), coarse)

    def shine(self, light: Field) -> None:
        """Add light: a coarse field of rows, columns and three channels in 0..1, screened over the sheet."""
        coarse = Image.fromarray((np.clip(light, 0, 1) * 255).astype(np.uint8))
        smooth = coarse.resize(self.image.size, Image.Resampling.BICUBIC)
        self.image = ImageChops.screen(self.image, smooth)


def _alpha(picture: Image.Image) -> Image.Image | None:
    return picture.getchannel("A") if picture.mode == "RGBA" else None
