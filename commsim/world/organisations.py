"""Social organisations, their hubs, and local units (驻区单位): who else carries or supports a community project.

No register of them was found for Jing'an (district.md G2, item 7), so numbers and capacities are assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.i18n import Bilingual
from commsim.money import FEN_PER_YUAN
from commsim.randomness import Draws
from commsim.world.records import DOMAIN_NAMES, Addresses, Domain, InstitutionRecord

COMMUNITY_KINDS: dict[Domain, str] = {
    Domain.PROPERTY: "mediation",
    Domain.FACILITIES: "mediation",
    Domain.REPAIR: "living_services",
    Domain.SURROUNDINGS: "charity",
    Domain.INFORMATION: "living_services",
    Domain.CULTURE_SPORT: "culture_sport",
    Domain.WASTE: "charity",
    Domain.HEALTH: "living_services",
    Domain.ELDERS: "living_services",
    Domain.CHILDREN: "living_services",
}
"""Which of the four community kinds (社区四类社会组织, P-06) works for which need: assumption, from memory."""

HUBS: tuple[Bilingual, ...] = (
    Bilingual(en="Federation of social organisations", zh="社会组织联合会"),
    Bilingual(en="Association of social work", zh="社会工作协会"),
    Bilingual(en="Society for the study of residents' committee work", zh="居委会工作研究会"),
    Bilingual(en="Association of community services", zh="社区服务协会"),
)
"""Hub organisations that the plan names (P-07)."""


def social_organisations(
    addresses: Addresses, parameters: Mapping[str, float], draws: Draws
) -> tuple[InstitutionRecord, ...]:
    """Social organisations of every subdistrict, then the district's hubs.

    Attributes: `subdistrict` (id; "" for a hub), `hub`, `domain` (`Domain`; -1 for a hub), `community_kind`,
    `projects_at_once` (capacity), `skill` (0–1).
    """
    per_subdistrict = round(parameters["institutions.organisations_per_subdistrict"])
    count = per_subdistrict * len(addresses.subdistrict_ids)
    domain = np.floor(draws.uniforms("institutions.organisation_domain", count) * len(Domain)).astype(np.int64)
    capacity = _capacity(count, parameters, draws)
    skill = _skill("organisation_skill", count, parameters, draws)
    local = tuple(
        InstitutionRecord(
            kind="social_organisation",
            attributes={"projects_at_once": int(capacity[position]), "skill": float(skill[position])}
            | _work_of(addresses, position // per_subdistrict, Domain(domain[position])),
            **_names_of_organisation(
                addresses, position // per_subdistrict, position % per_subdistrict + 1, Domain(domain[position])
            ),
        )
        for position in range(count)
    )
    return (*local, *_hubs(parameters, draws))


def _work_of(addresses: Addresses, subdistrict: int, domain: Domain) -> dict[str, object]:
    return {
        "subdistrict": addresses.subdistrict_ids[subdistrict],
        "hub": False,
        "domain": int(domain),
        "community_kind": COMMUNITY_KINDS[domain],
    }


def _names_of_organisation(addresses: Addresses, subdistrict: int, number: int, domain: Domain) -> dict[str, Any]:
    place, field = addresses.subdistrict_names[subdistrict], DOMAIN_NAMES[domain]
    name = Bilingual(
        en=f"{place.to('en')}: {field.to('en')} organisation {number}",
        zh=f"{place.to('zh')}{field.to('zh')}社会组织{number}",
    )
    return {"id": f"{addresses.subdistrict_ids[subdistrict]}-organisation-{number:02d}", "name": name}


def _hubs(parameters: Mapping[str, float], draws: Draws) -> tuple[InstitutionRecord, ...]:
    count = min(round(parameters["institutions.hubs"]), len(HUBS))
    skill = _skill("hub_skill", count, parameters, draws)
    return tuple(
        InstitutionRecord(
            kind="social_organisation",
            id=f"hub-{number + 1}",
            name=HUBS[number],
            attributes={
                "subdistrict": "",
                "hub": True,
                "domain": -1,
                "community_kind": "hub",
                "projects_at_once": round(parameters["institutions.hub_projects_at_once"]),
                "skill": float(skill[number]),
            },
        )
        for number in range(count)
    )


def local_units(
    addresses: Addresses, jobs: NDArray[np.float64], parameters: Mapping[str, float], draws: Draws
) -> tuple[InstitutionRecord, ...]:
    """Units in the area (firms, schools, hospitals), so many per committee: what they could bring in a year (P-03).

    Where more people work they can bring more: the mean of a subdistrict's units goes by its `jobs` (those of a
    committee against the district's mean, by subdistrict in address order) to the registry's exponent.

    Attributes: `subdistrict` and `committee` (ids of where it stands), `cash_fen` and `in_kind_fen` (a year at most;
    log-normal, so that a few bring most), `space` (whether it opens rooms to residents).
    """
    per_committee = round(parameters["institutions.units_per_committee"])
    count = per_committee * addresses.committees
    means = np.repeat(
        jobs[addresses.subdistrict_of_committee] ** parameters["institutions.jobs_exponent"], per_committee
    )
    cash = _amounts("unit_cash", means, parameters, draws)
    in_kind = _amounts("unit_in_kind", means, parameters, draws)
    space = draws.uniforms("institutions.unit_space", count) < parameters["institutions.unit_space_share"]
    return tuple(
        InstitutionRecord(
            kind="local_unit",
            attributes={"cash_fen": int(cash[position]), "in_kind_fen": int(in_kind[position])}
            | {"space": bool(space[position])}
            | _place_of(addresses, position // per_committee),
            **_names_of_unit(addresses, position // per_committee, position % per_committee + 1),
        )
        for position in range(count)
    )


def _place_of(addresses: Addresses, committee: int) -> dict[str, str]:
    subdistrict = addresses.subdistrict_of_committee[committee]
    return {"subdistrict": addresses.subdistrict_ids[subdistrict], "committee": addresses.committee_ids[committee]}


def _names_of_unit(addresses: Addresses, committee: int, number: int) -> dict[str, Any]:
    place = addresses.committee_names[committee]
    name = Bilingual(en=f"{place.to('en')}: local unit {number}", zh=f"{place.to('zh')}驻区单位{number}")
    return {"id": f"{addresses.committee_ids[committee]}-unit-{number:02d}", "name": name}


def _amounts(name: str, means: NDArray[np.float64], parameters: Mapping[str, float], draws: Draws) -> NDArray[np.int64]:
    """Fen a year of each unit; `means`, the mean at its place against the registry's."""
    spread = parameters["institutions.unit_spread"]
    factor = np.exp(spread * draws.normals(f"institutions.{name}", means.size) - spread**2 / 2.0)
    return np.rint(parameters[f"institutions.{name}_yuan"] * means * factor * FEN_PER_YUAN).astype(np.int64)


def _capacity(count: int, parameters: Mapping[str, float], draws: Draws) -> NDArray[np.int64]:
    """Projects that each can carry at once: uniform whole numbers around the mean, at least one."""
    widest = 2.0 * parameters["institutions.organisation_projects_at_once"] - 1.0
    uniforms = draws.uniforms("institutions.organisation_projects", count)
    return 1 + np.floor(uniforms * max(widest, 1.0)).astype(np.int64)


def _skill(name: str, count: int, parameters: Mapping[str, float], draws: Draws) -> NDArray[np.float64]:
    own = parameters["institutions.level_spread"] * draws.normals(f"institutions.{name}", count)
    return np.clip(parameters["institutions.organisation_skill"] + own, 0.0, 1.0)
