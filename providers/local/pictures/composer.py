"""Composes one picture, back to front."""

# ruff: noqa: PLR2004 - the shares and chances of a drawing are its own explanation

from PIL import Image

from providers.local.pictures.brief import read
from providers.local.pictures.canvas import Canvas
from providers.local.pictures.drawing_sheet import draw_sheet
from providers.local.pictures.finish import finish
from providers.local.pictures.foreground import paint_foreground
from providers.local.pictures.light import LightField
from providers.local.pictures.lookout import paint_lookout
from providers.local.pictures.placing import place_all, place_in_sky
from providers.local.pictures.settings import PAINTERS, SKYLESS
from providers.local.pictures.sky import paint_sky
from providers.local.pictures.stage import Stage, camera_for
from providers.local.pictures.subjects.catalogue import subjects
from providers.local.pictures.views import SHEETS, VIEWS
from providers.local.pictures.weather import paint_weather
from providers.protocols.picture import ImageRequest


def compose(request: ImageRequest) -> Image.Image:
    """The picture that a request asks for, as RGB of exactly its size; the same request, the same pixels."""
    brief = read(request)
    if brief.view in SHEETS:
        return finish(draw_sheet(brief), brief)
    camera = camera_for(brief)
    canvas = Canvas(brief.width, brief.height)
    rng = brief.scene_rng("sun")
    side = float(rng.uniform(0.16, 0.40)) * (1 if rng.random() < 0.5 else -1)
    # The sun moves against the pan, and never hides behind the hero.
    across = 0.5 + side - (camera.pan - 0.5) * 0.16
    if abs(across - camera.hero_x) < 0.12:
        across = camera.hero_x + (0.22 if camera.hero_x < 0.5 else -0.22)
    across = min(max(across, 0.10), 0.90)
    share = {"dawn": 0.70, "dusk": 0.76, "noon": 0.26, "night": 0.30}[brief.time]
    sun_y = share * camera.horizon
    if VIEWS[brief.view].backlit:
        heroes = [subjects()[name].anchor for name in brief.subjects[:1]]
        across = camera.hero_x + side * 0.16
        sun_y = 0.40 if heroes == ["air"] else camera.horizon - 0.19
    stage = Stage(
        brief=brief,
        canvas=canvas,
        camera=camera,
        light=LightField(brief.width, brief.height),
        sun_x=across * brief.width,
        sun_y=sun_y * brief.height,
    )
    if brief.setting not in SKYLESS:
        paint_sky(stage)
        place_in_sky(stage)
        if stage.allows("beams") and brief.time in {"dawn", "dusk"} and brief.weather in {"fair", "clear"}:
            # Before the land, which stands in front of them.
            fan = LightField(brief.width, brief.height)
            fan.rays(stage.sun_x, stage.sun_y, brief.palette.sun, 0.17, brief.scene_rng("rays"))
            canvas.shine(fan.total)
    footing = PAINTERS[brief.setting](stage)
    if brief.setting in SKYLESS:
        place_in_sky(stage)
    place_all(stage, footing)
    if stage.view.lookout:
        paint_lookout(stage)
    else:
        paint_foreground(stage)
    paint_weather(stage)
    canvas.shine(stage.light.total)
    return finish(canvas.image, brief)
