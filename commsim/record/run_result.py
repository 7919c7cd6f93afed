"""A run's record with its indicators: their values, and a summary in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from commsim.i18n import Bilingual, current_language
from commsim.record.frames import coded_texts, compact_columns
from commsim.record.people_record import people_record
from commsim.record.run_record import RunRecord
from commsim.record.standard_indicators import standard_indicators

if TYPE_CHECKING:
    import pandas as pd

_TEXT_COLUMNS = frozenset(
    "project fund committee domain writer initiator stage reason carrier source destination purpose account kind "
    "applicant area story".split()
)


@dataclass(frozen=True, eq=False)
class RunResult(RunRecord):
    """The record of one run, which also knows its indicators."""

    @cached_property
    def values(self) -> dict[str, float | None]:
        """Every indicator of a single run by id; None where it is undefined."""
        return {indicator.id: indicator.value(self) for indicator in standard_indicators() if not indicator.paired}

    @property
    def summary(self) -> pd.DataFrame:
        """One row per indicator: indicator, value (NaN where undefined), unit, label, note (why it is undefined).

        Labels and notes are in the current language. Figures that exist only for pairs are not among them.
        """
        import pandas as pd

        language = current_language()
        rows = [
            {
                "indicator": indicator.id,
                "value": np.nan if self.values[indicator.id] is None else self.values[indicator.id],
                "unit": indicator.unit,
                "label": indicator.label.to(language),
                "note": indicator.undefined.to(language) if self.values[indicator.id] is None else "",
            }
            for indicator in standard_indicators()
            if not indicator.paired
        ]
        return pd.DataFrame(rows).astype({"value": np.float64})

    def indicator(self, indicator: str) -> float | None:
        """The value of one indicator by id; None where it is undefined (figures of pairs always are).

        Raises InvalidInput where there is no such indicator.
        """
        return standard_indicators()[indicator].value(self)


def record_run(
    model: Any,
    *,
    rule: str,
    rule_id: str,
    parameters: Mapping[str, Any],
    title: Bilingual,
    seed: int,
    replicate: int,
    rules: Mapping[str, Mapping[str, Any]] | None = None,
    with_kinds: bool = True,
) -> RunResult:
    """The record of a model that has run.

    Arguments: `model` with `monthly`, `projects`, `ledger`, `scenario`, `world` and `skipped_rounds`; `rule`, how the
    arm is called; `rule_id`, `parameters` and `title` of the rule of the fund under comparison; `rules`, what is known
    of the rule of each fund; `with_kinds`, whether what residents are is kept too (`PeopleRecord.kinds`).
    """
    scenario, addresses = model.scenario, model.world.addresses
    committee_ids = tuple(addresses.committee_ids)
    columns = compact_columns(model.monthly)
    months = len(next(iter(columns.values())))
    fund = scenario.fund_under_comparison
    in_force = scenario.fund_months(fund)
    return RunResult(
        rule=rule,
        rule_id=rule_id,
        parameters=dict(parameters),
        title=title,
        fund=fund.id,
        fund_months=slice(in_force.start, in_force.stop),
        seed=seed,
        replicate=replicate,
        dates=tuple(scenario.month_date(month) for month in range(months)),
        committee_ids=committee_ids,
        subdistrict_ids=tuple(addresses.subdistrict_ids),
        subdistrict_of_committee=np.asarray(addresses.subdistrict_of_committee, dtype=np.int32),
        columns=columns,
        project_columns=_coded(model.projects.rows(committee_ids)),
        posting_columns=_coded(model.ledger.postings()),
        account_columns=_coded(model.ledger.accounts()),
        hour_rate_yuan=float(scenario.parameters["money.hour_rate_yuan"]),
        scenario=scenario,
        skipped=tuple(model.skipped_rounds),
        rules=dict(rules or {}),
        people=people_record(model, with_kinds),
    )


def _coded(columns: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: coded_texts(columns[name]) for name in columns if name in _TEXT_COLUMNS}
    numbers = {name: np.asarray(values) for name, values in columns.items() if name not in _TEXT_COLUMNS}
    done = texts | compact_columns(numbers)
    return {name: done[name] for name in columns}
