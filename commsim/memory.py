"""How much memory a number of people takes, said before it is taken."""

from __future__ import annotations

import os

from commsim.i18n import Text, _

MEMORY_VARIABLE = "COMMSIM_MEMORY_GB"
DEFAULT_GB = 2.0

BYTES_A_PERSON = 200
"""Of a laboratory's population: 20 million people were measured at 3.9 GB."""

BYTES_A_RESIDENT = 1_000
"""Of a scenario's world with its ties: a rough figure, on the high side."""


def limit_gb() -> float:
    """Gigabytes that people may take: what the environment says in COMMSIM_MEMORY_GB, or 2."""
    try:
        given = float(os.environ.get(MEMORY_VARIABLE, ""))
    except ValueError:
        return DEFAULT_GB
    return given if given > 0 else DEFAULT_GB


def too_much_memory(people: int, bytes_each: int) -> Text | None:
    """Why so many people are not made, with the estimate and how to raise the limit; None where they fit."""
    most = int(limit_gb() * 1e9 / bytes_each) if limit_gb() < 1e6 else people
    if people <= most:
        return None
    return _(
        "{people} people would take about {needed} GB of memory; the limit is {limit} GB, which is {most} people. "
        "Take fewer, or raise the limit: set {variable} to a number of GB"
    ).format(
        people=f"{people:,}",
        needed=f"{people * bytes_each // 10**9:,}",
        limit=f"{limit_gb():g}",
        most=f"{most:,}",
        variable=MEMORY_VARIABLE,
    )
