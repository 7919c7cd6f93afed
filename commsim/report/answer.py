"""The answer in three statements: who comes, what it costs, whether one rule stands out; no more than the numbers say.

A rule "adds" participants only where its paired difference is above zero and the two are told apart after Holm's
correction over all pairs. A rule is set above another only by their own paired difference, on
the same residents and luck, never by whether their intervals against the baseline overlap.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from commsim.i18n import Text, _
from commsim.report.number_words import Joined, bracket, decimals_for, figure
from commsim.report.pairwise import TOO_FEW, Gap, Pairs, few_replicates
from commsim.report.reading import Difference, Indicator
from commsim.study.counterfactuals import CALL_ONLY, SAME_MONEY

PARTICIPANTS = "net_drawn_in"
COST = "cost_per_added_participant"
SPENT = "public_money"


def answer(indicators: Sequence[Indicator], baseline: Text, pairs: Pairs, alike: Collection[str] = ()) -> list[Text]:
    """The statements, in order; `pairs` of the indicator of participants, `alike` the labels of rules not ranked.

    Fewer than three where the study has no indicator to make them from.
    """
    found = {indicator.id: indicator for indicator in indicators}
    if PARTICIPANTS not in found:
        return []
    people = _of_rules(found[PARTICIPANTS])
    adding = [difference for difference in people.differences if difference.rises and _told_apart(difference, pairs)]
    if not any(difference.low is not None for difference in people.differences):
        return [_("There is no interval for any rule, because there are too few replicates: nothing is concluded.")]
    statements = [Joined(who_comes(people, adding, baseline, pairs), between=" ")]
    if COST in found:
        costs = [
            what_it_costs(found[COST], adding),
            *what_is_spent(_of_rules(found[SPENT]) if SPENT in found else None),
        ]
        statements.append(Joined(costs, between=" "))
    statements.append(Joined(which_stands_out(people, adding, pairs, alike), between=" "))
    return list(statements)


def _of_rules(people: Indicator) -> Indicator:
    """Without the calls that have no money: what they do is told as a part of each rule's effect."""
    return replace(people, differences=tuple(each for each in people.differences if each.rule.id != CALL_ONLY))


def _told_apart(difference: Difference, pairs: Pairs) -> bool:
    return pairs.gap(difference.rule.label, pairs.baseline).apart


def who_comes(people: Indicator, adding: Sequence[Difference], baseline: Text, pairs: Pairs) -> list[Text]:
    """Which rules draw people in against the baseline, which cannot be told apart from it, which lose some."""
    total = len(people.differences)
    falling = [difference for difference in people.differences if difference.falls and _told_apart(difference, pairs)]
    unclear = [
        difference for difference in people.differences if difference not in adding and difference not in falling
    ]
    sentences = []
    if adding:
        sentences.append(
            _(
                "Against “{baseline}”, {count} of {total} rules draw people in: adults who give hours or money or "
                "start something, less those who no longer do (95% intervals in brackets): {rules}."
            ).format(baseline=baseline, count=len(adding), total=total, rules=Joined(_with_interval(adding)))
        )
    else:
        sentences.append(
            _("Against “{baseline}”, none of the {total} rules is seen to draw people in.").format(
                baseline=baseline, total=total
            )
        )
    if falling:
        sentences.append(
            _("Fewer than under “{baseline}” give or start something with: {rules}.").format(
                baseline=baseline, rules=Joined(_with_interval(falling))
            )
        )
    if unclear:
        sentences.append(
            _("Not distinguishable from “{baseline}”: {rules}.").format(
                baseline=baseline, rules=Joined(difference.rule.title for difference in unclear)
            )
        )
    return sentences


def _with_interval(differences: Sequence[Difference]) -> list[Text]:
    decimals = decimals_for(
        [end for difference in differences for end in (difference.value, difference.low, difference.high)]
    )
    return [
        Text(
            "{rule} {value} {interval}",
            {
                "rule": difference.rule.title,
                "value": figure(difference.value, decimals, signed=True),
                "interval": bracket(difference.low, difference.high, decimals),
            },
        )
        for difference in differences
    ]


def what_it_costs(cost: Indicator, adding: Sequence[Difference]) -> Text:
    """The cost per added participant of the rules that add some."""
    if not adding:
        return _("As no rule is seen to add participants, no cost per added participant is stated.")
    by_rule = {difference.rule.label: difference for difference in cost.differences}
    return _("One added participant costs the public, administration included, in yuan: {costs}.").format(
        costs=Joined(
            _cost(by_rule[difference.rule.label], cost.decimals)
            for difference in adding
            if difference.rule.label in by_rule
        )
    )


