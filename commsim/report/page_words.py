"""What the page of a comparison says of its measures: what an act is, and the level without a rule, new and old."""

from __future__ import annotations

from commsim.i18n import _

ACTS = _(
    "An act, on this page, is an act of giving or starting: hours given; money that stayed with a project (a pledge "
    "that is refunded is none); a project or group that was started. Ballots in the fund and meetings are light acts "
    "and are counted apart. “Drawn in” are adults with such an act in the last 12 months who have none in the paired "
    "run on the same residents and luck; “displaced” is the reverse; effects, costs and rankings go by the difference, "
    "“net drawn in”."
)
LEVELS = _(
    "Under “{baseline}” {new}% of adults gave or started something in the last 12 months; by the old measure, any act "
    "at all, ballots included, it was {old}%."
)
