"""What moves and sounds: clips, seed frames, sound effects, moving lips, changed pictures."""

from tests.strangers.example import NodeExample
from tests.strangers.examples.film import change, frame, gid, image, of_film, scene
from tests.strangers.world import World

clip = of_film(lambda p: p.script.scenes[0].clips[0])
seed_frame = of_film(lambda p: p.script.scenes[0].seed_frames[0])
sound_effect = of_film(lambda p: p.script.scenes[0].frames[0].sound_effects[0])


def scenes(world: World) -> list[str]:
    return [scene(world)]


def frames(world: World) -> list[str]:
    return [frame(world)]


EXAMPLES = {
    "editImage": change(imageId=image, instruction="Steal it."),
    "generateClips": change(projectId=gid, sceneIds=scenes),
    "chooseClip": change(clipId=clip),
    "removeClip": change(clipId=clip),
    "extractSeedFrame": change(clipId=clip),
    "chooseSeedFrame": change(seedFrameId=seed_frame),
    "removeSeedFrame": change(seedFrameId=seed_frame),
    "generateSoundEffect": change(frameId=frame, prompt="footsteps of a thief"),
    "addSoundEffect": change(frameId=frame, prompt="footsteps of a thief"),
    "updateSoundEffect": change(soundEffectId=sound_effect, volume=1.0),
    "removeSoundEffect": change(soundEffectId=sound_effect),
    "applyLipSync": change(projectId=gid, frameIds=frames),
}

NODES = {"SoundEffect": NodeExample(sound_effect)}
