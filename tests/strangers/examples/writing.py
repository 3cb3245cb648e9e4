"""Work on words: reading, rewriting, wording, translating."""

from tests.strangers.examples.characters import character
from tests.strangers.examples.film import change, frame, gid, scene
from tests.strangers.world import World


def frames(world: World) -> list[str]:
    return [frame(world)]


EXAMPLES = {
    "analyseScript": change(projectId=gid),
    "createCharactersFromAnalysis": change(projectId=gid),
    "analyseCharacter": change(characterId=character),
    "optimisePrompts": change(projectId=gid, frameIds=frames),
    "rewriteScene": change(sceneId=scene, instruction="Steal it."),
    "rewriteFrame": change(frameId=frame, instruction="Steal it."),
    "generateMetadata": change(projectId=gid),
    "suggestMusic": change(projectId=gid),
    "translateProject": change(projectId=gid, language="de"),
}
