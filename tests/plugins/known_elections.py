"""Elections of the literature whose outcomes under several rules are published."""

from __future__ import annotations

from typing import Any

CITY: dict[str, Any] = {
    "budget": 1100,
    "projects": {"bike": 700, "gym": 400, "park": 250, "playground": 200, "library": 100},
    "approvals": [
        *[["bike", "gym"]] * 3,
        *[["bike", "gym", "park"]] * 3,
        ["park", "playground", "library"],
        ["playground"],
        ["playground", "library"],
        ["park", "playground", "library"],
        ["bike"],
    ],
}
"""Worked out at equalshares.net, Example 1."""
PABULIB: dict[str, Any] = {
    "budget": 2500,
    "projects": {"1": 600, "2": 800, "4": 1400, "5": 1000, "7": 1200},
    "approvals": [ballot.split(",") for ballot in "1,2,4 1,2 2,4,5 5,7 1,4,7 1,7 5 4 2,4,5 4,5".split()],
}
"""The sample of Pabulib's format page."""
OVERSPENDING: dict[str, Any] = {
    "budget": 1_000_000,
    "projects": {"A": 300_000, "B": 400_000, "C": 300_000, "D": 240_000, "E": 170_000, "F": 100_000},
    "approvals": [list(ballot) for ballot in "A ABCE ABC ABC ABC ABF DE DE DEF CDF".split()],
}
"""Papasotiropoulos et al. 2024."""
COMMITTEE: dict[str, Any] = {
    "budget": 4,
    "projects": dict.fromkeys("abcdefg", 1),
    "approvals": [list(ballot) for ballot in "ab ab ab ac ac ac ad ad bcf e f g".split()],
}
"""Lackner and Skowron 2023, the running example."""
