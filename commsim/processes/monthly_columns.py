"""The columns of the monthly record, in their order: what the recording step measures in every committee and month.

They are declared, so that who reads a record knows its columns before the first month has passed. All are sums over a
committee (residents, acts, minutes, fen, projects) but those of `MEANS`, which are means over its adults.
"""

from __future__ import annotations

from commsim.behaviour.acts import Act, Channel, Rung
from commsim.world.ages import BANDS

RUNGS = (Rung.AWARE, Rung.TOOK_PART, Rung.GAVE, Rung.ORGANISED)
"""The rungs of participation that are counted."""
CATEGORIES: dict[str, tuple[str, ...]] = {
    "channel": tuple(channel.name.lower() for channel in Channel),
    "age": tuple(BANDS),
    "sex": ("men", "women"),
    "registration": ("registered_here", "registered_elsewhere"),
    "tenure": ("owners", "tenants"),
    "first": ("first_time", "again"),
}
"""By what acts are told apart: through whom people were asked, who they are, and whether it is a first act."""
MEANS = ("trust_committee", "trust_fund", "efficacy", "sense_of_gain", "satisfaction")
"""Columns of residents whose mean over adults is recorded, 0–1."""

_PEOPLE = (
    *("residents", "adults", "active_12m", "meets_neighbours"),
    *(f"{measure}_{band}" for band in BANDS for measure in ("adults", "active_12m")),
    *("active_month", "new_faces", "gave_12m", "light_12m"),
    *(f"gave_12m_{band}" for band in BANDS),
    *(f"rung_{rung.name.lower()}" for rung in RUNGS),
    *("election_voters", "election_eligible"),
)
_ACTS = (
    *(
        f"acts_{kind.name.lower()}{category}"
        for kind in Act
        for category in ("", *(f"_{category}" for categories in CATEGORIES.values() for category in categories))
    ),
    *(f"gave_first_{channel.name.lower()}" for channel in Channel),
    *("gave_month", "gave_new_faces", "volunteer_minutes", "asked"),
    *(f"asked_{channel}" for channel in CATEGORIES["channel"]),
)
_MONEY = (
    *("pledged_fen", "public_fen", "appropriated_fen", "gifts_fen", "refunded_fen", "partner_fen"),
    *("other_public_fen", "other_gifts_fen", "administration_fen", "staff_minutes"),
)
_PROJECTS = (
    *("proposals", "proposals_by_residents", "awarded", "started", "completed", "failed"),
    *("issues_raised", "public_issues", "groups_alive"),
)

MONTHLY_COLUMNS: tuple[str, ...] = (*_PEOPLE, *_ACTS, *_MONEY, *_PROJECTS, *MEANS)
"""Every column of the record; money in fen, time in minutes."""
