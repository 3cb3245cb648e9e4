"""The places of the lexicon, each put together from sky, land and water."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from providers.local.pictures.cosmos import far_planet, nebula, small_world
from providers.local.pictures.indoors import room
from providers.local.pictures.noise import Field
from providers.local.pictures.palette import mix
from providers.local.pictures.stage import Stage
from providers.local.pictures.stagecraft import backdrop
from providers.local.pictures.subjects.catalogue import subjects
from providers.local.pictures.terrain import dunes, fill_below, ground, peaks, ridges
from providers.local.pictures.town import city, street
from providers.local.pictures.undersea import undersea
from providers.local.pictures.water import water
from providers.local.pictures.woods import forest, treeline

Footing = Field
"""Where things stand: pixels from the top, one per column."""


def _level(stage: Stage, share: float) -> Footing:
    return np.full(stage.width, stage.height * share, np.float32)


def _shore(stage: Stage, share: float) -> Footing:
    """Where boats float; and for a hero that cannot, a headland to stand on."""
    heroes = stage.brief.subjects[:1]
    if heroes and subjects()[heroes[0]].anchor in {"water", "air"}:
        return _level(stage, share)
    away = np.abs(np.linspace(0, 1, stage.width, dtype=np.float32) - stage.camera.hero_x)
    slope = np.clip(away - 0.27, 0, 1) ** 1.4 * 0.5
    rough = (stage.skyline("headland", bumps=3.0, rough=0.5) - 0.5) * 0.018
    line = (stage.height * (share - 0.012 + slope + rough)).astype(np.float32)
    palette = stage.palette
    edge = palette.depth(0.72)
    fill_below(
        stage, line, mix(edge, palette.sun, 0.28), mix(edge, palette.near, 0.55), fade_px=stage.height * 0.24
    )
    fill_below(
        stage, line + stage.unit * 0.012, edge, mix(edge, palette.near, 0.6), fade_px=stage.height * 0.22
    )
    return np.asarray(line + stage.unit * 0.02, dtype=np.float32)


def _sea(stage: Stage) -> Footing:
    horizon = stage.camera.horizon
    ridges(stage, count=2, base=horizon + 0.004, rise=0.075, bumps=1.6)
    water(stage, top=horizon, calm=0.2 if stage.brief.weather == "storm" else 0.45)
    return _shore(stage, horizon + 0.075)


def _river(stage: Stage) -> Footing:
    horizon = stage.camera.horizon
    ridges(stage, count=3, base=horizon, rise=0.22, bumps=1.5)
    bank = _level(stage, horizon + 0.006) - stage.skyline("bank", bumps=2.0) * stage.height * 0.018
    fill_below(stage, bank, stage.palette.depth(0.6), stage.palette.depth(0.6), fade_px=9)
    treeline(
        stage, foot=bank, colour=stage.palette.depth(0.66), height=stage.unit * 0.16, name="bank", density=0.6
    )
    water(stage, top=horizon + 0.008, calm=0.9)
    return _shore(stage, horizon + 0.06)


def _mountain(stage: Stage) -> Footing:
    horizon = stage.camera.horizon
    peaks(stage, base=horizon, rise=0.36)
    ridges(stage, count=2, base=horizon + 0.06, rise=0.07, bumps=2.0)
    line = ground(stage, top=horizon + 0.055, tone=0.66, swell=0.03)
    treeline(
        stage,
        foot=line,
        colour=stage.palette.depth(0.80),
        height=stage.unit * 0.13,
        name="slope",
        density=0.5,
    )
    return line + stage.unit * 0.02


def _hills(stage: Stage) -> Footing:
    horizon = stage.camera.horizon
    ridges(stage, count=5, base=horizon + 0.05, rise=0.20, bumps=1.5, rough=0.34)
    return ground(stage, top=horizon + 0.055, swell=0.025) + stage.unit * 0.02


def _forest(stage: Stage) -> Footing:
    forest(stage, base=stage.camera.horizon + 0.02)
    line = ground(stage, top=stage.camera.horizon + 0.05, tone=0.66, swell=0.02)
    if stage.allows("beams") and not stage.is_dark:
        stage.light.shafts(stage.palette.sun, 0.30, stage.brief.scene_rng("shafts"), slant=0.55, reach=0.72)
    return line + stage.unit * 0.02


def _desert(stage: Stage) -> Footing:
    horizon = stage.camera.horizon
    ridges(stage, count=2, base=horizon, rise=0.09, bumps=2.2)
    dunes(stage, base=horizon + 0.02)
    return _level(stage, horizon + 0.085)


def _city(stage: Stage) -> Footing:
    city(stage, base=stage.camera.horizon)
    street(stage, top=stage.camera.horizon)
    return _level(stage, stage.camera.horizon + 0.06)


def _road(stage: Stage) -> Footing:
    horizon = stage.camera.horizon
    peaks(stage, base=horizon, rise=0.20, layers=2)
    ridges(stage, count=3, base=horizon + 0.02, rise=0.08, bumps=2)
    ground(stage, top=horizon + 0.01, swell=0.004)
    street(stage, top=horizon + 0.014)
    return _level(stage, horizon + 0.10)


def _farm(stage: Stage) -> Footing:
    horizon = stage.camera.horizon
    palette = stage.palette
    ridges(stage, count=4, base=horizon + 0.03, rise=0.15, bumps=1.2, rough=0.3)
    line = ground(stage, top=horizon + 0.045, swell=0.02)
    for furrow in range(7):
        share = (furrow / 7) ** 1.6
        top = line + stage.height * (0.02 + 0.36 * share)
        colour = mix(
            mix(palette.depth(0.6), palette.accent, 0.32 if furrow % 2 else 0.12), palette.near, 0.45 * share
        )
        fill_below(stage, top.astype(np.float32), colour, colour, fade_px=9)
    return line + stage.unit * 0.035


def _arctic(stage: Stage) -> Footing:
    horizon = stage.camera.horizon
    peaks(stage, base=horizon, rise=0.24, layers=2)
    if "iceberg" in stage.brief.subjects:
        water(stage, top=horizon, calm=0.8)
        return _level(stage, horizon + 0.06)
    palette = stage.palette
    line = (
        stage.height * (horizon + 0.01)
        - (stage.skyline("snowfield", bumps=1.3, octaves=2) - 0.5) * stage.height * 0.04
    )
    white = mix(palette.sky[-1], (255, 255, 255), 0.25)
    fill_below(
        stage, line.astype(np.float32), white, mix(white, palette.sky[1], 0.75), fade_px=stage.height * 0.40
    )
    lower = line + stage.height * 0.06 + stage.skyline("drift", bumps=1.6, octaves=2) * stage.height * 0.06
    fill_below(
        stage,
        lower.astype(np.float32),
        mix(white, palette.sky[1], 0.16),
        mix(palette.sky[1], palette.sky[0], 0.35),
        fade_px=stage.height * 0.34,
    )
    return line.astype(np.float32) + stage.unit * 0.05


def _volcanic(stage: Stage) -> Footing:
    horizon = stage.camera.horizon
    ridges(stage, count=3, base=horizon + 0.02, rise=0.14, bumps=2.6, rough=0.6)
    line = ground(stage, top=horizon + 0.06, tone=0.72, swell=0.02)
    stage.light.halo(stage.width / 2, stage.height * horizon, stage.unit * 0.9, stage.palette.accent, 0.25)
    return line + stage.unit * 0.02


def _sky(stage: Stage) -> Footing:
    """Above a sea of clouds."""
    palette = stage.palette
    for layer in range(5):
        near = layer / 4
        shape = stage.skyline(f"cloud sea {layer}", bumps=3.2 - 0.3 * layer, octaves=4, rough=0.45)
        # The root rounds the tops: clouds, not hills.
        line = stage.height * (0.66 + 0.075 * layer) - np.sqrt(shape) * stage.height * 0.085
        white = mix(mix((255, 255, 255), palette.sky[-1], 0.45), palette.sky[1], 0.10 + 0.34 * near)
        fill_below(
            stage,
            line.astype(np.float32),
            mix(white, palette.sun, 0.4),
            mix(white, palette.sky[1], 0.45),
            fade_px=stage.height * 0.14,
        )
    return _level(stage, 0.70)


def _space(stage: Stage) -> Footing:
    nebula(stage)
    if stage.allows("planet") and not {"planet", "earth", "moon", "sun"}.intersection(stage.brief.subjects):
        far_planet(stage)
    small_world(stage)
    return _level(stage, 0.76)


def _underwater(stage: Stage) -> Footing:
    undersea(stage)
    return _level(stage, 0.74)


def _room(stage: Stage) -> Footing:
    room(stage)
    return _level(stage, stage.camera.horizon + 0.075)


def _abstract(stage: Stage) -> Footing:
    backdrop(stage)
    return _level(stage, 0.685)


PAINTERS: Mapping[str, Callable[[Stage], Footing]] = MappingProxyType(
    {
        "sea": _sea,
        "river": _river,
        "mountain": _mountain,
        "hills": _hills,
        "garden": _hills,
        "forest": _forest,
        "desert": _desert,
        "city": _city,
        "road": _road,
        "farm": _farm,
        "arctic": _arctic,
        "volcanic": _volcanic,
        "sky": _sky,
        "space": _space,
        "underwater": _underwater,
        "interior": _room,
        "laboratory": _room,
        "abstract": _abstract,
    }
)

SKYLESS = frozenset({"underwater", "interior", "laboratory", "abstract"})
"""The settings that have no open sky."""
