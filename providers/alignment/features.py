"""What speech sounds like from one hundredth of a second to the next, whoever says it."""

import kaldi_native_fbank
import numpy as np
from numpy.typing import NDArray

from providers.alignment.sound import Sound

SHIFT_S = 0.01
CEPSTRA = 13
LOWEST_HZ = 80.0
CHANGE_WEIGHT = 2.0  # how a sound changes tells more of what is said than how it is, which tells who says it


def features(sound: Sound, *, highest_hz: float) -> NDArray[np.float64]:
    """One row for each `SHIFT_S`: cepstra and how they change, evened out over the whole speech.

    Evened out, the voice's own colour and the microphone's are gone. Two sounds are comparable when
    `highest_hz` was the same for both.
    """
    options = kaldi_native_fbank.MfccOptions()
    options.frame_opts.samp_freq = sound.rate_hz
    options.frame_opts.frame_shift_ms = SHIFT_S * 1000
    options.frame_opts.dither = 0  # the same sound has the same features
    options.frame_opts.snip_edges = False
    options.mel_opts.num_bins = 2 * CEPSTRA
    options.mel_opts.low_freq = LOWEST_HZ
    options.mel_opts.high_freq = highest_hz
    options.num_ceps = CEPSTRA
    options.use_energy = False
    made = kaldi_native_fbank.OnlineMfcc(options)
    made.accept_waveform(sound.rate_hz, sound.samples.tolist())
    made.input_finished()
    cepstra = np.stack([made.get_frame(index) for index in range(made.num_frames_ready)]).astype(np.float64)
    cepstra = (cepstra - cepstra.mean(axis=0)) / (cepstra.std(axis=0) + 1e-6)
    if len(cepstra) == 1:
        return np.hstack([cepstra, np.zeros_like(cepstra)])
    return np.hstack([cepstra, CHANGE_WEIGHT * np.gradient(cepstra, axis=0)])
