"""What a scenario file says about the population: how many people, in which places, raked to which census counts.

A scenario carries the census counts that it uses, each with its source, so that anybody can check or replace them. How
households look inside (who lives with whom) is a matter of the parameter registry, `population.*`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from commsim.i18n import Bilingual

EstateKind: TypeAlias = Literal["lanes", "former_public", "commercial"]
LeaderKind: TypeAlias = Literal["none", "ordinary", "established"]
MarginUnit: TypeAlias = Literal["persons", "households"]

AGE_BANDS = tuple(range(0, 90, 5))
"""First ages of the census's five-year bands; the last one is open (85 and over)."""

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


class _Spec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Spec):
    """A name in both languages."""

    en: Annotated[str, Field(min_length=1, description="In English")]
    zh: Annotated[str, Field(min_length=1, description="In Chinese (中文)")]

    @property
    def text(self) -> Bilingual:
        """The name as a text that is shown in the reader's language."""
        return Bilingual(en=self.en, zh=self.zh)


class CommitteeSpec(_Spec):
    """One residents' committee that the scenario lays out by hand."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="Stable id, such as xinfukangli")]
    name: Annotated[Words, Field(description="Name in both languages")]
    households: Annotated[int, Field(ge=1, le=20_000, description="Family households")]
    estate_type: Annotated[
        EstateKind | None, Field(description="Type of all its estates (小区); left out: drawn as in the district")
    ] = None
    buildings: Annotated[
        int | None, Field(ge=1, description="Building groups (楼组); left out: by the registry's usual size")
    ] = None
    leader: Annotated[
        LeaderKind | None,
        Field(description="Its building-group leaders (楼组长); left out: drawn by registry shares"),
    ] = None

    @model_validator(mode="after")
    def _a_building_holds_somebody(self) -> Self:
        if self.buildings is not None and self.buildings > self.households:
            raise ValueError(f"{self.buildings} building groups for {self.households} households: none may be empty")
        return self


class PlaceSpec(_Spec):
    """A street-level unit: a subdistrict (街道) or a town (镇), with its committees counted or listed."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="Stable id; committees are named after it")]
    name: Annotated[Words, Field(description="Name in both languages")]
    kind: Annotated[Literal["subdistrict", "town"], Field(description="Subdistrict or town")] = "subdistrict"
    former_district: Annotated[
        Literal["jingan", "zhabei"], Field(description="District it belonged to before the merger of 2015")
    ]
    residents_weight: Annotated[
        float, Field(gt=0, description="Relative size in residents; only ratios between places count")
    ] = 1.0
    committees: Annotated[int, Field(ge=0, le=500, description="Residents' committees (居委会), sizes drawn")] = 0
    villages: Annotated[int, Field(ge=0, le=50, description="Village committees (村委会) besides these")] = 0
    committee_list: Annotated[
        tuple[CommitteeSpec, ...], Field(description="Committees laid out by hand, instead of `committees`")
    ] = ()
    source: Annotated[str, Field(description="Where size and counts come from, or 'assumption'")] = "assumption"

    @model_validator(mode="after")
    def _counted_or_listed(self) -> Self:
        if bool(self.committee_list) == bool(self.committees + self.villages):
            raise ValueError("a place has either `committees` (a number) or a `committee_list`, and not none")
        return self

    @property
    def size(self) -> int:
        """Number of committees, villages included."""
        return len(self.committee_list) or self.committees + self.villages


class MarginSpec(_Spec):
    """Census counts of one question, by census year."""

    id: Annotated[
        Literal["age_sex", "collective", "registration", "education_sex", "one_person", "elders", "tenure"],
        Field(description="Which question"),
    ]
    unit: Annotated[MarginUnit, Field(description="What is counted")]
    base: Annotated[Words, Field(description="Who is counted, in words")]
    categories: Annotated[tuple[Words, ...], Field(description="Names of the answers, in the order of the counts")]
    counts: Annotated[
        Mapping[int, tuple[Annotated[float, Field(ge=0)], ...]],
        Field(min_length=1, description="Census year: counts in the order of the categories"),
    ]
    source: Annotated[str, Field(min_length=1, description="Table and edition, or 'assumption'")]
    note: Annotated[str, Field(description="What to know when reading it")] = ""

    @model_validator(mode="after")
    def _counts_fit(self) -> Self:
        expected = MARGIN_SIZES[self.id]
        if len(self.categories) != expected:
            raise ValueError(f"margin {self.id} has {expected} categories; {len(self.categories)} came")
        for year, counts in self.counts.items():
            if len(counts) != expected:
                raise ValueError(f"margin {self.id}, {year}: {expected} counts are expected; {len(counts)} came")
            if sum(counts) <= 0:
                raise ValueError(f"margin {self.id}, {year}: the counts add up to nothing")
        return self


class PopulationSpec(_Spec):
    """Who lives in the scenario's world."""

    residents: Annotated[
        int | None,
        Field(
            ge=100,
            le=30_000_000,
            description="Residents in all, with collective households; left out: households listed × mean size",
        ),
    ] = None
    one_in: Annotated[
        int, Field(ge=1, le=1000, description="Take one committee in so many (systematically), and as many residents")
    ] = 1
    collective_households: Annotated[
        bool, Field(description="Whether some live in collective households (集体户); false for a few buildings")
    ] = True
    mean_household_size: Annotated[
        Mapping[int, Annotated[float, Field(ge=1, le=8)]],
        Field(min_length=1, description="Census year: persons per family household"),
    ]
    places: Annotated[tuple[PlaceSpec, ...], Field(min_length=1, description="Street-level units, in address order")]
    margins: Annotated[tuple[MarginSpec, ...], Field(description="Census counts that the population is raked to")]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [name for name in MARGIN_SIZES if name not in {margin.id for margin in self.margins}]
        if missing or len(self.margins) != len(MARGIN_SIZES):
            raise ValueError(f"each of the margins {', '.join(MARGIN_SIZES)} is needed once; missing: {missing}")
        ids = [place.id for place in self.places]
        listed = [committee.id for place in self.places for committee in place.committee_list]
        for name in (ids, listed):
            if len(set(name)) < len(name):
                raise ValueError(f"ids must differ: {sorted({i for i in name if name.count(i) > 1})} came twice")
        if self.residents is None and any(not place.committee_list for place in self.places):
            raise ValueError("`residents` may be left out only where every place has a `committee_list`")
        return self

    @property
    def committees(self) -> int:
        """Committees (villages included) before one in `one_in` is taken."""
        return sum(place.size for place in self.places)

    @property
    def villages(self) -> int:
        """Village committees among them."""
        return sum(place.villages for place in self.places)
