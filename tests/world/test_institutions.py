"""What the world claims of institutions and their relations."""

from __future__ import annotations

import numpy as np
import pytest

from commsim.randomness import Draws
from commsim.world.institutions import committee_staff, make_institutions, starting_gap
from commsim.world.records import Domain, InstitutionRecord, Relation
from tests.world.made_town import MadeScenario, made_town

Made = tuple[tuple[InstitutionRecord, ...], tuple[Relation, ...]]


@pytest.fixture(scope="module")
def made() -> Made:
    """The institutions of a town with twenty committees in two subdistricts."""
    return make_institutions(MadeScenario(), made_town(committees=20)[1], Draws(1))


def _of(made: Made, kind: str) -> list[InstitutionRecord]:
    return [one for one in made[0] if one.kind == kind]


def test_every_committee_and_subdistrict_has_a_record_with_its_own_id(made: Made) -> None:
    addresses = made_town(committees=20)[1]
    assert tuple(one.id for one in _of(made, "committee")) == addresses.committee_ids
    assert tuple(one.id for one in _of(made, "subdistrict")) == addresses.subdistrict_ids
    assert len({one.id for one in made[0]}) == len(made[0])


def test_committees_have_the_statutes_five_to_nine_members_and_hours_to_match(made: Made) -> None:
    for one in _of(made, "committee"):
        assert 5 <= one.attributes["staff"] <= 9
        assert one.attributes["staff_hours"] == one.attributes["staff"] * 167
        levels = ("administrative_share", "skill", "services", "trust", "space", "rules_stock")
        assert all(0 <= one.attributes[name] <= 1 for name in levels)


def test_larger_committees_have_more_members() -> None:
    parameters = MadeScenario().parameters
    small, large = (committee_staff(np.full(500, size), parameters, Draws(1)).mean() for size in (2000, 8000))
    assert large > small + 1


def test_committees_know_how_many_live_there_and_which_is_the_village(made: Made) -> None:
    addresses = made_town(committees=20)[1]
    committees = _of(made, "committee")
    assert sum(one.attributes["residents"] for one in committees) == addresses.residents
    assert sum(one.attributes["households"] for one in committees) == len(addresses.household_start) - 1
    assert [one.id for one in committees if one.attributes["village"]] == ["north-village-1"]


def test_the_gap_between_former_districts_is_zero_on_average_over_committees_and_over_replicates() -> None:
    parameters = MadeScenario().parameters
    old_jingan = np.array([True] * 3 + [False] * 9)
    gaps = [starting_gap(old_jingan, parameters, Draws(1, replicate)) for replicate in range(400)]
    assert np.abs(np.mean(gaps, axis=1)).max() < 1e-12
    difference = np.array([gap[0] - gap[-1] for gap in gaps])
    assert abs(difference.mean()) < 4 * 0.05 / np.sqrt(400)
    assert difference.std() == pytest.approx(0.05, rel=0.15)


def test_a_gap_set_in_the_scenario_shows_in_the_committees_skill() -> None:
    addresses = made_town(committees=20)[1]
    scenario = MadeScenario({"institutions.former_district_gap": 0.2, "institutions.former_district_spread": 0.0})
    plain = MadeScenario({"institutions.former_district_spread": 0.0})

    def lead(one: MadeScenario) -> float:
        skills = [
            r.attributes["skill"] for r in make_institutions(one, addresses, Draws(1))[0] if r.kind == "committee"
        ]
        return float(np.mean(skills[:10]) - np.mean(skills[10:]))

    assert lead(scenario) - lead(plain) == pytest.approx(0.2, abs=0.02)


def test_every_relation_joins_two_institutions_that_exist_once_a_kind(made: Made) -> None:
    ids = {one.id for one in made[0]}
    assert all(one.source in ids and one.target in ids and one.source != one.target for one in made[1])
    pairs = [(one.kind, frozenset((one.source, one.target))) for one in made[1]]
    assert len(set(pairs)) == len(pairs)
    assert all(0 < one.strength <= 1 for one in made[1])


def test_everyone_but_the_district_belongs_to_exactly_one_unit(made: Made) -> None:
    belonging = [one.source for one in made[1] if one.kind == "belongs_to"]
    assert sorted(belonging) == sorted(one.id for one in made[0] if one.kind != "district")


