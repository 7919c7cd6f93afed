"""Time and peak memory of whole commands, each in a process of its own: `make bench`.

    python -m benchmarks.run [NAME…]

Names: help, tutorial, pilot, district, demo (default: all). Unix only: peak memory comes from `os.wait4`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMANDS: dict[str, tuple[str, ...]] = {
    "help": ("--help",),
    "tutorial": ("run", "tutorial", "--out", "found"),
    "pilot": ("run", "jingan-pilot", "--out", "found"),
    "district": ("run", "jingan-2017", "--out", "found"),
    "demo": ("compare", "--out", "found"),
}
_UNITS_PER_GIB = 2**30 if sys.platform == "darwin" else 2**20  # macOS counts bytes, Linux KiB


def measure(arguments: tuple[str, ...], folder: Path) -> tuple[float, float, int]:
    """Seconds, GiB at the peak of the largest process, and the exit code of one command run in `folder`."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "commsim", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - began, used.ru_maxrss / _UNITS_PER_GIB, process.returncode


def main(names: list[str]) -> int:
    """Measure the commands of those names, or all; prints a line each. Returns 1 where one failed."""
    unknown = sorted(set(names) - COMMANDS.keys())
    if unknown:
        print(f"unknown: {', '.join(unknown)}; known are {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    failed = 0
    print(f"{'command':34} {'seconds':>8} {'peak GiB':>9}")
    for name in names or list(COMMANDS):
        with tempfile.TemporaryDirectory() as folder:
            seconds, peak, code = measure(COMMANDS[name], Path(folder))
        words = " ".join(("commsim", *(one for one in COMMANDS[name] if one not in ("--out", "found"))))
        print(f"{words:34} {seconds:8.2f} {peak:9.2f}{'' if code == 0 else f'  failed with {code}'}", flush=True)
        failed |= code != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
