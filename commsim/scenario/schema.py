"""What a scenario file may say: time, people, money, elections, who writes the bids, and which numbers it changes.

A `Scenario` is frozen and complete: it is everything that a run is given besides its seed's luck and its rules' code.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, field_validator, model_validator

from commsim.i18n import Text, _
from commsim.money import fen
from commsim.scenario.census import needless_empty
from commsim.scenario.fields import NAME_PATTERN, Described, Found, Month, Refusal, Words, refuse
from commsim.scenario.funds import PROJECT_CAPS, FundSpec
from commsim.scenario.levers import impossible
from commsim.scenario.months import MONTHS_A_YEAR, month_number, month_text
from commsim.scenario.population import PopulationSpec
from commsim.scenario.project_kinds import ProjectKindSpec, problems_of_kinds, shipped_kinds
from commsim.scenario.registry import Parameters, load_registry, refused_value, unknown_parameter
from commsim.suggestions import listing

LONGEST_RUN = 600
"""Months that a run may last (fifty years); a guard against slips of the hand, not a property of the district."""
EARLIEST_ELECTION = "2000-01"
"""First month that an election may have; a guard against slips of the hand."""
LARGEST_SEED = 2**63 - 1
MOST_RULE_SECONDS = 30 * 24 * 3600
"""Longest time that one call of a rule may be given: a month."""
COMPARED_BY_DEFAULT = "self_governance"
"""The fund that is compared where a file with several funds names none (plan P-16)."""
Initiators: TypeAlias = Literal["open", "residents", "quota", "help_desk"]
"""Policies of who brings proposals."""
TIE_LAYERS = ("building", "estate", "affinity", "long")
DEFAULT_GENERATOR = "ring_lattice"


def _overrides(value: Any) -> Any:
    """Parameter overrides as they stand in a file, checked against the registry."""
    if not isinstance(value, dict):
        raise Refusal(
            ((), _("a mapping of parameter names to numbers was expected; {value!r} came").format(value=value))
        )
    registry = load_registry()
    found: list[Found] = []
    for name, number in value.items():
        if name not in registry:
            found.append(((name,), unknown_parameter(str(name), tuple(registry))))
            continue
        refused = refused_value(registry[name], number)
        if refused is not None:
            found.append(((name,), refused))
    refuse(found)
    return {name: float(number) for name, number in value.items()}


class NetworkSpec(Described):
    """Which registered generator makes each layer of ties between residents."""

    layers: dict[str, str] = Field(
        default_factory=lambda: dict.fromkeys(TIE_LAYERS, DEFAULT_GENERATOR),
        description="Generator by layer (building, estate, affinity, long). 各层关系的生成方法。",
    )

    @field_validator("layers", mode="after")
    @classmethod
    def _all_layers(cls, layers: dict[str, str]) -> dict[str, str]:
        return dict.fromkeys(TIE_LAYERS, DEFAULT_GENERATOR) | layers


class Scenario(Described):
    """Everything a run is given. `load_scenario` makes it from a file; see `commsim scenarios schema` for the form."""

    name: str = Field(
        pattern=NAME_PATTERN, description="Short name, by default that of the file. 情景名称（默认取文件名）。"
    )
    title: Words = Field(description="Title in both languages. 标题。")
    description: Words | None = Field(default=None, description="What it is for, in both languages. 说明。")
    place: Words | None = Field(
        default=None,
        description="Place that the scenario is about, such as Jing'an District, Shanghai. Inherited through `extends` "
        "unless the file has street-level units of its own; what is borrowed from elsewhere is told. "
        "情景所指的地区；经 extends 继承，自列街镇时不再继承；借用他处的数据会作提示。",
    )
    extends: str | None = Field(
        default=None,
        description="Scenario that this file builds on: a name or a file. Lists of items with ids (places, committees, "
        "margins, funds, project kinds) merge by id; `{id: …, remove: true}` takes an item out, a first item "
        "`remove: all` takes all. "
        "所继承的情景（名称或文件）；各项带编号的列表按编号合并，remove: true 去掉一项，首项 remove: all 去掉全部。",
    )
    start: Month = Field(
        description="First month of the run, YYYY-MM. Before the first census year of its margins and after the "
        "last, the population keeps that census's shares. "
        "起始月份；早于首个或晚于最后一个普查年份时，人口沿用该次普查的比例。"
    )
    months: int = Field(ge=1, le=LONGEST_RUN, description="Months that the run covers. 运行月数。")
    seed: int = Field(default=1, ge=0, le=LARGEST_SEED, description="Root seed of all chance. 随机种子。")
    population: PopulationSpec = Field(description="Who lives where. 人口。")
    funds: tuple[FundSpec, ...] = Field(strict=False, description="The purses, each with its rule. 各项资金。")
    project_kinds: tuple[ProjectKindSpec, ...] = Field(
        default_factory=shipped_kinds,
        strict=False,
        description="Kinds of project; what a file says changes or adds to the shipped kinds by id. "
        "项目类型；文件所列按编号修改或增补内置类型。",
    )
    rule_seconds: float = Field(
        default=120.0,
        gt=0,
        le=MOST_RULE_SECONDS,
        description="Seconds that one call of a rule may take before it counts as failed. 规则每次计算的时限（秒）。",
    )
    elections: tuple[Month, ...] = Field(
        default=(),
        strict=False,
        description="Months of residents' committee elections, from 2000 on; those outside the run are left out. "
        "居委会换届选举月份（2000年起）；运行期之外的不计。",
    )
    initiators: Initiators = Field(
        default="open",
        description="Who brings proposals (plan P-11): open (whoever has reason and hours), residents (only they), "
        "quota (staff, so many for each committee), help_desk (residents, whom staff help to write). "
        "由谁发起项目：open 不限，residents 仅居民，quota 由工作人员按指标申报，"
        "help_desk 居民发起、工作人员帮助撰写。",
    )
    networks: NetworkSpec = Field(default_factory=NetworkSpec, description="How ties are made. 关系网络的生成。")
    parameter_overrides: Annotated[dict[str, float], BeforeValidator(_overrides)] = Field(
        default_factory=dict,
        alias="parameters",
        description="Numbers that differ from the registry, by name. 与参数表不同的数值。",
    )

    @field_validator("funds", mode="after")
    @classmethod
    def _one_compared(cls, funds: tuple[FundSpec, ...]) -> tuple[FundSpec, ...]:
        refuse(_fund_problems(funds))
        if any(fund.under_comparison for fund in funds):
            return funds
        chosen = funds[0].id if len(funds) == 1 else COMPARED_BY_DEFAULT
        return tuple(
            fund.model_copy(update={"under_comparison": True}) if fund.id == chosen else fund for fund in funds
        )

    @field_validator("project_kinds", mode="after")
    @classmethod
    def _every_need_leads_somewhere(cls, kinds: tuple[ProjectKindSpec, ...]) -> tuple[ProjectKindSpec, ...]:
        refuse(problems_of_kinds(kinds))
        return kinds

    @field_validator("elections", mode="after")
    @classmethod
    def _elections_in_order(cls, elections: tuple[str, ...]) -> tuple[str, ...]:
        refuse(_too_early(elections))
        return tuple(sorted(set(elections)))

    @model_validator(mode="after")
    def _funds_meet_the_run(self) -> Self:
        fund = self.fund_under_comparison
        if not self.fund_months(fund):
            text = _(
                "the fund under comparison, {fund}, has no month inside the run ({first} to {last}): nothing could be "
                "compared; set start, months, or the fund's starts and ends"
            ).format(fund=fund.id, first=self.start, last=self.month_date(self.months - 1))
            position = self.funds.index(fund)
            raise Refusal((("funds", position), text))
        return self

    @model_validator(mode="after")
    def _somebody_in_each_category(self) -> Self:
        refuse((*needless_empty(self.population, self.year(0)), *impossible(self.population, self.year(0))))
        return self

    def __repr__(self) -> str:
        """The scenario in a line; `commsim scenarios show` has all of it."""
        return f"<{self.name}: {self._in_short()}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """The same where a notebook shows it."""
        return f"<p><code>{self.name}</code> {escape(str(self._in_short()))}</p>"

    def _in_short(self) -> Text:
        text = _("{title}: {months} months from {start}, {people} residents, funds: {funds}; seed {seed}")
        return text.format(
            title=self.title,
            months=self.months,
            start=self.start,
            people=f"{self.population.people:,}",
            funds=listing(fund.id for fund in self.funds),
            seed=self.seed,
        )

    @property
    def parameters(self) -> Parameters:
        """Every number of the model as this scenario has it: the registry's, but for `parameter_overrides`."""
        return _resolved(tuple(sorted(self.parameter_overrides.items())))

    @property
    def fund_under_comparison(self) -> FundSpec:
        """The fund whose rule `--rule` stands for."""
        return next(fund for fund in self.funds if fund.under_comparison)

    def project_cap_fen(self, fund: FundSpec) -> int:
        """Fen that one project of `fund` may ask for at most: the fund's own word, or the registry's for its level."""
        if fund.project_cap_yuan is not None:
            return fen(fund.project_cap_yuan)
        return fen(self.parameters[PROJECT_CAPS[fund.level]])

    def fund(self, fund_id: str) -> FundSpec:
        """The fund of that id. Raises KeyError."""
        for fund in self.funds:
            if fund.id == fund_id:
                return fund
        raise KeyError(fund_id)

    def project_kind(self, kind_id: str) -> ProjectKindSpec:
        """The kind of project of that id. Raises KeyError."""
        for kind in self.project_kinds:
            if kind.id == kind_id:
                return kind
        raise KeyError(kind_id)

    def month_date(self, month: int) -> str:
        """Month 0, 1, … of the run as "YYYY-MM"."""
        return month_text(month_number(self.start) + month)

    def month_of(self, date: str) -> int:
        """ "YYYY-MM" as a month of the run; negative before it, `months` or more after it."""
        return month_number(date) - month_number(self.start)

    def calendar_month(self, month: int) -> int:
        """The month of the year, 1–12, of month 0, 1, … of the run."""
        return (month_number(self.start) + month) % MONTHS_A_YEAR + 1

    def year(self, month: int) -> int:
        """The calendar year of month 0, 1, … of the run."""
        return (month_number(self.start) + month) // MONTHS_A_YEAR

    def election_months(self) -> tuple[int, ...]:
        """Months of the run in which committees are elected."""
        inside = (self.month_of(date) for date in self.elections)
        return tuple(month for month in inside if 0 <= month < self.months)

    def fund_months(self, fund: FundSpec) -> range:
        """Months of the run in which `fund` exists (from `starts`, up to but not including `ends`)."""
        first = 0 if fund.starts is None else max(0, self.month_of(fund.starts))
        last = self.months if fund.ends is None else min(self.months, self.month_of(fund.ends))
        return range(first, max(first, last))

    def coverage(self, fund: FundSpec, month: int) -> float:
        """Share of committees that `fund` covers in a month of the run, 0–1; 0 while it does not exist."""
        if month not in self.fund_months(fund):
            return 0.0
        if not fund.coverage:
            return 1.0
        begun = [step.share for step in fund.coverage if self.month_of(step.since) <= month]
        return begun[-1] if begun else 0.0


