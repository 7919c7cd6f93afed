"""What a report can and cannot say: the first thing on every page (evidence: district.md A6, G3; behaviour.md D)."""

from __future__ import annotations

from dataclasses import dataclass

from commsim.i18n import Text, _
from commsim.scenario.borrowing import borrowings, has_local_record
from commsim.scenario.schema import Scenario

HEADING = _("What this can and cannot say")

CAN = _(
    "It can say what follows, in the places and with the census shares of its scenario, if residents behave as people "
    "did in the experiments and surveys that the model borrows from; and which differences stand clear of chance."
)

LOCAL_RECORD = _(
    "The local record is thin: in 2017 three hand-picked buildings of Shimen Road No. 2 Subdistrict all passed a "
    "threshold of 500 yuan, one with gifts from 70 of 81 households. It and the Shanghai surveys say that "
    "neighbours, leaders and posted lists matter more than letters."
)

NO_LOCAL_RECORD = _(
    "No record of this place itself stands behind the page: nothing here was checked against what happened in it."
)

_CANNOT = (
    _(
        "No study measures the causal effect of self-governance money on participation. This page does not either: it "
        "rehearses, it does not measure."
    ),
    _(
        "Behaviour is borrowed from field and laboratory experiments. Those on donors are about strangers and letters; "
        "none is a Chinese experiment on community funds. How strongly such effects carry over into a neighbourhood is "
        "an assumption."
    ),
    _(
        "The intervals hold the luck of the simulated residents only. They leave out the doubt about parameters and "
        "about the model itself, so the truth may well lie outside them."
    ),
    _(
        "Simulated committees and street offices are not data about the real ones: no result here is a finding about "
        "any one of them."
    ),
)

_SOURCES = (
    "Karlan, List 2007, American Economic Review 97(5)",
    "List, Lucking-Reiley 2002, Journal of Political Economy 110(1)",
    "Rondeau, List 2008, Experimental Economics 11(3)",
    "Huck, Rasul 2011, Journal of Public Economics 95",
    "Fischbacher, Gächter 2010, American Economic Review 100(1)",
    "Gerber, Green, Larimer 2008, American Political Science Review 102(1)",
    "de Wit, Bekkers 2017, Journal of Public Administration Research and Theory 27(2)",
    "Brady, Schlozman, Verba 1999, American Political Science Review 93(1)",
)
LOCAL_SOURCE = "CRI Shanghai, 2017-06-09 (Shimen Road No. 2)"


@dataclass(frozen=True)
class Caveats:
    """What a page says of its limits: `HEADING`, `CAN`, `CANNOT` (one sentence or two each) and `SOURCES`."""

    HEADING: Text
    CAN: Text
    CANNOT: tuple[Text, ...]
    SOURCES: tuple[str, ...]


def of(scenario: Scenario) -> Caveats:
    """The limits of a page on `scenario`.

    The trial of Shimen Road is cited only where the scenario is about its district; elsewhere the page says that there
    is no local record, and whose census and evidence is borrowed.
    """
    measured, borrowed, *others = _CANNOT
    if has_local_record(scenario):
        local, sources = [LOCAL_RECORD], [*_SOURCES, LOCAL_SOURCE]
    else:
        local, sources = [NO_LOCAL_RECORD], list(_SOURCES)
    local += [sentence(told) for told in borrowings(scenario)]
    return Caveats(HEADING, CAN, (measured, borrowed, *local, *others), tuple(sources))


def sentence(told: Text) -> Text:
    """A note as a sentence of a page."""
    return _("Note: {text}.").format(text=told)
