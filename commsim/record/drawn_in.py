"""Whom a rule drew in and whom it displaced: resident by resident against the paired run on the same residents.

Finite askers who turn to one neighbour leave another, so what counts is the difference of both (`net_drawn_in`), which
is also the difference in the number of adults who gave or started something.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commsim.record.people_record import PeopleRecord
from commsim.record.run_record import RunRecord

MONTHS_OF_A_WINDOW = 12
Mask = NDArray[np.bool_]


def drawn_in(run: RunRecord, baseline: RunRecord) -> float | None:
    """Adults who gave or started something in the last twelve months, and did not in the paired run; None unknown."""
    both = _last_year(run, baseline)
    return None if both is None else float(np.count_nonzero(both[0] & ~both[1]))


def displaced(run: RunRecord, baseline: RunRecord) -> float | None:
    """The reverse: adults who did so in the paired run alone; None unknown."""
    both = _last_year(run, baseline)
    return None if both is None else float(np.count_nonzero(both[1] & ~both[0]))


def net_drawn_in(run: RunRecord, baseline: RunRecord) -> float:
    """`drawn_in` − `displaced`, from the counts: it is known of every record, whether or not residents were kept."""
    return run.at_end("gave_12m") - baseline.at_end("gave_12m")


def retention_parts(run: RunRecord, baseline: RunRecord) -> tuple[float, float]:
    """Of those drawn in in the year before the last: how many more of them than in the paired run gave or started
    something in the last year, and how many they are (0 without two whole years)."""
    if not _comparable(run.people, baseline.people) or not _two_years(run.people):
        return 0.0, 0.0
    assert run.people is not None and baseline.people is not None
    new = run.people.gave_in(-2) & ~baseline.people.gave_in(-2)
    again, anyway = (np.count_nonzero(new & people.gave_in(-1)) for people in (run.people, baseline.people))
    return float(again - anyway), float(np.count_nonzero(new))


def _last_year(run: RunRecord, baseline: RunRecord) -> tuple[Mask, Mask] | None:
    if not _comparable(run.people, baseline.people):
        return None
    assert run.people is not None and baseline.people is not None
    return run.people.gave_in(-1), baseline.people.gave_in(-1)


def _comparable(people: PeopleRecord | None, others: PeopleRecord | None) -> bool:
    return people is not None and others is not None and people.months == others.months and bool(people.months)


def _two_years(people: PeopleRecord | None) -> bool:
    """Whether the window before the last holds twelve months: a run's first one may hold fewer."""
    return people is not None and len(people.months) > 1 and people.months[-2] >= MONTHS_OF_A_WINDOW - 1
