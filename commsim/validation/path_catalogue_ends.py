"""The second half of the path's facts: what a project draws, who is asked, what stays, what is left (P10 to P20)."""

from __future__ import annotations

from commsim.i18n import _
from commsim.validation import path_measures as counted
from commsim.validation import path_years as over_years
from commsim.validation.path_doors_counted import doors
from commsim.validation.path_facts import PathFact, PathTest, Use
from commsim.validation.path_runs import DISTRICT, DOORS, YEARS
from commsim.validation.path_statistics import Difference, Ratio

_CALL_NOTE = _("The experiment is played with the model's own month; only whom it asks is drawn by lot.")

END_FACTS: tuple[PathFact, ...] = (
    PathFact(
        "P10",
        _("Hours dominate"),
        _(
            "100 to 600 volunteer hours for 15,000 yuan; where cash, hours and goods are matched 1:1, cash leverage "
            "0.3 to 0.8 and time 50% to 75% of all that is brought"
        ),
        _("England Community First: 306 hours, 0.56, two thirds (path.md 2.1)"),
        DISTRICT,
        ("fund", "match"),
        counted.resources,
        (
            PathTest("hours", _("hours for 15,000 yuan"), 100, 600, statistic=Ratio("hours", "sizes"), use=Use.FIT),
            PathTest("cash", _("cash leverage, matched"), 0.3, 0.8, statistic=Ratio("cash", "public")),
            PathTest("time", _("time, share of what is brought"), 0.5, 0.75, statistic=Ratio("time", "all")),
        ),
        Use.TEST,
    ),
    PathFact(
        "P11",
        _("Many start by being asked"),
        _(
            "40% to 70% of first acts follow an ask; asks by people of the committee, a group or a project outnumber "
            "those of neighbours and family 1.3 to 3 times"
        ),
        _("USA, Current Population Survey 2006: 43% asked, 27 : 14 (path.md 4.1)"),
        DISTRICT,
        ("fund",),
        counted.first_acts,
        (
            PathTest("asked", _("share of first acts asked for"), 0.4, 0.7, statistic=Ratio("asked", "first")),
            PathTest("inside", _("asked inside ÷ by friends"), 1.3, 3.0, statistic=Ratio("inside", "friends")),
        ),
        Use.TEST,
        note=_("A first act is the first that a run remembers; it remembers two years before it began."),
    ),
    PathFact(
        "P12",
        _("Doors beat paper"),
        _("effect of an ask in person at least 4 times that of a notice, for a ballot and for hours"),
        _("Green and Gerber: a vote for 14 contacts, for 66 leaflets, for 177 letters (path.md 4.3–4.5)"),
        DOORS,
        ("unasked", "door", "notice"),
        doors,
        (
            PathTest(
                "ballot", _("ballot, in person ÷ notice"), 4.0, statistic=Ratio("door_vote_0_all", "notice_vote_0_all")
            ),
            PathTest(
                "hours", _("hours, in person ÷ notice"), 4.0, statistic=Ratio("door_time_0_all", "notice_time_0_all")
            ),
        ),
        Use.TEST,
        note=_CALL_NOTE,
    ),
    PathFact(
        "P13",
        _("Households move together"),
        _("in households of two of whom one is asked: the second adult's gain ÷ the first's, ballot: 0.3 to 0.7"),
        _("Nickerson 2008: 0.6 (path.md 4.5)"),
        DOORS,
        ("unasked", "door"),
        doors,
        (
            PathTest(
                "second",
                _("second adult's gain ÷ first's"),
                0.3,
                0.7,
                statistic=Ratio("door_vote_0_second", "door_vote_0_first"),
            ),
        ),
        Use.TEST,
        note=_CALL_NOTE,
    ),
    PathFact(
        "P14",
        _("One ask fades"),
        _("effect of one ask in person on giving hours three months later: 20% to 80% of the first month's"),
        _("Trafford, doorstep visits: the effect shrinks within three months (path.md 4.7)"),
        DOORS,
        ("unasked", "door"),
        doors,
        (
            PathTest(
                "later",
                _("three months later ÷ at once"),
                0.2,
                0.8,
                statistic=Ratio("door_time_3_all", "door_time_0_all"),
            ),
        ),
        Use.TEST,
        note=_CALL_NOTE,
    ),
    PathFact(
        "P15",
        _("Leak of a year"),
        _("30% to 40% of all who gave hours in a year, and still live there, give none in the next"),
        _("USA, national service agency: 35%, a third (path.md 5.1)"),
        DISTRICT,
        ("none",),
        counted.leak,
        (PathTest("leak", _("share who stop"), 0.3, 0.4, statistic=Ratio("stopped", "gave"), use=Use.FIT),),
        Use.FIT,
    ),
    PathFact(
        "P16",
        _("Places outlive projects, for a while"),
        _("groups with a room alive after 2, 4, 6 years: 80–95%, 60–78%, 38–58%"),
        _("Seoul, 331 spaces opened with grants: 88.2, 69.1, 48.3% (path.md 6.5)"),
        YEARS,
        ("fund",),
        over_years.rooms,
        tuple(
            PathTest(
                f"alive_{years}",
                _("alive after {years} years").format(years=years),
                low,
                high,
                statistic=Ratio(f"alive_{years}", f"followed_{years}"),
                use=Use.FIT if years == 2 else Use.TEST,
            )
            for years, low, high in ((2, 0.8, 0.95), (4, 0.6, 0.78), (6, 0.38, 0.58))
        ),
        Use.TEST,
        note=_("Groups that were founded during the run."),
    ),
    PathFact(
        "P17",
        _("Not everything is finished"),
        _("3% to 40% of projects late, failed or less than half carried out, more on common ground than elsewhere"),
        _("Taipei: 85% closed in ten years; New York's capital works (path.md 2.5, 2.6)"),
        DISTRICT,
        ("fund",),
        counted.unfinished,
        (
            PathTest(
                "unfinished", _("share of projects"), 0.03, 0.4, statistic=Ratio("unfinished", "ended"), use=Use.FIT
            ),
            PathTest(
                "common",
                _("on common ground, share more"),
                0.0,
                statistic=Difference(Ratio("common_unfinished", "common"), Ratio("others_unfinished", "others")),
                use=Use.FIT,
            ),
        ),
        Use.FIT,
    ),
    PathFact(
        "P18",
        _("Awareness is bought dearly"),
        _(
            "5 yuan a resident and year: 5% to 40% of adults know of a project after a year; ten times the money: at "
            "most twice"
        ),
        _("between nothing and England's and Ichikawa's programmes, 32–78% (path.md 3.1, 3.2); weak"),
        DISTRICT,
        ("fund", "tenfold"),
        counted.awareness,
        (
            PathTest("aware", _("share of adults who know of one"), 0.05, 0.4, statistic=Ratio("aware", "adults")),
            PathTest("tenfold", _("ten times the money, × "), high=2.0, statistic=Ratio("aware_tenfold", "aware")),
        ),
        Use.TEST,
    ),
    PathFact(
        "P19",
        _("Participation funnel"),
        _("know of a project > come to a meeting > raise a matter > start something: each at most half of the last"),
        _("White, Menon and Waddington 2018, 25 evaluations (path.md 3.4)"),
        DISTRICT,
        ("fund",),
        counted.funnel,
        (
            PathTest("attend", _("come ÷ know"), high=0.5, statistic=Ratio("attend", "aware")),
            PathTest("speak", _("raise ÷ come"), high=0.5, statistic=Ratio("speak", "attend")),
            PathTest("propose", _("start ÷ raise"), high=0.5, statistic=Ratio("propose", "speak")),
        ),
        Use.TEST,
        note=_("Matters are raised with the committee in any month, not only at a meeting."),
    ),
    PathFact(
        "P20",
        _("Trials find nothing lasting"),
        _(
            "two years after a fund of two years without groups of its projects: adults with acts unrelated to "
            "projects within ± 2 points of twins without a fund"
        ),
        _("trials in Congo, the Philippines, Afghanistan; synthesis of 25 evaluations (path.md 7.1–7.4)"),
        DISTRICT,
        ("none", "stopped"),
        counted.afterwards,
        (
            PathTest(
                "after",
                _("share of adults, difference"),
                -0.02,
                0.02,
                statistic=Difference(Ratio("stopped", "adults"), Ratio("never", "adults")),
            ),
        ),
        Use.TEST,
    ),
)
"""P10 to P20."""
