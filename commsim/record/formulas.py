"""The arithmetic behind the shipped indicators: what is added, divided and averaged over which months and people."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from commsim.agents.hours import MINUTES_PER_HOUR
from commsim.money import FEN_PER_YUAN
from commsim.record.drawn_in import net_drawn_in
from commsim.record.run_record import RunRecord


def ratio(numerator: float, denominator: float) -> float | None:
    """`numerator` ÷ `denominator`, or None where the denominator is not above zero (never infinite)."""
    return numerator / denominator if denominator > 0 else None


def hours(run: RunRecord) -> float:
    """Volunteers' hours since the fund's first month."""
    return run.total("volunteer_minutes") / MINUTES_PER_HOUR


def public_cash(run: RunRecord) -> float:
    """Yuan that the fund under comparison paid to projects or services."""
    return run.total("public_fen") / FEN_PER_YUAN


def fund_used(run: RunRecord) -> float | None:
    """Public cash of the fund under comparison ÷ what was appropriated to it, both over its months; None without."""
    if "appropriated_fen" not in run.columns:
        return None  # records made before the column existed
    paid, given = (
        run.columns[name][run.fund_months].sum(dtype=np.int64) for name in ("public_fen", "appropriated_fen")
    )
    return ratio(float(paid), float(given))


def administration(run: RunRecord) -> float:
    """Staff time on fund work at its cost, in yuan."""
    return run.total("administration_fen") / FEN_PER_YUAN


def private_cash(run: RunRecord) -> float:
    """Yuan that residents and local units gave to projects."""
    return (run.total("gifts_fen") + run.total("partner_fen")) / FEN_PER_YUAN


def private_resources(run: RunRecord) -> float:
    """Yuan of residents' and local units' cash and of volunteers' hours at the registry's hourly rate."""
    return private_cash(run) + hours(run) * run.hour_rate_yuan


def net_leverage_parts(run: RunRecord, baseline: RunRecord) -> tuple[float, float]:
    """(non-public resources − the baseline's, public cash − the baseline's), in yuan (district.md, table E)."""
    return private_resources(run) - private_resources(baseline), public_cash(run) - public_cash(baseline)


def net_cash_leverage_parts(run: RunRecord, baseline: RunRecord) -> tuple[float, float]:
    """As `net_leverage_parts`, counting cash alone."""
    return private_cash(run) - private_cash(baseline), public_cash(run) - public_cash(baseline)


def added_participant_parts(run: RunRecord, baseline: RunRecord) -> tuple[float, float]:
    """(public cash and administration − the baseline's, in yuan; residents drawn in, net of those displaced)."""
    cost = public_cash(run) + administration(run) - public_cash(baseline) - administration(baseline)
    return cost, net_drawn_in(run, baseline)


def asks_met(run: RunRecord) -> float | None:
    """Awarded ÷ asked of the fund under comparison, over proposals whose round was settled; None where none was."""
    columns = run.project_columns
    settled = np.asarray(columns["fund"] == run.fund) & (np.asarray(columns["settled"]) >= 0)
    awarded, asked = (float(np.asarray(columns[name])[settled].sum()) for name in ("award_fen", "ask_fen"))
    return ratio(awarded, asked)


def people_per_project(run: RunRecord) -> float | None:
    """People who gave hours to completed projects of the fund, each once a project, ÷ these projects; None without any.

    Records whose projects do not say who worked on them (`workers`) count all people who gave hours, once a month.
    """
    columns = run.project_columns
    done = np.asarray(columns["fund"] == run.fund) & np.asarray(columns["stage"] == "completed")
    if "workers" not in columns:
        return ratio(run.total("acts_time"), float(done.sum()))
    return ratio(float(np.asarray(columns["workers"])[done].sum()), float(done.sum()))


def committee_shares(run: RunRecord) -> NDArray[np.float64]:
    """Those who gave or started something in 12 months as a share of adults by committee, at the end, (committees,)."""
    adults = run.columns["adults"][-1]
    share: NDArray[np.float64] = run.columns["gave_12m"][-1] / np.maximum(adults, 1)
    return share


def committee_money(run: RunRecord) -> NDArray[np.float64]:
    """Yuan of public cash per resident by committee since the fund's first month, shape (committees,)."""
    paid = run.columns["public_fen"][run.window].sum(axis=0) / FEN_PER_YUAN
    money: NDArray[np.float64] = paid / np.maximum(run.columns["residents"][run.window].mean(axis=0), 1)
    return money


def _divided(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    quotient: NDArray[np.float64] = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return quotient


def monthly_share(numerator: str, denominator: str) -> Callable[[RunRecord], NDArray[np.float64]]:
    """By month: the district's total of one column ÷ the total of another, NaN where that is zero."""

    def by_month(run: RunRecord) -> NDArray[np.float64]:
        whole = run.columns[denominator].sum(axis=1, dtype=np.float64)
        part = run.columns[numerator].sum(axis=1, dtype=np.float64)
        return _divided(part, whole)

    return by_month


def monthly_sum(divisor: float, *columns: str) -> Callable[[RunRecord], NDArray[np.float64]]:
    """By month: the district's total of some columns ÷ `divisor`."""

    def by_month(run: RunRecord) -> NDArray[np.float64]:
        flow: NDArray[np.float64] = np.sum([run.columns[name].sum(axis=1, dtype=np.int64) for name in columns], axis=0)
        return flow / divisor

    return by_month


def mean_of_months(series: Callable[[RunRecord], NDArray[np.float64]]) -> Callable[[RunRecord], float | None]:
    """The mean of a monthly series over the months of the fund under comparison; None without any."""

    def mean(run: RunRecord) -> float | None:
        months = series(run)[run.fund_months]
        return float(months.mean()) if months.size else None

    return mean


def mean_level(column: str) -> tuple[Callable[[RunRecord], float | None], Callable[[RunRecord], NDArray[np.float64]]]:
    """Of a column of means over adults: the district's mean in the last month, and by month."""

    def by_month(run: RunRecord) -> NDArray[np.float64]:
        adults = run.columns["adults"].astype(np.float64)
        whole = adults.sum(axis=1)
        part = (run.columns[column] * adults).sum(axis=1)
        return _divided(part, whole)

    return lambda run: float(by_month(run)[-1]), by_month