def test_partners_share_a_subdistrict_unless_one_is_a_hub(made: Made) -> None:
    records = {one.id: one for one in made[0]}
    partners = [one for one in made[1] if one.kind == "partner"]
    local = [one for one in partners if not records[one.source].attributes.get("hub")]
    assert local and len(partners) > len(local)
    for one in local:
        assert records[one.source].kind == "committee" and records[one.target].kind == "social_organisation"
        assert records[one.source].attributes["subdistrict"] == records[one.target].attributes["subdistrict"]


def test_local_units_contribute_to_their_committee_and_peers_link_subdistricts(made: Made) -> None:
    records = {one.id: one for one in made[0]}
    gives = {(one.source, one.target) for one in made[1] if one.kind == "contributes_to"}
    assert all((one.id, one.attributes["committee"]) in gives for one in _of(made, "local_unit"))
    peers = [(records[one.source], records[one.target]) for one in made[1] if one.kind == "peer"]
    across = [a.attributes["subdistrict"] != b.attributes["subdistrict"] for a, b in peers]
    assert any(across) and not all(across)


def test_social_organisations_work_in_a_domain_and_the_plans_four_hubs_are_there(made: Made) -> None:
    local = [one for one in _of(made, "social_organisation") if not one.attributes["hub"]]
    assert len(local) == 2 * 6
    assert all(one.attributes["domain"] in set(Domain) and one.attributes["projects_at_once"] >= 1 for one in local)
    hubs = [one.name.to("zh") for one in _of(made, "social_organisation") if one.attributes["hub"]]
    assert hubs == ["社会组织联合会", "社会工作协会", "居委会工作研究会", "社区服务协会"]


def test_what_units_could_bring_is_whole_fen_with_the_registrys_mean() -> None:
    addresses = made_town(committees=400, estates=1, buildings=1, households=1, persons=1)[1]
    units = [one for one in make_institutions(MadeScenario(), addresses, Draws(1))[0] if one.kind == "local_unit"]
    cash = np.array([one.attributes["cash_fen"] for one in units])
    assert len(units) == 3 * 400 and isinstance(units[0].attributes["cash_fen"], int)
    assert cash.mean() == pytest.approx(300_000, rel=0.15) and cash.min() >= 0
    assert np.mean([one.attributes["space"] for one in units]) == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize(("exponent", "ratio"), [(1.0, 9.0), (0.5, 3.0), (0.0, 1.0)])
def test_units_can_bring_as_much_as_the_jobs_of_their_subdistrict_have_it(exponent: float, ratio: float) -> None:
    addresses = made_town(committees=400, estates=1, buildings=1, households=1, persons=1)[1]
    overrides = {"institutions.jobs_exponent": exponent, "institutions.unit_spread": 0.0}
    scenario = MadeScenario(overrides, jobs={"south": 18_000, "north": 2_000})
    units = [one.attributes for one in make_institutions(scenario, addresses, Draws(1))[0] if one.kind == "local_unit"]
    for kind, usual in (("cash_fen", 300_000), ("in_kind_fen", 500_000)):
        south, north = ({one[kind] for one in units if one["subdistrict"] == name} for name in ("south", "north"))
        assert south.pop() / north.pop() == pytest.approx(ratio, rel=1e-4)
        if exponent == 1.0:
            assert np.mean([one[kind] for one in units]) == pytest.approx(usual)


def test_a_subdistrict_whose_jobs_are_not_told_has_the_registrys_mean() -> None:
    addresses = made_town(committees=4)[1]
    scenario = MadeScenario({"institutions.unit_spread": 0.0}, jobs={"south": 18_000})
    units = [one.attributes for one in make_institutions(scenario, addresses, Draws(1))[0] if one.kind == "local_unit"]
    assert {one["cash_fen"] for one in units} == {300_000}


def test_another_replicate_has_other_institutions_and_the_same_one_the_same(made: Made) -> None:
    addresses = made_town(committees=20)[1]
    assert make_institutions(MadeScenario(), addresses, Draws(1)) == made
    assert make_institutions(MadeScenario(), addresses, Draws(1, 1)) != made
