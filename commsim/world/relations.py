"""Relations between institutions: who belongs to whom, who works with whom, who watches whom (P-03, P-09, P-34)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

import numpy as np

from commsim.randomness import Draws
from commsim.world.records import InstitutionRecord, Institutions, Relation

Records = tuple[InstitutionRecord, ...]


def relations_between(made: Institutions, parameters: Mapping[str, float], draws: Draws) -> tuple[Relation, ...]:
    """Every relation between the institutions `made`, each pair and kind once.

    "belongs_to": committee → subdistrict → district, organisation and local unit → their place. "partner": a committee
    and a social organisation of its subdistrict; a hub and a social organisation. "contributes_to": local unit →
    committee. "peer": committees that watch each other, next ones in the subdistrict and some across. `strength` 0–1.
    """
    found = (
        *_belonging(made),
        *_partners(made, parameters, draws),
        *_contributions(made, parameters, draws),
        *_near_peers(made.committees, parameters, draws),
        *_far_peers(made.committees, parameters, draws),
    )
    unique: dict[tuple[str, frozenset[str]], Relation] = {}
    for relation in found:
        unique.setdefault((relation.kind, frozenset((relation.source, relation.target))), relation)
    return tuple(unique.values())


def _belonging(made: Institutions) -> Iterator[Relation]:
    district = made.district.id
    for subdistrict in made.subdistricts:
        yield Relation(subdistrict.id, district, "belongs_to")
    for institution in (*made.committees, *made.social_organisations, *made.local_units):
        yield Relation(institution.id, institution.attributes["subdistrict"] or district, "belongs_to")


def _partners(made: Institutions, parameters: Mapping[str, float], draws: Draws) -> Iterator[Relation]:
    """Pairs inside a subdistrict, and of each hub with any organisation, by the registry's chances."""
    local = [organisation for organisation in made.social_organisations if not organisation.attributes["hub"]]
    hubs = [organisation for organisation in made.social_organisations if organisation.attributes["hub"]]
    here = [(ours, theirs) for ours in made.committees for theirs in local if _same_place(ours, theirs)]
    yield from _chosen("partner", here, parameters["institutions.partner_share"], draws, "partner")
    brokered = [(hub, organisation) for hub in hubs for organisation in local]
    yield from _chosen("hub_partner", brokered, parameters["institutions.hub_partner_share"], draws, "partner")


def _contributions(made: Institutions, parameters: Mapping[str, float], draws: Draws) -> Iterator[Relation]:
    """Every local unit may bring something to the committee where it stands; some also to another one nearby."""
    by_place = {
        place: [committee.id for committee in group]
        for place, group in groupby(made.committees, key=lambda committee: committee.attributes["subdistrict"])
    }
    count = len(made.local_units)
    strength = draws.uniforms("institutions.contribution_strength", count)
    abroad = draws.uniforms("institutions.contribution_elsewhere", count)
    where = draws.uniforms("institutions.contribution_where", count)
    for position, unit in enumerate(made.local_units):
        yield Relation(unit.id, unit.attributes["committee"], "contributes_to", float(strength[position]))
        others = [
            committee
            for committee in by_place[unit.attributes["subdistrict"]]
            if committee != unit.attributes["committee"]
        ]
        if others and abroad[position] < parameters["institutions.unit_second_committee"]:
            chosen = others[int(where[position] * len(others))]
            yield Relation(unit.id, chosen, "contributes_to", float(strength[position]))


def _near_peers(committees: Records, parameters: Mapping[str, float], draws: Draws) -> Iterator[Relation]:
    """The next few committees of the subdistrict, in address order."""
    reach = round(parameters["institutions.peer_reach"])
    pairs = [
        (committee, other)
        for position, committee in enumerate(committees)
        for other in committees[position + 1 : position + 1 + reach]
        if _same_place(committee, other)
    ]
    yield from _chosen("near_peer", pairs, 1.0, draws, "peer")


def _far_peers(committees: Records, parameters: Mapping[str, float], draws: Draws) -> Iterator[Relation]:
    """Some committees look to one of another subdistrict."""
    count = len(committees)
    looks = draws.uniforms("institutions.far_peer", count) < parameters["institutions.far_peer_share"]
    where = np.floor(draws.uniforms("institutions.far_peer_where", count) * count).astype(np.int64)
    pairs = [
        (committees[position], committees[where[position]])
        for position in np.flatnonzero(looks)
        if not _same_place(committees[position], committees[where[position]])
    ]
    yield from _chosen("far_pair", pairs, 1.0, draws, "peer")


def _same_place(committee: InstitutionRecord, other: InstitutionRecord) -> bool:
    return bool(committee.attributes["subdistrict"] == other.attributes["subdistrict"])


def _chosen(
    name: str,
    pairs: list[tuple[InstitutionRecord, InstitutionRecord]],
    share: float,
    draws: Draws,
    kind: str,
) -> Iterator[Relation]:
    """A relation for each pair that luck picks, with a strength of its own."""
    picked = draws.uniforms(f"institutions.{name}", len(pairs)) < share
    strength = draws.uniforms(f"institutions.{name}_strength", len(pairs))
    for position in np.flatnonzero(picked):
        source, target = pairs[position]
        yield Relation(source.id, target.id, kind, float(strength[position]))
