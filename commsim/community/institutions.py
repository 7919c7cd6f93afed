"""The book of institutions: social organisations, local units, activity groups, and the network that ties them.

The organisations' step founds, grows and ends them; delivery says what an organisation carries; what local units can
still give is renewed by the calendar and used by settlement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import mesa
import networkx as nx

from commsim.agents.committee import Committee
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
        self._local_unit_of_id = {unit.id: unit for unit in local_units}
        self._measured: dict[tuple[str, int], Mapping[str, float]] = {}
        for institution in (*organisations, *local_units):
            institution.permit = permit
        self.permit = permit

    def found_group(self, place: Committee, domain: Domain, month: int, members: Positions) -> ActivityGroup:
        """A new activity group of a committee's residents, which belongs to its committee in the network."""
        self.permit.check(NETWORK)
        group = ActivityGroup(self._model, len(self.groups), place.index, place.id, domain, month, members)
        group.permit = self.permit
        self.groups = (*self.groups, group)
        self._tied.add_node(group.id, kind="activity_group")
        self._tied.add_edge(group.id, place.id, kind="belongs_to")
        return group

    def organisation(self, organisation_id: str) -> SocialOrganisation | None:
        """The social organisation of that id; None where it is none of them."""
        return self._organisation_of_id.get(organisation_id)

    def organisations_of(self, committee: Committee) -> list[SocialOrganisation]:
        """Social organisations tied to a committee in the relationship network, by id."""
        tied = (self.organisation(institution) for institution in self._neighbours(committee))
        return [organisation for organisation in tied if organisation is not None]

    def local_units_of(self, committee: Committee) -> list[LocalUnit]:
        """Units in the area tied to a committee, by id."""
        tied = (self._local_unit_of_id.get(institution) for institution in self._neighbours(committee))
        return [unit for unit in tied if unit is not None]

    def indicator(self, name: str, month: int) -> Mapping[str, float]:
        """A network indicator by institution id, as the network stands in `month`; computed once a month at most."""
        key = (name, month)
        if key not in self._measured:
            for known in [known for known in self._measured if known[1] != month]:
                del self._measured[known]
            self._measured[key] = self._links.measure(name, self.network.copy())
        return self._measured[key]

    def _neighbours(self, committee: Committee) -> Sequence[str]:
        return sorted(self.network.neighbors(committee.id))
