"""What a scenario file says of places: street-level units with their residents, origins, jobs and committees."""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from commsim.i18n import _
from commsim.scenario.fields import PLACE_ID_PATTERN, Described, NeedItem, Refusal, Words

EstateKind: TypeAlias = Literal["lanes", "former_public", "commercial"]
LeaderKind: TypeAlias = Literal["none", "ordinary", "established"]


class CommitteeSpec(Described):
    """One residents' committee that the scenario lays out by hand."""

    id: Annotated[str, Field(pattern=PLACE_ID_PATTERN, description="Stable id, such as xinfukangli. 固定编号。")]
    name: Annotated[Words, Field(description="Name in both languages. 中英文名称。")]
    households: Annotated[int, Field(ge=1, le=20_000, description="Family households. 家庭户数。")]
    estate_type: Annotated[
        EstateKind | None,
        Field(
            description="Type of all its estates (小区); left out: drawn as in the district. "
            "小区类型；不填则按全区抽取。"
        ),
    ] = None
    buildings: Annotated[
        int | None,
        Field(
            ge=1,
            description="Building groups (楼组); left out: by the registry's usual size. "
            "楼组数；不填则按参数表的通常规模。",
        ),
    ] = None
    leader: Annotated[
        LeaderKind | None,
        Field(
            description="Its building-group leaders (楼组长); left out: drawn by registry shares. "
            "楼组长；不填则按参数表比例抽取。"
        ),
    ] = None

    @model_validator(mode="after")
    def _a_building_holds_somebody(self) -> Self:
        if self.buildings is not None and self.buildings > self.households:
            text = _("{buildings} building groups came for {households} households: none may be empty")
            raise Refusal((("buildings",), text.format(buildings=self.buildings, households=self.households)))
        return self


class PlaceSpec(Described):
    """A street-level unit: a subdistrict (街道) or a town (镇), with its committees counted or listed."""

    id: Annotated[
        str,
        Field(
            pattern=PLACE_ID_PATTERN,
            description="Stable id; committees are named after it. 固定编号，居委会编号由此生成。",
        ),
    ]
    name: Annotated[Words, Field(description="Name in both languages. 中英文名称。")]
    kind: Annotated[Literal["subdistrict", "town"], Field(description="Subdistrict or town. 街道或镇。")] = (
        "subdistrict"
    )
    former_district: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9][a-z0-9_-]*$",
            description="District it belonged to before a merger, such as jingan or zhabei (2015); left out or "
            "another: estates are drawn by the mean of these two, and no gap at the start is assumed. "
            "合并前所属的区，如 jingan 或 zhabei（2015年撤二建一）；"
            "不填或为其他区：小区类型按两者平均抽取，不设起点差距。",
        ),
    ] = None
    residents_weight: Annotated[
        float,
        Field(
            gt=0,
            description="Relative size in residents; only ratios between places count. "
            "相对人口规模，只看各街镇之间的比例。",
        ),
    ] = 1.0
    migrant_share: Annotated[
        float | None,
        Field(
            gt=0,
            lt=1,
            description="Share of its residents who are registered in another province, against the other places' "
            "(the census margin keeps the district's total); left out: as in the district. "
            "常住人口中外省户籍的比例，各街镇之间相对而言（全区总数以普查为准）；不填则与全区相同。",
        ),
    ] = None
    registered_share: Annotated[
        float | None,
        Field(
            gt=0,
            le=10,
            description="People registered there ÷ residents, above 1 where many registered have left; the higher, the "
            "more of its Shanghai-registered residents are registered where they live. Left out: as in the district. "
            "户籍人口÷常住人口，人户分离多的地方大于1；越高则本市户籍居民中人户一致者越多。不填则与全区相同。",
        ),
    ] = None
    jobs: Annotated[
        float | None,
        Field(
            ge=0,
            description="Persons employed there: what local units can bring goes by jobs per committee; left out: as "
            "the mean of the district. "
            "从业人员数：驻区单位可提供的资源按每个居委会的从业人员数计；不填则按全区平均。",
        ),
    ] = None
    committees: Annotated[
        int, Field(ge=0, le=500, description="Residents' committees (居委会), sizes drawn. 居委会数量，规模抽取。")
    ] = 0
    villages: Annotated[
        int, Field(ge=0, le=50, description="Village committees (村委会) besides these. 此外的村委会数量。")
    ] = 0
    committee_list: Annotated[
        tuple[CommitteeSpec, ...],
        Field(
            strict=False,
            description="Committees laid out by hand, instead of `committees`. 逐个列出的居委会，代替 committees。",
        ),
    ] = ()
    first_wish: Annotated[
        NeedItem | None,
        Field(description="Need item that its residents named first, if one stands out. 居民首要需求，可不填。"),
    ] = None
    source: Annotated[
        str, Field(description="Where size and counts come from, or 'assumption'. 规模与数量的来源，或写 assumption。")
    ] = "assumption"

    @model_validator(mode="after")
    def _counted_or_listed(self) -> Self:
        if bool(self.committee_list) == bool(self.committees + self.villages):
            raise Refusal(
                ((), _("a place needs either `committees` (a number above 0) or a `committee_list`, not both"))
            )
        return self

    @property
    def size(self) -> int:
        """Number of committees, villages included."""
        return len(self.committee_list) or self.committees + self.villages
