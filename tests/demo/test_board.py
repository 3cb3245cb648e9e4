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


def test_encoding_is_measured_in_video_frames_over_all_segments() -> None:
    board = Board("p")
    board.take(event("a", "SEGMENT", "SUCCEEDED", unitsDone=10, unitsTotal=60))
    board.take(event("b", "SEGMENT", unitsDone=30, unitsTotal=90))
    assert rows(board)["render"] == Row("render", 90, 150)


def test_joining_begins_when_the_render_job_says_so() -> None:
    board = Board("p")
    board.take(event("r", "RENDER", stage="encoding", unitsDone=100, unitsTotal=100))
    assert rows(board)["join"].share == 0
    board.take(event("r", "RENDER", stage="joining", unitsDone=50, unitsTotal=100))
    assert rows(board)["join"].share == 0.5
    board.take(event("r", "RENDER", "SUCCEEDED"))
    assert rows(board)["join"].share == 1


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
            board.take(event("a", "SEGMENT", unitsDone=done, unitsTotal=100))
            display.show(board)
    assert out.getvalue().splitlines() == ["  render      0 %  0/100", "  render    100 %  100/100"]
