"""What the calibration found: the posterior of each parameter, as rows, and written to where the facts draw from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commsim.about import __version__
from commsim.scenario.registry import REGISTRY_FOLDER
from commsim.whole_files import replace_text

IDENTIFIED_BELOW = 0.75
"""Posterior standard deviation, as a share of the prior's, below which a parameter counts as identified."""


@dataclass(frozen=True)
class Posterior:
    """What a parameter was found to be: mean, standard deviation and central 95% range; the rows it comes from."""

    name: str
    mean: float
    sd: float
    low: float
    high: float
    prior_sd: float
    rows: tuple[int, ...]
    draws: tuple[float, ...]
    """Points of the posterior; point k of all parameters of the same rows belongs together."""

    @property
    def identified(self) -> bool:
        """Whether the rows say more than the prior did."""
        return self.sd < IDENTIFIED_BELOW * self.prior_sd


def write_posterior(
    found: Sequence[Posterior], seed: int, path: Path, registry: Path | None = REGISTRY_FOLDER
) -> list[str]:
    """Write the posterior to `path`, and the means of identified parameters as values into the registry's files.

    Keeps every other byte of the registry; each file is replaced as a whole or not at all. Returns the names written.
    `registry` None leaves the registry alone.
    """
    lines = [
        "# Written by `commsim lab calibrate`; do not edit. Parameters that no row identifies keep their prior: their",
        "# points only carry what the rows say of them together with the others.",
        f"version: {__version__!r}",
        f"seed: {seed}",
        "method: emulator, history matching and importance sampling (commsim/validation/calibrate.py)",
        "parameters:",
    ]
    for parameter in found:
        lines += _lines(parameter)
    replace_text(path, "\n".join(lines) + "\n")
    identified = [parameter for parameter in found if parameter.identified]
    if registry is not None:
        for parameter in identified:
            if not parameter.name.startswith("elections."):  # those are the survey's own figures
                _set_value(registry, parameter.name, parameter.mean)
    return [parameter.name for parameter in identified]


def _lines(found: Posterior) -> list[str]:
    return [
        f"  {found.name}: {{mean: {found.mean:.4g}, sd: {found.sd:.3g}, low: {found.low:.4g}, high: {found.high:.4g}, "
        f"identified: {str(found.identified).lower()}, rows: {list(found.rows)},",
        f"    draws: [{', '.join(f'{value:.4g}' for value in found.draws)}]}}",
    ]


def _set_value(folder: Path, name: str, value: float) -> None:
    pattern = re.compile(rf"(^{re.escape(name)}:\n  value: )\S+", flags=re.MULTILINE)
    for path in sorted(folder.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        changed, count = pattern.subn(rf"\g<1>{value:.3g}", text)
        if count:
            replace_text(path, changed)


def as_rows(found: Sequence[Posterior]) -> list[dict[str, Any]]:
    """The posterior as plain rows, for tables and JSON."""
    return [
        {
            "parameter": parameter.name,
            "mean": parameter.mean,
            "sd": parameter.sd,
            "low": parameter.low,
            "high": parameter.high,
            "prior_sd": parameter.prior_sd,
            "rows": list(parameter.rows),
            "identified": parameter.identified,
        }
        for parameter in found
    ]
