"""Kinds of project: what each wants besides money, where it works, whose yes it needs, and which needs lead to it.

Four kinds ship in `project_kinds.yaml`, each number with its source: a series of activities, a small renewal, mutual
help with house rules, equipment. A scenario's list `project_kinds` changes or adds kinds by id. Hours and hands are
given for a project of 15,000 yuan, the size for which evidence was found (path.md 2.1, 2.2 and section 8).

>>> kinds = {kind.id: kind for kind in shipped_kinds()}
>>> kinds["activities"].place, kinds["activities"].hours, kinds["renewal"].permission
('committee', 300.0, 'both')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from commsim.contracts import Domain
from commsim.i18n import _
from commsim.money import fen
from commsim.scenario.fields import NEED_ITEMS, Described, Found, Id, NeedItem, Refusal, Words
from commsim.scenario.marked_yaml import Node, read_yaml

KINDS_FILE = Path(__file__).with_name("project_kinds.yaml")
KINDS_KEY = "project_kinds"

REFERENCE_YUAN = 15_000
"""The size of project, in yuan, for which `hours` and `people` of a kind are given."""

ProjectPlace: TypeAlias = Literal["building", "estate", "committee"]
Permission: TypeAlias = Literal["none", "owners_committee", "property_company", "both"]
NotNegative: TypeAlias = Annotated[float, Field(ge=0)]
Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]


class ProjectKindSpec(Described):
    """A kind of project, as a scenario lays it out."""

    id: Id = Field(description="Short name of the kind. 项目类型编号。")
    name: Words = Field(description="Name in both languages. 名称。")
    place: ProjectPlace = Field(description="Whom it serves: a building group, an estate or all. 服务范围。")
    cash: Share = Field(description="Share of the ask that has to be bought with cash. 申请额中需用现金购买的比例。")
    hours: NotNegative = Field(description="Volunteer hours wanted for 15,000 yuan. 每15000元所需志愿工时。")
    goods: NotNegative = Field(description="Yuan of goods or rooms per yuan of ask. 每申请1元所需实物或场地（元）。")
    people: NotNegative = Field(description="Hands wanted for 15,000 yuan. 每15000元所需参与人数。")
    months: Annotated[int, Field(ge=1, le=60, description="Months that the work takes. 实施月数。")]
    permission: Permission = Field(default="none", description="Whose yes it needs. 须经谁同意。")
    common_ground: bool = Field(default=False, description="Whether it builds on common ground. 是否动用共有部位。")
    visible: bool = Field(default=False, description="Whether passers-by see the result. 成果是否为路人可见。")
    minimum: Share = Field(description="Share of its wants below which it cannot start. 可启动的最低落实比例。")
    risk: Share | None = Field(
        default=None,
        description="Chance a year that something goes wrong beyond misuse; default: registry, by common ground. "
        "每年出现挪用以外问题的概率；默认按是否动用共有部位取参数表数值。",
    )
    items: Mapping[NeedItem, NotNegative] = Field(
        description="Need item: weight with which it leads to this kind. 需求类别：引出此类项目的权重。"
    )
    sources: Mapping[str, str] = Field(
        default_factory=dict, description="Field: where its figure comes from, or 'assumption'. 各字段数值的来源。"
    )

    @model_validator(mode="after")
    def _wants_something(self) -> Self:
        if not (self.cash or self.hours or self.goods):
            text = _("a kind of project wants cash, hours or goods; 0 came for all three")
            raise Refusal(((), text))
        return self

    @model_validator(mode="after")
    def _sources_are_of_fields(self) -> Self:
        known = set(type(self).model_fields) - {"sources"}
        text = _("{name!r} is not a field of a kind of project, so it has no source here")
        found = [(("sources", name), text.format(name=name)) for name in self.sources if name not in known]
        if found:
            raise Refusal(*found)
        return self

    def weight(self, domain: Domain) -> float:
        """How strongly a need leads to this kind (0 or more; only ratios between kinds count)."""
        return self.items.get(domain.name.lower(), 0.0)

    def hours_for(self, ask_fen: int, parameters: Mapping[str, float]) -> float:
        """Volunteer hours that a project of this ask wants."""
        return self.hours * parameters["projects.hours_factor"] * _size(ask_fen)

    def people_for(self, ask_fen: int, parameters: Mapping[str, float]) -> float:
        """Hands that a project of this ask wants."""
        return self.people * parameters["projects.people_factor"] * _size(ask_fen)

    def goods_fen_for(self, ask_fen: int, parameters: Mapping[str, float]) -> int:
        """Fen of goods and rooms that a project of this ask wants besides its money."""
        return round(self.goods * ask_fen * parameters["projects.goods_factor"])

    def yearly_risk(self, parameters: Mapping[str, float]) -> float:
        """Chance a year, 0–1, that something goes wrong beyond misuse, permissions and want of hands."""
        if self.risk is not None:
            return self.risk
        return parameters["projects.risk_common_ground" if self.common_ground else "projects.risk"]


def _size(ask_fen: int) -> float:
    return ask_fen / fen(REFERENCE_YUAN)


@lru_cache(maxsize=1)
def shipped_kinds_as_written() -> Node:
    """The shipped kinds as they stand in their file, below `project_kinds`: what every scenario file builds on."""
    return read_yaml(KINDS_FILE, KINDS_FILE.name).root


@lru_cache(maxsize=1)
def shipped_kinds() -> tuple[ProjectKindSpec, ...]:
    """The four kinds that ship."""
    return tuple(ProjectKindSpec.model_validate(kind) for kind in shipped_kinds_as_written().plain()[KINDS_KEY])


def problems_of_kinds(kinds: Sequence[ProjectKindSpec]) -> list[Found]:
    """What is wrong with a list of kinds: an id that stands twice, a need that leads to no kind at all."""
    ids = [kind.id for kind in kinds]
    text = _("another kind of project is called {id!r} already; ids must differ")
    found: list[Found] = [
        ((index, "id"), text.format(id=kind_id)) for index, kind_id in enumerate(ids) if kind_id in ids[:index]
    ]
    nowhere = [item for item in NEED_ITEMS if not any(kind.items.get(item) for kind in kinds)]
    return found + [_leads_nowhere(kinds, item) for item in nowhere]


def _leads_nowhere(kinds: Sequence[ProjectKindSpec], item: str) -> Found:
    """Told where a weight of 0 was written for the need; at the list, where none was."""
    text = _("the need {item} leads to no kind of project; give it a weight above 0 in at least one kind")
    written = [index for index, kind in enumerate(kinds) if item in kind.items]
    where = (written[-1], "items", item) if written else ()
    return where, text.format(item=item)
