"""The book of institutions: social organisations, local units, activity groups, and the network that ties them.

The organisations' step founds, grows and ends them; delivery says what an organisation carries; what local units can
still give is renewed by the calendar and used by settlement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

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
    ) -> ActivityGroup:
        """A new activity group of a committee's residents, which belongs to its committee in the network.

        `origin`: what brought it together, part of its id; `applicant`: under which name its founders applied before.
        """
        self.permit.check(NETWORK)
        number = len(self.groups)
        group = ActivityGroup(
            self._model, number, place.index, place.id, domain, month, members, origin, applicant, has_room
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

    def tied_to(self, committee: Committee, kind: type[Institution]) -> Any:
        """Institutions of a kind tied to a committee in the relationship network, as Mesa's AgentSet, by id."""
        tied = set(self.network.neighbors(committee.id))
        return self.agents(kind).select(lambda institution: institution.id in tied).sort("id", ascending=True)

    def indicator(self, name: str, month: int) -> Mapping[str, float]:
        """A network indicator by institution id, as the network stands in `month`; computed once a month at most."""
        key = (name, month)
        if key not in self._measured:
            for known in [known for known in self._measured if known[1] != month]:
                del self._measured[known]
            self._measured[key] = self._links.measure(name, self.network.copy())
        return self._measured[key]
