"""A comparison made of invented runs with known effects, for tests of the report alone (no model is run)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from commsim.plugin_host.loader import load_catalogue
from commsim.record import RunResult
from commsim.record.people_record import KINDS, PeopleRecord
from commsim.scenario import load_scenario
from commsim.study.chunks import FailedRun
from commsim.study.comparison import Comparison
from commsim.study.design import make_design

RULES = (
    "basic.same_money_services",
    "basic.equal_split",
    "basic.per_capita",
    "basic.needs_weighted",
    "match.linear",
    "seed.provision_point",
    "pb.greedy_votes",
)
EFFECTS = dict(zip(RULES, (0.0, 0.01, 0.012, 0.02, 0.05, 0.03, -0.01), strict=True))
MONTHLY_COUNTS = (
    "active_month new_faces asked acts_meeting acts_vote acts_time acts_money acts_organise issues_raised "
    "public_issues proposals proposals_by_residents awarded started completed failed groups_alive"
).split()


def fake_comparison(
    replicates: int = 4,
    rules: tuple[str, ...] = RULES,
    committees: int = 26,
    months: int = 48,
    failures: int = 0,
    counterfactuals: bool = True,
) -> Comparison:
    """A `Comparison` of the shipped pilot scenario whose runs are drawn, not simulated."""
    scenario = load_scenario("jingan-pilot", overrides=[f"months={months}"])
    design = make_design(
        scenario, list(rules), replicates, "basic.none", 1, load_catalogue(), counterfactuals=counterfactuals
    )
    results = [
        fake_run(scenario, arm, replicate, committees, months) for arm in design.arms for replicate in range(replicates)
    ]
    failed = tuple(FailedRun(rules[0], replicate, "ValueError", "invented") for replicate in range(failures))
    return Comparison(scenario, design.arms, replicates, 1, tuple(results), failed)


def fake_run(scenario: Any, arm: Any, replicate: int, committees: int, months: int) -> RunResult:
    """One invented run: shared luck by replicate, the arm's effect from the fund's first month on."""
    luck = np.random.default_rng(replicate)
    own = np.random.default_rng([replicate, *arm.label.encode()])
    first = max(0, scenario.month_of(scenario.fund_under_comparison.starts or scenario.start))
    residents = luck.integers(2000, 6000, committees)
    grown = np.clip((np.arange(months) - first) / 12, 0, 1)[:, None]
    effect = grown * EFFECTS.get(arm.label, 0.0) + own.normal(0, 0.002, (months, committees))
    share = np.clip(luck.normal(0.2, 0.03, (1, committees)) + effect, 0.02, 0.9)
    funded = (np.arange(months) >= first)[:, None] & np.full((1, committees), arm.rule_id != "basic.none")
    columns = _columns(residents, share, funded, own, months)
    adults = columns["adults"][-1]
    return RunResult(
        rule=arm.label,
        rule_id=arm.rule_id,
        parameters=dict(arm.parameters),
        title=arm.title,
        fund=scenario.fund_under_comparison.id,
        fund_months=slice(first, months),
        seed=1,
        replicate=replicate,
        dates=tuple(scenario.month_date(month) for month in range(months)),
        committee_ids=tuple(f"unit-{place:02d}" for place in range(committees)),
        subdistrict_ids=("north", "south"),
        subdistrict_of_committee=np.arange(committees, dtype=np.int32) % 2,
        columns=columns,
        project_columns=_projects(funded.any(), own, scenario.fund_under_comparison.id),
        posting_columns=_postings(own),
        account_columns=_accounts(),
        hour_rate_yuan=20.0,
        scenario=scenario,
        people=_people(residents, adults, columns["gave_12m"], arm.rule_id != "basic.none"),
    )


def _people(residents: Any, adults: Any, gave: Any, moved: bool) -> PeopleRecord:
    """In each committee as many as the monthly record says, the adults first; some arms reach others by one place."""
    months = tuple(range((len(gave) - 1) % 12, len(gave), 12))
    masks = [
        np.concatenate([np.roll(np.arange(n) < k, int(moved)) for n, k in zip(residents, gave[month], strict=True)])
        for month in months
    ]
    bits = np.stack([np.packbits(mask) for mask in masks])
    is_adult = np.concatenate([np.arange(n) < k for n, k in zip(residents, adults, strict=True)])
    place = np.arange(is_adult.size)
    kinds = {name: (place % len(groups)).astype(np.uint8) for name, groups in KINDS.items()}
    return PeopleRecord(int(is_adult.size), months, bits, bits, np.packbits(is_adult), kinds)


def _columns(residents: Any, share: Any, funded: Any, own: Any, months: int) -> dict[str, Any]:
    shape = share.shape
    people = np.tile(residents, (months, 1)).astype(np.int32)
    adults = (people * 0.85).astype(np.int32)
    columns: dict[str, Any] = {"residents": people, "adults": adults}
    for key, part in (("18_39", 0.35), ("40_59", 0.35), ("60_plus", 0.3)):
        columns[f"adults_{key}"] = (adults * part).astype(np.int32)
        columns[f"active_12m_{key}"] = columns[f"gave_12m_{key}"] = (adults * part * share).astype(np.int32)
    columns["active_12m"] = columns["gave_12m"] = (adults * share).astype(np.int32)
    columns["light_12m"] = columns["gave_month"] = columns["gave_12m"] // 2
    columns["gave_new_faces"] = columns["gave_month"] // 3
    columns |= {name: own.integers(0, 9, shape).astype(np.int32) for name in MONTHLY_COUNTS}
    columns["volunteer_minutes"] = (adults * share * 30).astype(np.int32)
    for name, scale in (("public_fen", 400_000), ("gifts_fen", 60_000), ("partner_fen", 20_000)):
        columns[name] = np.where(funded, own.integers(0, scale, shape), 0).astype(np.int64)
    columns["administration_fen"] = np.where(funded, 20_000, 0).astype(np.int64)
    columns["appropriated_fen"] = np.where(funded, 500_000, 0).astype(np.int64)
    columns["pledged_fen"], columns["refunded_fen"] = columns["gifts_fen"] * 2, columns["gifts_fen"]
    columns["other_public_fen"], columns["staff_minutes"] = columns["public_fen"], np.full(shape, 600, np.int32)
    columns["election_eligible"] = np.where(np.arange(months)[:, None] == months - 6, adults, 0).astype(np.int32)
    columns["election_voters"] = columns["election_eligible"] // 2
    for name in ("trust_committee", "trust_fund", "efficacy", "sense_of_gain", "satisfaction"):
        columns[name] = np.clip(0.5 + share / 4 + own.normal(0, 0.003, shape), 0, 1).astype(np.float32)
    return columns


def _projects(funded: bool, own: Any, fund: str) -> dict[str, Any]:
    stages = ("proposed", "rejected", "running", "completed", "failed")
    number = 60 if funded else 0
    texts = {
        "project": [f"p{place}" for place in range(number)],
        "fund": [fund] * number,
        "committee": ["unit-00"] * number,
        "domain": ["elders"] * number,
        "writer": [("residents", "staff")[place % 2] for place in range(number)],
        "stage": [stages[place] for place in own.integers(0, len(stages), number)],
        "story": ["[]"] * number,
    }
    names = "period ask_fen award_fen paid_fen gifts_fen partner_fen refunded_fen votes proposed settled"
    numbers = {name: np.full(number, 1, np.int64) for name in names.split()}
    return {name: pd.Categorical(values) for name, values in texts.items()} | numbers


def _postings(own: Any) -> dict[str, Any]:
    fen = own.integers(1, 1_000_000, 30).astype(np.int64)
    texts = {"source": ["district"] * 30, "destination": ["projects"] * 30, "purpose": ["award", "gift", "refund"] * 10}
    return {"month": np.arange(30, dtype=np.int32), "fen": fen} | {
        name: pd.Categorical(values) for name, values in texts.items()
    }


def _accounts() -> dict[str, Any]:
    return {
        "month": np.zeros(2, np.int32),
        "account": pd.Categorical(["district", "projects"]),
        "kind": pd.Categorical(["purse", "project"]),
        "opening": np.array([100, 0], np.int64),
        "money_in": np.array([0, 40], np.int64),
        "money_out": np.array([40, 0], np.int64),
        "closing": np.array([60, 40], np.int64),
    }
