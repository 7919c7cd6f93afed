"""The first half of the path's facts: the level, the money, who starts, who wins again (P0 to P9).

Ranges, sources and what each is for: evidence/path.md, section 9; `docs/evidence.md` explains each.
"""

from __future__ import annotations

from commsim.i18n import _
from commsim.validation import path_measures as counted
from commsim.validation import path_years as over_years
from commsim.validation.path_catalogue_ends import END_FACTS
from commsim.validation.path_facts import PathFact, PathTest, Use
from commsim.validation.path_runs import CALL, DISTRICT, YEARS
from commsim.validation.path_statistics import Difference, Mean, Ratio

NOTHING = 0.5
"""Counts must stay below it in size: whole numbers that are zero."""

START_FACTS: tuple[PathFact, ...] = (
    PathFact(
        "P0",
        _("Level without a fund"),
        _("adults who gave hours or money that stayed, or started something, in twelve months: 3% to 12%"),
        _("Shanghai volunteers with more than 30 recorded hours, 3–7% of residents (district-2.md A4)"),
        DISTRICT,
        ("none",),
        counted.level,
        (PathTest("share", _("share of adults"), 0.03, 0.12, statistic=Ratio("gave", "adults"), use=Use.FIT),),
        Use.FIT,
    ),
    PathFact(
        "P1",
        _("No yuan, no effect of yuan"),
        _("a fund of 0 yuan: no project, all columns as without a fund; the call alone (call = 1): same headline"),
        _("design"),
        CALL,
        ("none", "zero", "call"),
        counted.no_yuan,
        (
            PathTest("columns", _("columns that differ at 0 yuan"), -NOTHING, NOTHING, statistic=Mean("columns")),
            PathTest("projects", _("projects at 0 yuan"), -NOTHING, NOTHING, statistic=Mean("projects")),
            PathTest("givers", _("givers whom the call moves"), -NOTHING, NOTHING, statistic=Mean("givers")),
        ),
        Use.STRUCTURAL,
    ),
    PathFact(
        "P2",
        _("Project density"),
        _("funded projects per 1,000 residents a year: 0.1 to 1.2; committee-years without one: 10% to 60%"),
        _("Seattle 0.28, England 0.7–1.2 a ward, Shanghai 0.19–0.30 per 1,000 (path.md 1.1–1.4)"),
        DISTRICT,
        ("fund",),
        counted.density,
        (
            PathTest(
                "density",
                _("funded projects per 1,000 residents a year"),
                0.1,
                1.2,
                statistic=Ratio("projects", "thousand_years"),
                use=Use.FIT,
            ),
            PathTest(
                "empty",
                _("share of committee-years without one"),
                0.1,
                0.6,
                statistic=Ratio("empty", "committee_years"),
                use=Use.FIT,
            ),
        ),
        Use.FIT,
    ),
    PathFact(
        "P3",
        _("More money, fewer than proportional more projects"),
        _("money × 2: projects × 1.1 to 1.6, new initiators × 1.0 to 1.4, mean size up"),
        _("Seattle Neighborhood Matching Fund: elasticities 0.3–0.5 and 0.1–0.45 (path.md 1.6)"),
        DISTRICT,
        ("fund", "double"),
        counted.twice_the_money,
        (
            PathTest("projects", _("projects, × "), 1.1, 1.6, statistic=Ratio("projects_double", "projects_fund")),
            PathTest("initiators", _("new initiators, × "), 1.0, 1.4, statistic=Ratio("new_double", "new_fund")),
            PathTest(
                "size",
                _("mean size, yuan more"),
                0.0,
                statistic=Difference(Ratio("yuan_double", "projects_double"), Ratio("yuan_fund", "projects_fund")),
            ),
        ),
        Use.TEST,
    ),
    PathFact(
        "P4",
        _("Asks heap at the cap"),
        _("at least half of asks in the top tenth below the cap"),
        _("England, small lottery grants: 57% of asks at 9,000–10,000 of 10,000 pounds (path.md 1.7)"),
        DISTRICT,
        ("fund",),
        counted.asks,
        (PathTest("heaped", _("share of asks"), 0.5, statistic=Ratio("heaped", "asks")),),
        Use.TEST,
    ),
    PathFact(
        "P5",
        _("Initiators were active before"),
        _(
            "75% to 95% of residents who start something gave or started something in the year before; women, "
            "owners and those here for five years are over-represented"
        ),
        _("Vancouver Neighbourhood Small Grants 2019, 2020: 86% (path.md 1.12, 1.13)"),
        DISTRICT,
        ("fund",),
        counted.starters,
        (
            PathTest("active", _("share active before"), 0.75, 0.95, statistic=Ratio("active", "starters")),
            PathTest(
                "women",
                _("women, share more than among adults"),
                0.0,
                statistic=Difference(Ratio("women", "starters"), Ratio("adult_women", "adults")),
            ),
            PathTest(
                "owners",
                _("owners, share more than among adults"),
                0.0,
                statistic=Difference(Ratio("owners", "starters"), Ratio("adult_owners", "adults")),
            ),
            PathTest(
                "long",
                _("long residents, share more than among adults"),
                0.0,
                statistic=Difference(Ratio("long", "starters"), Ratio("adult_long", "adults")),
            ),
        ),
        Use.TEST,
    ),
    PathFact(
        "P6",
        _("New groups keep coming"),
        _("in years 6 to 20 of a steady fund 35% to 60% of awards go to applicants never funded before"),
        _("Seattle 1995–2016: 49% (path.md 1.8)"),
        YEARS,
        ("fund",),
        over_years.new_groups,
        (PathTest("new", _("share of awards"), 0.35, 0.6, statistic=Ratio("new", "awards")),),
        Use.TEST,
        note=_("Applicants are residents, groups and organisations; a committee's staff are not counted."),
    ),
    PathFact(
        "P7",
        _("Most groups win once"),
        _(
            "another award within 1, 3, 5, 10 years of the first: 8–16%, 16–30%, 20–36%, 25–42%; the chance a "
            "year falls every two years"
        ),
        _("Seattle: 11.6, 22.4, 26.1, 32.4% (path.md 6.1, 6.2)"),
        YEARS,
        ("fund",),
        over_years.second_awards,
        (
            *(
                PathTest(
                    f"within_{years}",
                    _("another award within {years} years").format(years=years),
                    low,
                    high,
                    statistic=Ratio(f"again_{years}", f"followed_{years}"),
                    use=Use.FIT if years == 1 else Use.TEST,
                )
                for years, low, high in ((1, 0.08, 0.16), (3, 0.16, 0.30), (5, 0.20, 0.36), (10, 0.25, 0.42))
            ),
            *(
                PathTest(
                    f"fall_{begin}",
                    _("fall of the yearly chance, years {first} to {last}").format(first=begin, last=begin + 3),
                    0.0,
                    statistic=Difference(
                        Ratio(f"wins_{begin}", f"waiting_{begin}"), Ratio(f"wins_{begin + 2}", f"waiting_{begin + 2}")
                    ),
                )
                for begin in (1, 3, 5)
            ),
        ),
        Use.TEST,
    ),
    PathFact(
        "P8",
        _("Awards per group"),
        _("1.25 to 1.9 awards an applicant in any five years"),
        _("Cleveland Neighborhood Connections 2003–08: 1.37 (path.md 6.4)"),
        YEARS,
        ("fund",),
        over_years.awards_a_group,
        (PathTest("awards", _("awards an applicant"), 1.25, 1.9, statistic=Ratio("awards", "groups")),),
        Use.TEST,
    ),
    PathFact(
        "P9",
        _("Places, not history"),
        _("chance of a committee to be funded three years after a funded year ÷ one year after: at least 0.85"),
        _("England, Big Lottery by ward: 0.98; a pure chain from year to year gives 0.68 (path.md, section 1)"),
        YEARS,
        ("fund",),
        over_years.places,
        (PathTest("lags", _("three years after ÷ one year after"), 0.85, statistic=Ratio("after_three", "after_one")),),
        Use.TEST,
    ),
)
"""P0 to P9."""

PATH_FACTS: tuple[PathFact, ...] = (*START_FACTS, *END_FACTS)
"""P0 to P20."""
