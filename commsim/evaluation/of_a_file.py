"""Trying a rule on a real election, as `commsim pb` allocates it."""

from __future__ import annotations

import warnings
from pathlib import Path

from commsim.contracts import Rule
from commsim.natural_order import natural_key


def winners_in(path: Path, rule: Rule) -> list[str]:
    """Ids of the winners under `rule` in a `.pb` file, in natural order, with the file's caps of groups over it.

    Whatever else the file says of who wins and `rule` does not follow is told as a UserWarning. Raises InvalidInput for
    a file that cannot be read, and for a rule that decides by what it does not hold.
    """
    from commsim.elections.election import winners_of
    from commsim.elections.pabulib import read_pb
    from commsim.elections.replay import check_needs, not_applied, settle, threshold_left, with_caps

    election = read_pb(path)
    check_needs(election, rule)
    for text in (*threshold_left(election, rule), *not_applied(election, rule)):
        warnings.warn(f"{path}: {text}", stacklevel=3)
    return sorted(winners_of(election, settle(election, with_caps(election, rule))), key=natural_key)
