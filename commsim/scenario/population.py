"""What a scenario file says about the population: how many people, in which places, raked to which census counts.

A scenario carries the census counts that it uses, each with its source, so that anybody can check or replace them. How
households look inside (who lives with whom) is a matter of the parameter registry, `population.*`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from commsim.i18n import Text, _
from commsim.memory import BYTES_A_RESIDENT, too_much_memory
from commsim.scenario.fields import Described, Refusal, Words
from commsim.scenario.places import PlaceSpec

MarginUnit: TypeAlias = Literal["persons", "households"]

AGE_BANDS = tuple(range(0, 90, 5))
"""First ages of the census's five-year bands; the last one is open (85 and over)."""

MOST_A_HOUSEHOLD = 10
"""Residents (with collective ones) for each household that is listed, beyond which a slip of the hand is taken for it;
the same reasoning bounds `mean_household_size`."""

MARGIN_SIZES: Mapping[str, int] = {
    "age_sex": 2 * len(AGE_BANDS),
    "collective": 2,
    "registration": 4,
    "education_sex": 12,
    "one_person": 2,
    "elders": 4,
    "tenure": 3,
}
"""The margins that commsim can rake to, and how many categories each has (their order: `commsim.world.margins`)."""


class MarginSpec(Described):
    """Census counts of one question, by census year."""

    id: Annotated[
        Literal["age_sex", "collective", "registration", "education_sex", "one_person", "elders", "tenure"],
        Field(description="Which question. 普查题目。"),
    ]
    unit: Annotated[MarginUnit, Field(description="What is counted. 计数单位：人或户。")]
    base: Annotated[Words, Field(description="Who is counted, in words. 统计范围。")]
    categories: Annotated[
        tuple[Words, ...],
        Field(
            strict=False, description="Names of the answers, in the order of the counts. 各类别名称，顺序与数值一致。"
        ),
    ]
    counts: Annotated[
        Mapping[int, Annotated[tuple[Annotated[float, Field(ge=0)], ...], Field(strict=False)]],
        Field(
            min_length=1, description="Census year: counts in the order of the categories. 普查年份：按类别顺序的数值。"
        ),
    ]
    source: Annotated[
        str, Field(min_length=1, description="Table and edition, or 'assumption'. 来源表格与版本，或写 assumption。")
    ]
    note: Annotated[str, Field(description="What to know when reading it. 说明。")] = ""
    place: Annotated[
        Words | None,
        Field(
            description="Place that was counted; where it is not the scenario's `place`, that is told. Inherited until "
            "all inherited years are replaced. "
            "普查所属地区；与情景的 place 不同时会作提示；继承的年份全部替换后不再继承。"
        ),
    ] = None

    @model_validator(mode="after")
    def _counts_fit(self) -> Self:
        expected = MARGIN_SIZES[self.id]
        if len(self.categories) != expected:
            text = _("margin {id} has {expected} categories; {came} came")
            raise Refusal((("categories",), text.format(id=self.id, expected=expected, came=len(self.categories))))
        for year, counts in self.counts.items():
            if len(counts) != expected:
                text = _("margin {id} has {expected} counts a year; {came} came")
                raise Refusal((("counts", year), text.format(id=self.id, expected=expected, came=len(counts))))
            if sum(counts) <= 0:
                raise Refusal((("counts", year), _("counts were expected; they add up to nothing")))
        return self


