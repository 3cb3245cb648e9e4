"""From a graph of typed-ffmpeg to the list of arguments that the runner takes."""

from ffmpeg.dag.nodes import OutputStream


def argument_list(output: OutputStream, *leading: str) -> tuple[str, ...]:
    """Return FFmpeg's arguments without the program's own name, global ones first."""
    # Without the library's repairs, which look for streams used twice: ours are split where they are, and
    # looking takes half of the time that planning takes.
    return (*leading, *output.compile(auto_fix=False)[1:])
