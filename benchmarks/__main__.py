"""All benchmarks, one after another; `--quick` for a short round of each."""

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
FULL = {
    "render": ["--scenes", "10"],
    "production": [],
    "sign_in_timing": ["--tries", "300"],
    "lists": [],
    "word_times": [],
    "start": [],
}
QUICK = {
    "render": ["--scenes", "2", "--preset", "veryfast"],
    "production": ["--resolution", "480", "--duration", "15"],
    "sign_in_timing": ["--tries", "40"],
    "lists": ["--sizes", "1000", "20000", "--rounds", "20"],
    "word_times": ["--repeats", "1"],
    "start": ["--rounds", "3"],
}


def main() -> int:
    """Run them; the exit code of the first that fails."""
    for name, arguments in (QUICK if "--quick" in sys.argv else FULL).items():
        print(f"\n{name} {' '.join(arguments)}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
        code = subprocess.run(command, cwd=CHECKOUT, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
