"""Folders for runs of FFmpeg, gone after each."""

from pathlib import Path

import pytest

from rendering.workspace import workspace


def test_a_workspace_is_gone_after_success_and_failure(tmp_path: Path) -> None:
    with workspace(tmp_path / "new" / "video.mp4") as folder:
        (folder / "made").touch()
        assert folder.parent == tmp_path / "new"
    with pytest.raises(KeyError), workspace(tmp_path / "new" / "video.mp4"):
        raise KeyError
    assert list((tmp_path / "new").iterdir()) == []
