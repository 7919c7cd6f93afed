"""The book of institutions: social organisations, local units, activity groups, and the network that ties them.

The organisations' step founds, grows and ends them; delivery says what an organisation carries; what local units can
still give is renewed by the calendar and used by settlement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeVar

import mesa
import networkx as nx

from commsim.agents.committee import Committee
from commsim.agents.institution import Institution, agents_of_kind
from commsim.agents.local_unit import LocalUnit
from commsim.agents.organisation import GROUPS, ActivityGroup, SocialOrganisation
from commsim.community.given import Links, Positions
from commsim.contracts import Domain
from commsim.ownership import Owned, Permit

NETWORK = "institutions.network"


Kind = TypeVar("Kind", bound=Institution)


def _tied(institutions: Sequence[Kind], network: nx.Graph[str]) -> dict[str, tuple[Kind, ...]]:
    """By the id of what they are tied to, `institutions` in the order of their ids."""
    tied: dict[str, list[Kind]] = {}
    for institution in sorted(institutions, key=lambda known: known.id):
        for other in network.neighbors(institution.id):
            tied.setdefault(other, []).append(institution)
    return {place: tuple(found) for place, found in tied.items()}


class Institutions(Owned):
    """Who acts beside residents and committees. `network`: institutions and what ties them, to be read."""

    PARTS: ClassVar[Mapping[str, str]] = {"groups": GROUPS, "network": NETWORK}

    def __init__(
        self,
        permit: Permit,
        model: mesa.Model,
        organisations: tuple[SocialOrganisation, ...],
        local_units: tuple[LocalUnit, ...],
        network: nx.Graph[str],
        links: Links,
    ) -> None:
        self.organisations = organisations
        self.local_units = local_units
        self.groups: tuple[ActivityGroup, ...] = ()
        self._model = model
        self._tied = network
        self.network: nx.Graph[str] = network.copy(as_view=True)
        self._links = links
        self._organisation_of_id = {organisation.id: organisation for organisation in organisations}
        # Ties of these kinds are there from the start and stay; only groups come and go.
        self._partners = _tied(organisations, network)
        self._units = _tied(local_units, network)
        self._measured: dict[tuple[str, int], Mapping[str, float]] = {}
        for institution in (*organisations, *local_units):
            institution.permit = permit
        self.permit = permit

    def found_group(
        self,
        place: Committee,
        domain: Domain,
        month: int,
        members: Positions,
        origin: str = "",
        applicant: str = "",
        has_room: bool = False,
        luck: float = 0.0,
    ) -> ActivityGroup:
        """A new activity group of a committee's residents, which belongs to its committee in the network.

        `origin`: what brought it together, part of its id; `applicant`: under which name its founders applied before;
        `luck` (0–1): how long it lives.
        """
        self.permit.check(NETWORK)
        number = len(self.groups)
        group = ActivityGroup(
            self._model, number, place.index, place.id, domain, month, members, origin, applicant, has_room, luck
        )
        group.permit = self.permit
        self.groups = (*self.groups, group)
        self._tied.add_node(group.id, kind="activity_group")
        self._tied.add_edge(group.id, place.id, kind="belongs_to")
        return group

    def organisation(self, organisation_id: str) -> SocialOrganisation | None:
        """The social organisation of that id; None where it is none of them."""
        return self._organisation_of_id.get(organisation_id)

    def agents(self, kind: type[Institution]) -> Any:
        """The institutions of a kind that act now, as Mesa's AgentSet, in the order of the world."""
        return agents_of_kind(self._model, kind)

    def partners_of(self, committee: Committee) -> list[SocialOrganisation]:
        """Social organisations tied to a committee in the relationship network that still work, by id."""
        return [partner for partner in self._partners.get(committee.id, ()) if partner.alive]

    def units_of(self, committee: Committee) -> Sequence[LocalUnit]:
        """Local units tied to a committee in the relationship network, by id."""
        return self._units.get(committee.id, ())

    def indicator(self, name: str, month: int) -> Mapping[str, float]:
        """A network indicator by institution id, as the network stands in `month`; computed once a month at most."""
        key = (name, month)
        if key not in self._measured:
            for known in [known for known in self._measured if known[1] != month]:
                del self._measured[known]
            self._measured[key] = self._links.measure(name, self.network.copy())
        return self._measured[key]
