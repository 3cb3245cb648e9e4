"""What the demo shows, computed from events."""

from io import StringIO
from typing import Any

from rich.console import Console

from demo.board import Board, Row
from demo.display import Display


def event(job: str, kind: str, state: str = "RUNNING", **more: Any) -> dict[str, Any]:
    told = {"jobId": job, "rootId": "p", "kind": kind, "state": state}
    return {**told, "progress": 0.0, "stage": None, "unitsDone": 0, "unitsTotal": 0, **more}


def rows(board: Board) -> dict[str, Row]:
    return {row.name: row for row in board.rows()}


def test_pictures_and_voices_are_counted_apart() -> None:
    board = Board("p")
    for number, state in enumerate(["SUCCEEDED", "RUNNING", "QUEUED"]):
        board.take(event(f"i{number}", "IMAGE", state))
    board.take(event("v", "VOICEOVER", "SUCCEEDED"))
    assert rows(board)["pictures"] == Row("pictures", 1, 3)
    assert rows(board)["voices"] == Row("voices", 1, 1)
    assert rows(board)["music"].total == 0


def test_encoding_is_measured_in_video_frames_and_joining_follows_it() -> None:
    board = Board("p")
    assert board.render is None
    board.take(event("r", "RENDER", stage="encoding", unitsDone=90, unitsTotal=150))
    assert (rows(board)["render"], rows(board)["join"].total) == (Row("render", 90, 150), 0)
    board.take(event("r", "RENDER", stage="joining", unitsDone=50, unitsTotal=100))
    assert (rows(board)["render"].share, rows(board)["join"].share) == (1, 0.5)
    board.take(event("r", "RENDER", "SUCCEEDED"))
    assert rows(board)["join"].share == 1


def test_a_new_stage_is_noticed_once() -> None:
    board = Board("p")
    assert board.take(event("p", "PRODUCTION", stage="ASSETS"))
    assert not board.take(event("p", "PRODUCTION", stage="ASSETS", progress=0.5))
    assert not board.take(event("i", "IMAGE", stage="ASSETS"))


def test_an_event_from_before_the_end_does_not_undo_the_end() -> None:
    board = Board("p")
    board.replace([event("p", "PRODUCTION"), event("i", "IMAGE", "SUCCEEDED")])
    board.take(event("i", "IMAGE", "RUNNING"))
    assert rows(board)["pictures"] == Row("pictures", 1, 1)


def test_other_productions_and_changes_of_the_tree_are_passed_over() -> None:
    board = Board("p")
    board.take({"__typename": "NodeChanged", "cursor": "e:1"})
    board.take(event("x", "IMAGE") | {"rootId": "q"})
    assert rows(board)["pictures"].total == 0


def test_only_the_end_of_the_production_itself_ends_it() -> None:
    board = Board("p")
    board.take(event("s", "SCRIPT", "FAILED"))
    assert not board.is_over
    board.take(event("p", "PRODUCTION", "FAILED", error={"code": "X", "message": "y"}))
    assert board.is_over
    assert board.production["error"]["code"] == "X"


def test_what_was_fetched_anew_replaces_what_was_known() -> None:
    board = Board("p")
    board.take(event("old", "IMAGE"))
    board.replace([event("p", "PRODUCTION"), event("new", "IMAGE", "SUCCEEDED")])
    assert rows(board)["pictures"] == Row("pictures", 1, 1)


def test_without_a_terminal_each_stage_is_a_few_plain_lines() -> None:
    out = StringIO()
    board = Board("p")
    with Display(Console(file=out, force_terminal=False)) as display:
        for done in range(101):
            board.take(event("r", "RENDER", stage="encoding", unitsDone=done, unitsTotal=100))
            display.show(board)
    assert out.getvalue().splitlines() == [f"  render    {tenth * 10} %" for tenth in range(11)]
