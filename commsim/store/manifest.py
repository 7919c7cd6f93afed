"""What a result folder says of itself: what was run, with which versions, and the digests of its tables."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections import Counter
from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from commsim.about import __version__
from commsim.i18n import Text
from commsim.record import RunResult, standard_indicators
from commsim.record.indicators import UNITS
from commsim.study.arms import Arm

FORMAT = 1
_LIBRARIES = ("numpy", "scipy", "networkx", "pandas", "mesa", "pluggy", "pydantic", "duckdb", "xlsxwriter")


def surroundings() -> dict[str, Any]:
    """Versions, lock digest and CPU features: 'the same bytes' is promised where these are the same."""
    return {
        "commsim": __version__,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "lock": lock_digest(),
        "machine": platform.machine(),
        "cpu_features": cpu_features(),
    }


def lock_digest() -> str | None:
    """SHA-256 of the lock file for this Python in a checkout; None where commsim was installed without one."""
    name = f"py{sys.version_info.major}.{sys.version_info.minor}.txt"
    lock = Path(__file__).parents[2] / "requirements" / name
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else None


def cpu_features() -> list[str]:
    """Instruction sets that NumPy uses here, sorted (float functions differ between them); empty where not told."""
    try:
        features: dict[str, bool] = import_module("numpy._core._multiarray_umath").__cpu_features__
    except (ImportError, AttributeError):
        return []
    return sorted(name for name, there in features.items() if there)


def scenario_record(scenario: Any) -> dict[str, Any]:
    """The scenario as it was resolved, with its digest."""
    text = resolved_text(scenario)
    return {"name": scenario.name, "sha256": hashlib.sha256(text.encode()).hexdigest(), "yaml": text}


def resolved_text(scenario: Any) -> str:
    """The scenario as one YAML file that extends nothing."""
    from commsim.scenario import dump_resolved

    return str(dump_resolved(scenario))


def rules_record(arms: Iterable[Arm]) -> list[dict[str, Any]]:
    """Each arm: label, titles, rule, parameters, source, modifiers, and where each of them came from."""
    return [
        {
            "label": arm.label,
            "title": words(arm.title),
            **arm.about,
        }
        for arm in arms
    ]


def other_rules(scenario: Any, results: Iterable[RunResult]) -> dict[str, Any]:
    """The rules of the funds that are not compared, by fund, each with its modifiers and where they came from."""
    first = next(iter(results), None)
    compared = scenario.fund_under_comparison.id
    return {} if first is None else {fund: dict(about) for fund, about in first.rules.items() if fund != compared}


def skipped_counts(results: Iterable[RunResult]) -> dict[str, int]:
    """How many rounds were skipped (or not reviewed) because a rule failed, by the label of the run's rule.

    Rules without any are left out.
    """
    counts = Counter(run.rule for run in results for _round in run.skipped)
    return dict(sorted(counts.items()))


def indicators_record() -> list[dict[str, Any]]:
    """What each indicator of the tables is, in both languages."""
    return [
        {
            "id": indicator.id,
            "label": words(indicator.label),
            "unit": words(UNITS[indicator.unit]),
            "doc": words(indicator.doc),
            "better": indicator.better,
            "clause": indicator.clause,
            "pairs_only": indicator.paired,
        }
        for indicator in standard_indicators()
    ]


def words(text: Text) -> dict[str, str]:
    """A text in both languages."""
    return {"en": text.to("en"), "zh": text.to("zh")}


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
