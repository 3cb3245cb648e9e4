"""What starting costs: processor time until all modules of a process are imported, beside its libraries.

The floor imports the large libraries that the process cannot do without, and nothing of ours. Each figure is
the least of several runs in processes of their own; everything was compiled before.

    python -m benchmarks.start
"""

import argparse
import compileall
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

CHECKOUT: Final = Path(__file__).resolve().parents[1]
RESULT: Final = Path(__file__).with_name("results") / "start.json"
WORKER_LIBRARIES: Final = (
    "beanie",
    "dramatiq.brokers.redis",
    "fontTools.ttLib",
    "minio",
    "numpy",
    "pydantic",
    "redis.asyncio",
    "structlog",
    "typer",
)
API_LIBRARIES: Final = (*WORKER_LIBRARIES, "authlib.integrations.httpx_client", "strawberry", "uvicorn")
STARTED: Final = {
    "worker": ("commands.work", WORKER_LIBRARIES),
    "API": ("app", API_LIBRARIES),
}


def cpu_s(modules: tuple[str, ...]) -> float:
    """Processor time of a process that imports these and ends."""
    before = os.times()
    command = [sys.executable, "-c", f"import {', '.join(modules)}"]
    subprocess.run(command, cwd=CHECKOUT, check=True)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="runs of each, of which the least counts")
    rounds = parser.parse_args().rounds
    for package in sorted(each.parent for each in CHECKOUT.glob("*/__init__.py")):
        compileall.compile_dir(package, quiet=2)
    figures = {}
    print("           floor, s  all, s  all / floor")
    for name, (module, libraries) in STARTED.items():
        pairs = [(cpu_s(libraries), cpu_s((module,))) for _ in range(rounds)]
        floor, whole = (min(column) for column in zip(*pairs, strict=True))
        figures[name] = {"floor_s": floor, "whole_s": whole, "ratio": whole / floor}
        print(f"{name:10} {floor:8.2f} {whole:7.2f} {whole / floor:12.2f}")
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