def what_is_spent(spent: Indicator | None) -> list[Text]:
    """That the rules do not spend alike: from how much to how much the fund paid."""
    paid = [difference for difference in spent.differences if difference.mean is not None] if spent else []
    if len(paid) < 2:
        return []
    least, most = (choose(paid, key=lambda difference: difference.mean or 0.0) for choose in (min, max))
    if least.mean == most.mean:
        return []
    decimals = decimals_for([least.mean, most.mean])
    return [
        _("The rules do not spend alike: the fund pays from {least} yuan ({first}) to {most} yuan ({last}).").format(
            least=figure(least.mean, decimals),
            first=least.rule.title,
            most=figure(most.mean, decimals),
            last=most.rule.title,
        )
    ]


def _cost(difference: Difference, decimals: int) -> Text:
    if difference.value is None:
        return _("{rule}: not defined ({reason})").format(rule=difference.rule.title, reason=difference.reason)
    words: dict[str, Text | str] = {"rule": difference.rule.title, "value": figure(difference.value, decimals)}
    if difference.low is None or difference.high is None:
        return _("{rule} {value}, without an interval").format(**words)
    words["interval"] = bracket(difference.low, difference.high, decimals)
    if difference.little:
        text = _("{rule}: {verdict}, run more ({value} {interval})")
        return text.format(verdict=TOO_FEW, **words)
    return Text("{rule} {value} {interval}", words)


def which_stands_out(
    people: Indicator, adding: Sequence[Difference], pairs: Pairs, alike: Collection[str] = ()
) -> list[Text]:
    """Whether one rule is told apart from all others, how rules compare with staff services, and by what test."""
    few = few_replicates(pairs)
    return [
        _leader(people, adding, pairs, alike),
        *_against_services(people, adding, pairs),
        _tested(pairs),
        *([few] if few else []),
    ]


def _leader(people: Indicator, adding: Sequence[Difference], pairs: Pairs, alike: Collection[str]) -> Text:
    if not adding:
        return _("No rule stands out.")
    first = max(adding, key=lambda difference: (difference.value or 0.0, difference.rule.label))
    if first.rule.label in alike and len(alike) > 1:
        return _none_of(people, alike)
    others = [difference for difference in people.differences if difference is not first]
    level = [difference for difference in others if not pairs.gap(first.rule.label, difference.rule.label).ahead]
    beaten = _leads(first, [difference for difference in others if difference not in level], pairs)
    if not level:
        if not beaten:
            return _("{rule} is the only rule compared with the baseline.").format(rule=first.rule.title)
        return _("{rule} adds more than every other rule, by: {leads}.").format(
            rule=first.rule.title, leads=Joined(beaten)
        )
    text = _("No single rule stands out: {rule} has the highest estimate, but cannot be told apart from {others}.")
    told = text.format(rule=first.rule.title, others=Joined(difference.rule.title for difference in level))
    if not beaten:
        return told
    more = _("It does add more than these, by: {leads}.").format(leads=Joined(beaten))
    return Joined([told, more], between=" ")


def _none_of(people: Indicator, alike: Collection[str]) -> Text:
    """That the highest estimates are those of rules which are not ranked among themselves."""
    titles = [difference.rule.title for difference in people.differences if difference.rule.label in alike]
    text = _("No single rule stands out: the highest estimate is among rules that are not ranked ({rules}).")
    return text.format(rules=Joined(titles))


def _leads(first: Difference, others: Sequence[Difference], pairs: Pairs) -> list[Text]:
    gaps = [(difference, pairs.gap(first.rule.label, difference.rule.label)) for difference in others]
    decimals = decimals_for([bound for _one, gap in gaps for bound in (gap.value, gap.low, gap.high)])
    return [_lead(difference, gap, decimals) for difference, gap in gaps]


def _lead(other: Difference, gap: Gap, decimals: int) -> Text:
    words = {"value": figure(gap.value, decimals, signed=True), "interval": bracket(gap.low, gap.high, decimals)}
    return _("{value} {interval} over {rule}").format(rule=other.rule.title, **words)


def _against_services(people: Indicator, adding: Sequence[Difference], pairs: Pairs) -> list[Text]:
    services = next((difference for difference in people.differences if difference.rule.id == SAME_MONEY), None)
    others = [difference for difference in adding if difference.rule.id != SAME_MONEY]
    if services is None or not others:
        return []
    above = [difference for difference in others if pairs.gap(difference.rule.label, services.rule.label).ahead]
    if not above:
        return [
            _("No rule is seen to add more than the same money spent by staff (“{rule}”).").format(
                rule=services.rule.title
            )
        ]
    return [
        _("More than the same money spent by staff (“{rule}”) is added by: {rules}.").format(
            rule=services.rule.title, rules=Joined(difference.rule.title for difference in above)
        )
    ]


def _tested(pairs: Pairs) -> Text:
    apart, total = pairs.counted()
    return _(
        "Of {total} pairs of rules, the baseline included, {apart} are told apart: by their paired differences, "
        "p < 0.05 after Holm's correction for that many pairs."
    ).format(total=total, apart=apart)
