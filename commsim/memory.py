"""How much memory a number of people takes, said before it is taken."""

from __future__ import annotations

import os

from commsim.i18n import Text, _

MEMORY_VARIABLE = "COMMSIM_MEMORY_GB"
DEFAULT_GB = 2.0

BYTES_A_PERSON = 200
"""Of a laboratory's population: 20 million people were measured at 3.9 GB."""

BYTES_A_RESIDENT = 450
"""Of a scenario's world with its ties and one run in it, rounded up from 412: `commsim run jingan-pilot --set
population.one_in=N` (48 months, one process, Linux, Python 3.11, largest resident set of the process) took 240 MiB at
50,000 residents, 300 at 220,000, 422 at 550,000 and 653 at 1,100,000."""

BYTES_A_NODE, BYTES_A_TIE = 300, 170
"""Of a network: watts_strogatz_graph of 100,000 nodes took 62 MB with 200,000 ties and 193 MB with 1,000,000; 300,000
nodes with 600,000 ties took 179 MB."""

BYTES_A_PROCESS = 240_000_000
"""Of the libraries alone: 224 MiB for the four committees of `tutorial`, measured alike."""


def limit_gb() -> float:
    """Gigabytes that people may take: what the environment says in COMMSIM_MEMORY_GB, or 2."""
    try:
        given = float(os.environ.get(MEMORY_VARIABLE, ""))
    except ValueError:
        return DEFAULT_GB
    return given if given > 0 else DEFAULT_GB


def processes_that_fit(people: int, bytes_each: int) -> int:
    """How many processes, each with so many people of its own, fit side by side; at least one."""
    each = BYTES_A_PROCESS + people * bytes_each
    return max(1, int(min(limit_gb(), 1e6) * 1e9 / each))


def too_many_for_libraries(processes: int) -> Text | None:
    """Why so many processes do not run side by side whatever they hold, and what to do; None where they fit."""
    most = processes_that_fit(0, 0)
    if processes <= most:
        return None
    return _(
        "so many processes would take more memory than the limit of {limit} GB for their libraries alone, which is "
        "{most} of them. Take fewer --workers, or raise the limit: set {variable} to a number of GB"
    ).format(limit=f"{limit_gb():g}", most=f"{most:,}", variable=MEMORY_VARIABLE)


def too_many_processes(processes: int, people: int, bytes_each: int) -> Text | None:
    """Why so many processes do not run side by side, with the estimate and what to do; None where they fit."""
    if processes <= processes_that_fit(people, bytes_each):
        return None
    return _(
        "{processes} processes of {people} people each would take about {needed} GB of memory; the limit is {limit} "
        "GB, which is {most} of them. Take fewer --workers, or raise the limit: set {variable} to a number of GB"
    ).format(
        processes=f"{processes:,}",
        people=f"{people:,}",
        needed=f"{processes * (BYTES_A_PROCESS + people * bytes_each) / 1e9:,.1f}",
        limit=f"{limit_gb():g}",
        most=f"{processes_that_fit(people, bytes_each):,}",
        variable=MEMORY_VARIABLE,
    )


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
