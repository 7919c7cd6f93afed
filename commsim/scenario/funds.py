"""What a scenario says of a fund: how much, for whom, when, and the rule that hands it out (plan P-15 to P-19, P-37).

The rule stays a bare `{id, params, modifiers}` here; the plugin catalogue checks it, because a scenario does not
import plugins.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from commsim.i18n import _
from commsim.money import fen
from commsim.scenario.fields import RULE_PATTERN, Described, Found, Id, Month, Refusal, Words, Yuan, refuse
from commsim.scenario.months import MONTHS_A_YEAR, month_number

Unit: TypeAlias = Literal["building", "committee", "subdistrict", "district"]
UNITS: tuple[Unit, ...] = ("building", "committee", "subdistrict", "district")
"""From the smallest unit to the largest; a round is decided by a unit at least as large as the projects' own."""

LEAST_GRANT_YUAN = 100
"""Least typical grant that bids may go by: below it asks round to nothing, and a share of nothing is no number."""

PROJECT_CAPS: Mapping[str, str] = {"committee": "bidding.project_cap_yuan", "building": "bidding.building_cap_yuan"}
"""Parameter that caps a project of each level where the fund says nothing."""

RuleId: TypeAlias = Annotated[str, Field(pattern=RULE_PATTERN)]


def _rule_mapping(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


def _modifier_mapping(value: Any) -> Any:
    """`cap` and `{cap: {share: 0.1}}` in full; an id without a vendor is one of commsim's own modifiers."""
    if isinstance(value, str):
        value = {"id": value}
    elif isinstance(value, dict) and len(value) == 1 and "id" not in value:
        name, params = next(iter(value.items()))
        value = {"id": name, "params": params or {}}
    if isinstance(value, dict) and isinstance(value.get("id"), str) and "." not in value["id"]:
        value = {**value, "id": f"modifier.{value['id']}"}
    return value


class ModifierSpec(Described):
    """A modifier laid over a rule."""

    id: RuleId = Field(description="Id of the modifier. 修饰规则的编号。")
    params: dict[str, Any] = Field(default_factory=dict, description="Its parameters. 参数。")


class RuleSpec(Described):
    """Which rule hands out a fund, with its parameters. A plain id stands for the rule with its defaults."""

    id: RuleId = Field(description="Id of the rule, as `commsim rules list` shows it. 规则编号。")
    params: dict[str, Any] = Field(default_factory=dict, description="Parameters of the rule. 规则参数。")
    modifiers: tuple[Annotated[ModifierSpec, BeforeValidator(_modifier_mapping)], ...] = Field(
        default=(), strict=False, description="Modifiers laid over the rule, in order. 依次叠加的修饰规则。"
    )


Rule: TypeAlias = Annotated[
    RuleSpec,
    BeforeValidator(_rule_mapping, json_schema_input_type=str | RuleSpec),
]

CalendarMonth: TypeAlias = Annotated[int, Field(ge=1, le=MONTHS_A_YEAR)]


class FundCalendar(Described):
    """The yearly cycle of a fund by month of the year (district.md A7: wishes in January, bids in spring, review at
    year's end)."""

    wishes: CalendarMonth = Field(default=1, description="Wishes are collected. 征集需求的月份。")
    bids: CalendarMonth = Field(default=3, description="Bids are written. 撰写申请的月份。")
    opens: CalendarMonth = Field(default=4, description="The round opens and its terms are told. 开放一轮申报的月份。")
    settles: CalendarMonth = Field(default=6, description="The rule settles the round. 评审决定的月份。")
    review: CalendarMonth = Field(default=MONTHS_A_YEAR, description="Projects are reviewed. 年终评议的月份。")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        order = (self.wishes, self.bids, self.opens, self.settles, self.review)
        if sorted(order) != list(order) or self.opens == self.settles:
            text = _("the year must run wishes ≤ bids ≤ opens < settles ≤ review; {order} came").format(
                order=" ".join(f"{name}: {getattr(self, name)}" for name in type(self).model_fields)
            )
            raise Refusal(((), text))
        return self


class CoverageStep(Described):
    """From a month on, the share of committees that a fund covers."""

    since: Month = Field(alias="from", description="First month of this share. 起始月份。")
    share: float = Field(
        ge=0, le=1, description="Share of committees, chosen by lot; who is in stays in. 覆盖的居委会比例（抽签确定）。"
    )


class FundSpec(Described):
    """A purse: its yearly budget, whom it covers and from when, its calendar and its rule."""

    id: Id = Field(description="Short name, also of its ledger account. 资金编号。")
    name: Words = Field(description="Name in both languages. 名称。")
    under_comparison: bool = Field(
        default=False, description="Whether `--rule` stands for the rule of this fund. 是否为比较规则的对象。"
    )
    level: Literal["committee", "building"] = Field(
        default="committee", description="Whose projects it pays. 资助哪一级的项目。"
    )
    pool: Unit | None = Field(
        default=None, description="The unit that decides a round; default: the level. 由哪一级统筹评审。"
    )
    rule: Rule = Field(description="How it is handed out: a rule's id, or {id, params, modifiers}. 分配规则。")
    budget_per_committee_yuan: Yuan | None = Field(
        default=None, description="Yuan a year for each covered committee. 每个居委会每年预算（元）。"
    )
    budget_total_yuan: Yuan | None = Field(
        default=None, description="Yuan a year in all, instead of per committee. 每年总预算（元）。"
    )
    starts: Month | None = Field(
        default=None, description="First month of the fund, inclusive; default: the run's first. 起始月份（含）。"
    )
    ends: Month | None = Field(
        default=None, description="First month without the fund (exclusive); default: the run's end. 终止月份（不含）。"
    )
    coverage: tuple[CoverageStep, ...] = Field(
        default=(), strict=False, description="Roll-out: pilots first; default: all committees. 推广进度。"
    )
    calendar: FundCalendar = Field(default=FundCalendar(), description="Months of the yearly cycle. 年度周期。")
    fiscal: bool = Field(default=True, description="Unspent money lapses on 31 December. 年底未用完是否收回。")
    within_area: Literal["submitted_at", "votes", "ask", "readiness", "id"] = Field(
        default="submitted_at", description="Order in which projects of one area are paid. 同一区域内项目的先后次序。"
    )
    grant_typical_yuan: Yuan | None = Field(
        default=None, description="Typical grant in yuan that bids go by; default: registry. 典型项目金额（元）。"
    )
    project_cap_yuan: Yuan | None = Field(
        default=None,
        description="Most yuan that one project may ask for; default: registry, by level. "
        "单个项目最高申请金额（元）；不填则按参数表中该层级的数值。",
    )
    on_rule_failure: Literal["abort", "skip_round"] = Field(
        default="abort", description="What a failing rule leads to: the run ends, or the round is skipped. 规则出错时。"
    )
    source: str = Field(default="assumption", description="Where the figures come from. 数据来源。")

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        refuse((*_budget_problems(self), *_date_problems(self), *_grant_problems(self), *_pool_problems(self)))
        return self

    @property
    def deciding_unit(self) -> Unit:
        """The unit that decides a round: `pool`, or the level where no pool is given."""
        return self.pool or self.level

    @property
    def budget_per_committee_fen(self) -> int | None:
        """Yearly budget of a covered committee in fen; None where the file gives a total."""
        return None if self.budget_per_committee_yuan is None else fen(self.budget_per_committee_yuan)

    @property
    def budget_total_fen(self) -> int | None:
        """Yearly budget in all in fen; None where the file gives a budget per committee."""
        return None if self.budget_total_yuan is None else fen(self.budget_total_yuan)

    @property
    def grant_typical_fen(self) -> int | None:
        """Typical grant in fen; None leaves it to the registry."""
        return None if self.grant_typical_yuan is None else fen(self.grant_typical_yuan)

    def yearly_budget_fen(self, committees: int) -> int:
        """Fen appropriated a year when `committees` are covered. A total stays the same however many there are."""
        if self.budget_total_fen is not None:
            return self.budget_total_fen if committees else 0
        return (self.budget_per_committee_fen or 0) * committees


def _budget_problems(fund: FundSpec) -> list[Found]:
    given = [fund.budget_per_committee_yuan, fund.budget_total_yuan]
    if sum(budget is not None for budget in given) == 1:
        return []
    text = _("exactly one of budget_per_committee_yuan and budget_total_yuan was expected; {n} came")
    return [((), text.format(n=sum(budget is not None for budget in given)))]


def _grant_problems(fund: FundSpec) -> list[Found]:
    typical = _("a typical grant of at least {least} yuan was expected; {value} came. Leave it out for the registry's")
    cap = _("a cap on a project of at least {least} yuan was expected; {value} came. Leave it out for the registry's")
    return [
        ((name,), text.format(least=LEAST_GRANT_YUAN, value=value))
        for name, value, text in (
            ("grant_typical_yuan", fund.grant_typical_yuan, typical),
            ("project_cap_yuan", fund.project_cap_yuan, cap),
        )
        if value is not None and value < LEAST_GRANT_YUAN
    ]


def _date_problems(fund: FundSpec) -> list[Found]:
    found: list[Found] = []
    if fund.starts and fund.ends and month_number(fund.ends) <= month_number(fund.starts):
        text = _("ends (exclusive) must come after starts {starts}; {ends} came")
        found.append((("ends",), text.format(starts=fund.starts, ends=fund.ends)))
    earliest = fund.starts
    for index, step in enumerate(fund.coverage):
        if earliest and (step.since < earliest or (index and step.since == earliest)):
            text = _(
                "the steps of coverage must follow one another and not begin before the fund; "
                "{month} came after {earliest}"
            )
            found.append((("coverage", index, "from"), text.format(month=step.since, earliest=earliest)))
        earliest = step.since
    return found


def _pool_problems(fund: FundSpec) -> list[Found]:
    if UNITS.index(fund.deciding_unit) >= UNITS.index(fund.level):
        return []
    text = _("the pool must be as large as the level {level!r} or larger; {pool!r} came")
    return [(("pool",), text.format(level=fund.level, pool=fund.deciding_unit))]