@lru_cache(maxsize=64)
def _resolved(overrides: tuple[tuple[str, float], ...]) -> Parameters:
    return Parameters(load_registry(), dict(overrides))


def _too_early(months: tuple[str, ...]) -> list[Found]:
    """The months before `EARLIEST_ELECTION`, each with its position."""
    text = _("a month from {earliest} on was expected; {month} came, long before any run; correct it or leave it out")
    return [
        ((index,), text.format(earliest=EARLIEST_ELECTION, month=month))
        for index, month in enumerate(months)
        if month < EARLIEST_ELECTION
    ]


def _fund_problems(funds: tuple[FundSpec, ...]) -> list[Found]:
    """Whether ids are unique and it is clear which fund is compared."""
    ids = [fund.id for fund in funds]
    found: list[Found] = []
    for index, fund_id in enumerate(ids):
        if fund_id in ids[:index]:
            found.append(
                ((index, "id"), _("another fund is called {id!r} already; ids must differ").format(id=fund_id))
            )
    compared = [index for index, fund in enumerate(funds) if fund.under_comparison]
    if not funds:
        found.append(((), _("at least one fund was expected; the list is empty")))
    for index in compared[1:]:
        text = _("only one fund can be under comparison; {fund} is already")
        found.append(((index, "under_comparison"), text.format(fund=ids[compared[0]])))
    if not compared and len(funds) > 1 and COMPARED_BY_DEFAULT not in ids:
        text = _("one of the funds {ids} must say `under_comparison: true`").format(ids=listing(ids))
        found.append(((), text))
    return found
