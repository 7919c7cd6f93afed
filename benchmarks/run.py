"""Time and peak memory of whole commands, each in a process of its own, and the benchmarks of parts: `make bench`.

    python -m benchmarks.run [NAME…]

Names: help, tutorial, pilot, district, demo for commands; kernel, voting for parts, which print their own lines
(default: all). Unix only: peak memory comes from `os.wait4`.
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
PARTS = {
    "kernel": "benchmarks.kernel",
    "voting": "benchmarks.voting_rules",
    "posed": "benchmarks.posed_experiments",
}
_ROOT = Path(__file__).resolve().parents[1]
_UNITS_PER_GIB = 2**30 if sys.platform == "darwin" else 2**20  # macOS counts bytes, Linux KiB


def measure(arguments: tuple[str, ...], folder: Path, show: bool = False) -> tuple[float, float, int]:
    """Seconds, GiB at the peak of the largest process, and the exit code of `python -m …` in `folder`."""
    output = None if show else subprocess.DEVNULL
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        stdout=output,
        stderr=output,
    )
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - began, used.ru_maxrss / _UNITS_PER_GIB, process.returncode


def main(names: list[str]) -> int:
    """Measure the commands and parts of those names, or all; prints a line each. Returns 1 where one failed."""
    known = (*COMMANDS, *PARTS)
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"unknown: {', '.join(unknown)}; known are {', '.join(known)}", file=sys.stderr)
        return 2
    failed = 0
    print(f"{'command':34} {'seconds':>8} {'peak GiB':>9}", flush=True)
    for name in names or known:
        arguments = (PARTS[name],) if name in PARTS else ("commsim", *COMMANDS[name])
        with tempfile.TemporaryDirectory() as folder:
            seconds, peak, code = measure(arguments, Path(folder), show=name in PARTS)
        words = " ".join(one for one in arguments if one not in ("--out", "found"))
        print(f"{words:34} {seconds:8.2f} {peak:9.2f}{'' if code == 0 else f'  failed with {code}'}", flush=True)
        failed |= code != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