class PopulationSpec(Described):
    """Who lives in the scenario's world."""

    residents: Annotated[
        int | None,
        Field(
            ge=100,
            le=30_000_000,
            description="Residents in all, with collective households; left out: households listed × mean size. "
            "常住人口总数（含集体户）；不填则为所列户数×平均户规模。",
        ),
    ] = None
    one_in: Annotated[
        int,
        Field(
            ge=1,
            le=1000,
            description="Take one committee in so many (systematically), and as many residents. "
            "每多少个居委会取一个（等距抽取），人口同比例。",
        ),
    ] = 1
    collective_households: Annotated[
        bool,
        Field(
            description="Whether some live in collective households (集体户); false for a few buildings. "
            "是否有集体户；只有几幢楼时填 false。"
        ),
    ] = True
    older: Annotated[
        float,
        Field(
            description="Lever: times the share of residents aged 60 and over (and of households with elders); the "
            "other ages of each sex shrink in proportion. "
            "杠杆：60岁及以上人口比例（及有老人的家庭户比例）的倍数，其他年龄按比例缩减。"
        ),
    ] = 1.0
    migrants: Annotated[
        float,
        Field(
            description="Lever: times the share of residents registered in another province, in every place. "
            "杠杆：外省户籍人口比例的倍数，各街镇同步变化。"
        ),
    ] = 1.0
    owners: Annotated[
        float,
        Field(
            description="Lever: times the share of family households that own their dwelling. "
            "杠杆：自有住房家庭户比例的倍数。"
        ),
    ] = 1.0
    mean_household_size: Annotated[
        Mapping[int, Annotated[float, Field(ge=1, le=8)]],
        Field(min_length=1, description="Census year: persons per family household. 普查年份：家庭户平均规模。"),
    ]
    mean_household_size_place: Annotated[
        Words | None,
        Field(
            description="Place whose mean size it is; where that is not the scenario's `place`, it is told. Inherited "
            "until all inherited years are replaced. "
            "平均规模所属地区；与情景的 place 不同时会作提示；继承的年份全部替换后不再继承。"
        ),
    ] = None
    places: Annotated[
        tuple[PlaceSpec, ...],
        Field(strict=False, min_length=1, description="Street-level units, in address order. 街镇，按地址顺序。"),
    ]
    margins: Annotated[
        tuple[MarginSpec, ...],
        Field(strict=False, description="Census counts that the population is raked to. 人口所拟合的普查数值。"),
    ]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [name for name in MARGIN_SIZES if name not in {margin.id for margin in self.margins}]
        if missing or len(self.margins) != len(MARGIN_SIZES):
            text = _("each of the margins {names} is needed exactly once; not there: {missing}")
            listed = {"names": ", ".join(MARGIN_SIZES), "missing": ", ".join(missing) or "–"}
            raise Refusal((("margins",), text.format(**listed)))
        committees = [committee.id for place in self.places for committee in place.committee_list]
        for ids in ([place.id for place in self.places], committees):
            twice = sorted({name for name in ids if ids.count(name) > 1})
            if twice:
                raise Refusal((("places",), _("ids must differ; came twice: {ids}").format(ids=", ".join(twice))))
        too_many = too_much_memory(self.people, BYTES_A_RESIDENT)
        if too_many is not None:
            where = ("residents",) if self.residents else ("places",)
            raise Refusal((where, too_many))
        if self.residents is None and not all(place.committee_list for place in self.places):
            text = _("a number of residents is needed, unless every place has a `committee_list`")
            raise Refusal((("residents",), text))
        too_crowded = self._too_crowded()
        if too_crowded is not None:
            raise Refusal((("residents",), too_crowded))
        return self

    def _too_crowded(self) -> Text | None:
        """What to do where residents and listed households give a size of household that no census has."""
        if self.residents is None or self.one_in > 1 or not all(place.committee_list for place in self.places):
            return None
        homes = sum(committee.households for place in self.places for committee in place.committee_list)
        if 1 <= self.residents / homes <= MOST_A_HOUSEHOLD:
            return None
        text = _(
            "{residents} residents came for {homes} listed households; write `residents: null` in your own file (they "
            "then follow from the households), or mend one of the two numbers"
        )
        return text.format(residents=f"{self.residents:,}", homes=f"{homes:,}")

    @property
    def people(self) -> int:
        """About how many residents there will be: those given, or those of the households that are listed."""
        if self.residents is not None:
            return self.residents // self.one_in
        households = sum(committee.households for place in self.places for committee in place.committee_list)
        return int(households * max(self.mean_household_size.values())) // self.one_in

    @property
    def committees(self) -> int:
        """Committees (villages included) before one in `one_in` is taken."""
        return sum(place.size for place in self.places)

    @property
    def villages(self) -> int:
        """Village committees among them."""
        return sum(place.villages for place in self.places)
