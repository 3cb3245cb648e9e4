"""Folders for runs of FFmpeg: gone after each, and swept away after a kill."""

import os
import time
from pathlib import Path

import pytest

from rendering.workspace import lay_in, sweep, workspace


def aged(folder: Path, age_s: float) -> None:
    then = time.time() - age_s
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (then, then), follow_symlinks=False)


def test_a_workspace_is_gone_after_success_and_failure(tmp_path: Path) -> None:
    with workspace(tmp_path / "new" / "video.mp4") as folder:
        (folder / "made").touch()
        assert folder.parent == tmp_path / "new"
    with pytest.raises(KeyError), workspace(tmp_path / "new" / "video.mp4"):
        raise KeyError
    assert list((tmp_path / "new").iterdir()) == []


def test_a_sweep_takes_what_a_kill_left_and_nothing_else(tmp_path: Path) -> None:
    source = tmp_path / "source.png"
    source.touch()
    finished = tmp_path / "video.mp4"
    finished.touch()
    with workspace(tmp_path / "a.mp4") as left, workspace(tmp_path / "b.mp4") as busy:
        lay_in(left, "input0.png", "0" * 64, {"0" * 64: source})
        (left / "fonts").mkdir()
        (left / "segment.mp4").touch()
        (busy / "segment.mp4").touch()
        aged(left, 7200)
        # Its folder is old, but FFmpeg has just written into it.
        os.utime(busy, (0, 0))
        assert sweep(tmp_path, 3600) == 1
        assert not left.exists()
        assert (busy / "segment.mp4").exists()
    assert source.exists()
    assert sorted(tmp_path.iterdir()) == [source, finished]
    assert sweep(tmp_path / "never made", 3600) == 0
