"""The thirteen rows of the evidence (behaviour.md, section D) as facts, with their test ranges."""

from __future__ import annotations

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.validation import experiments_of_facts as played
from commsim.validation.district_facts import leverage
from commsim.validation.facts import Fact, Test

FACTS: tuple[Fact, ...] = (
    Fact(
        1,
        "types",
        _("Types exist"),
        _("Fischbacher, Gächter and Fehr 2001; Fischbacher and Gächter 2010"),
        (
            Test("cooperators", _("share of conditional cooperators"), 0.45, 0.65, 0.55),
            Test("free_riders", _("share of free riders"), 0.18, 0.35, 0.229),
            Test("humps", _("share of hump-shaped givers"), 0.08, 0.16, 0.121),
        ),
        played.types,
        fitted=True,
        note=_("Types are recovered from noisy schedules by the published procedure."),
    ),
    Fact(
        2,
        "decay",
        _("Voluntary giving decays without institutions"),
        _("Fischbacher and Gächter 2010, raw data"),
        (
            Test("ratio", _("mean gift, round 10 ÷ round 1"), 0.20, 0.45, 0.28),
            Test("zeros", _("share giving nothing, round 10 ÷ round 1"), 2.0, published=2.36),
        ),
        played.decay,
        fitted=True,
    ),
    Fact(
        3,
        "imperfect-matching",
        _("Decay comes from imperfect matching, not from beliefs alone"),
        _("Fischbacher and Gächter 2010, raw data and replay"),
        (
            Test("exact", _("round 10 ÷ round 1 where all match their belief"), 0.80, published=0.92),
            Test("schedules", _("round 10 ÷ round 1 with real schedules"), 0.20, 0.45, 0.31),
        ),
        played.matching_exactly,
    ),
    Fact(
        4,
        "match",
        _("A match offer helps a little; its size does not matter"),
        _("Karlan and List 2007, Table 2A"),
        (
            Test("response", _("response, any match ÷ control"), 1.10, 1.35, 1.22),
            Test("size", _("response, (3:1 − 1:1) ÷ 1:1"), -0.15, 0.15, 0.095),
            Test("own", _("own giving per letter, match ÷ control − 1"), 0.05, 0.35, 0.19),
        ),
        played.match_offers,
        fitted=True,
    ),
    Fact(
        5,
        "pressure",
        _("Social exposure works in steps"),
        _("Gerber, Green and Larimer 2008, Table 2"),
        (
            Test("top", _("turnout, neighbours − control, points"), 5.0, 11.0, 8.1),
            Test("steps", _("top step ÷ first step"), 3.0, published=4.5),
            Test("duty", _("turnout, duty − control, points"), 0.0, published=1.8),
            Test("watched", _("turnout, watched − duty, points"), 0.0, published=0.7),
            Test("own_record", _("turnout, own record − watched, points"), 0.0, published=2.3),
            Test("neighbours", _("turnout, neighbours − own record, points"), 0.0, published=3.3),
        ),
        played.messages,
        fitted=True,
    ),
    Fact(
        6,
        "seed",
        _("Announced seed raises both how many give and how much"),
        _("List and Lucking-Reiley 2002"),
        (
            Test("number", _("participation, 67% ÷ 10% seed"), 1.5, 3.0, 2.2),
            Test("total", _("total, 67% ÷ 10% seed"), 3.0, 8.0, 5.9),
            Test("refund", _("total, refund ÷ none − 1"), 0.05, 0.40, 0.20),
            Test("refund_number", _("participation, refund ÷ none − 1"), -0.05, 0.05, 0.0),
        ),
        played.seed_money,
        fitted=True,
        note=_("The cell totals of the source are unverified."),
    ),
    Fact(
        7,
        "lead-or-match",
        _("The same lead money is better announced than matched, for residents' own giving"),
        _("Rondeau and List 2008; Huck and Rasul 2011; Huck, Rasul and Shephard 2015"),
        (
            Test("lead_over_match", _("own giving, lead ÷ match − 1"), 0.0),
            Test("match_over_none", _("own giving, match ÷ none − 1"), 0.0),
            Test("total", _("total with match ÷ none − 1"), 0.0),
        ),
        played.lead_or_match,
    ),
    Fact(
        8,
        "friends",
        _("Most of the effect arrives through friends"),
        _("Bond et al. 2012; Jones et al. 2017"),
        (
            Test("ratio", _("added through ties ÷ added directly"), 1.0, published=4.7),
            Test("plain", _("effect without faces ÷ effect with faces"), high=0.25, published=0.0),
        ),
        played.banner,
        note=_("20,000 people with ten close ties each, all treated; direct is the effect with ties cut."),
    ),
    Fact(
        9,
        "usual-people",
        _("Asking rounds up the usual people"),
        _("Brady, Schlozman and Verba 1999"),
        (
            Test("leaders_more", _("participation, leaders − none, points"), 0.0),
            Test("random_more", _("participation, random − none, points"), 0.0),
            Test("leaders_usual", _("active or aged 50+ among participants, leaders − none, points"), 0.0),
            Test("random_usual", _("the same, random − none, beyond a quarter of the leaders' effect"), high=0.0),
        ),
        played.recruitment,
    ),
    Fact(
        10,
        "elections",
        _("Age and Party gradients of Shanghai"),
        _("Shanghai city survey, n = 6,581 (district.md A4)"),
        (
            Test("young", _("turnout at 18–29, %"), 10.0, 20.0, 13.77),
            Test("middle", _("turnout at 50–59, %"), 50.0, 62.0, 55.68),
            Test("old", _("turnout at 70–79, %"), 70.0, 84.0, 77.74),
            Test("party", _("members − others, points"), 10.0, 22.0, 16.73),
        ),
        played.election,
        fitted=True,
        note=_("Overall turnout and its split by membership have different bases; the differences are tested."),
    ),
    Fact(
        11,
        "leverage",
        _("Match programmes leverage mostly time"),
        _("Administrative records (district.md B1)"),
        (
            Test("all_in", _("all-in leverage under a 1:1 match"), 1.0, 4.0),
            Test("cash", _("cash leverage under a 1:1 match"), 0.2, 1.0),
            Test("time", _("share of time in what residents bring"), 0.4),
        ),
        leverage,
        counted=False,
        drawn=False,
        note=_("Plausibility: a required match forces leverage. Played in the tutorial district."),
    ),
    Fact(
        12,
        "open-votes",
        _("Open votes reach few, and interest fades"),
        _("Administrative records (district.md B3)"),
        (
            Test("share", _("voters in the first year, %"), 0.2, 8.0),
            Test("fade", _("year 4 ÷ year 1"), 0.4),
        ),
        played.open_vote,
        counted=False,
        note=_("Plausibility: 'may fall' cannot fail."),
    ),
    Fact(
        13,
        "anchors",
        _("Anchors help newcomers, only if believable"),
        _("Shang and Croson 2009"),
        (
            Test("new", _("gifts of newcomers, shown ÷ not shown − 1"), 0.08, 0.30, 0.29),
            Test("old", _("effect on old givers, beyond a quarter of the newcomers'"), high=0.0),
            Test("far", _("gifts of newcomers, shown far above the range ÷ not shown − 1"), high=0.0),
        ),
        played.anchors,
    ),
)
"""All facts, by the number of their row."""


def find_fact(name: str) -> Fact:
    """The fact of that number or name. Raises InvalidInput."""
    for fact in FACTS:
        if name in (str(fact.id), fact.name):
            return fact
    known = ", ".join(f"{fact.id} {fact.name}" for fact in FACTS)
    raise InvalidInput(_("there is no fact {name!r}; there are {known}").format(name=name, known=known))
