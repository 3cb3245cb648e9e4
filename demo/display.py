"""The stages on a terminal as bars, elsewhere as plain lines."""

import math
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from demo.board import Board, Row


class Display:
    """Shows a board; a terminal gets bars, anything else one line for every piece of news."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("  {task.description:<9}"),
            BarColumn(bar_width=36),
            TextColumn("{task.fields[figures]:<12}"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._said: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def show(self, board: Board) -> None:
        """Show the board as it is now."""
        for row in board.rows():
            if not row.total:
                continue
            if self._console.is_terminal:
                self._draw(row)
            else:
                self._say(row)

    def _draw(self, row: Row) -> None:
        if row.name not in self._tasks:
            self._tasks[row.name] = self._bars.add_task(row.name, total=row.total, figures="")
        self._bars.update(self._tasks[row.name], completed=row.done, total=row.total, figures=_figures(row))

    def _say(self, row: Row) -> None:
        """A line at the start, at the end, and at every tenth in between."""
        tenths = math.floor(10 * row.share)
        if self._said.get(row.name) != tenths:
            self._said[row.name] = tenths
            self._console.print(Text(f"  {row.name:<9} {_figures(row)}"))


def _figures(row: Row) -> str:
    """How many pieces, or the share of what is counted in video frames."""
    if row.name in {"render", "join"}:
        return f"{100 * row.share:.0f} %"
    return f"{row.done}/{row.total}"
