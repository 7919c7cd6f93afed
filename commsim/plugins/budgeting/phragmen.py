"""Phragmén's rules for projects with costs: in sequence, and with loads spread anew at each step."""

from __future__ import annotations

from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.plugins.shared.maximin import maximin_support
from commsim.plugins.shared.phragmen import Phragmen, Step
from commsim.plugins.shared.profile import Election
from commsim.plugins.shared.voting import Decision, VotingRule


class SequentialPhragmen(VotingRule):
    """Voters earn money at equal speed; a project is bought once its supporters hold its cost between them.

    Definition: loads ℓ_i start at 0. Project j would be bought at s_j = (c_j + Σ ℓ_i over its supporters) / (number of
    supporters); the least s_j is bought and its supporters' loads become s_j. The rule stops as soon as a project that
    could be bought next does not fit into the budget. Projects dearer than the whole budget do not stand, and there is
    no money for what nobody voted for, even where some is left (abcvoting and pabutools fill up with such projects).
    Ties: by id in natural order. Points count as approvals. Properties: proportional justified representation for equal
    costs, priceable; not exhaustive. Source: Phragmén 1894; Brill, Freeman, Janson and Lackner 2017.

    >>> from commsim.rules import evaluate
    >>> evaluate("pb.seq_phragmen", {"budget": 2, "projects": {"a": 1, "b": 1, "c": 1}, "approvals":
    ...          [["a", "b"], ["a", "b"], ["a", "b"], ["c"], ["c"]]})
    ['a', 'c']
    """

    id = "pb.seq_phragmen"
    also_called = ("phragmen", "sequential phragmen", "phragmén", "弗拉格门法")
    title = Bilingual(en="Participatory budget, sequential Phragmén", zh="参与式预算（序贯弗拉格门法）")
    summary = Bilingual(
        en="Voters earn money at equal speed; a project is bought once its supporters can pay for it together.",
        zh="每位投票者以相同速度积累虚拟资金，支持者合计足以支付时项目即入选。",
    )
    properties = frozenset({"anonymous", "within_budget", "pjr_unit_cost", "priceable"})
    source = "Phragmén 1894; Brill, Freeman, Janson and Lackner 2017"

    def decide(self, election: Election) -> Decision:
        """Buy in sequence."""
        steps = Phragmen(election).run()
        return decision_of(election, steps)


class MaximinSupport(VotingRule):
    """As sequential Phragmén, with the costs of all winners shared anew among their supporters at each step.

    Definition: add the project for which the largest load of a voter is least, when the costs of all chosen projects
    are spread over their supporters in the best way; what does not fit into the money left is passed over. Each step is
    a linear programme per project that still matters: for small rounds (some hundred projects). Ties: by id in natural
    order, decided exactly. Properties: exhaustive among projects that somebody supports (what nobody supports gets
    nothing); proportional justified representation for equal costs. Sources: Sánchez-Fernández, Fernández, Fisteus and
    Brill 2021; Aziz, Lee and Talmon 2018.

    >>> from commsim.rules import evaluate
    >>> evaluate("pb.maximin_support", {"budget": 2, "projects": {"a": 1, "b": 1, "c": 1}, "approvals":
    ...          [["a", "b"], ["a", "b"], ["a", "b"], ["c"], ["c"]]})
    ['a', 'c']
    """

    id = "pb.maximin_support"
    also_called = ("maximin", "maximin support method")
    title = Bilingual(en="Participatory budget, maximin support", zh="参与式预算（最大化最小支持法）")
    summary = Bilingual(
        en="Projects are added so that the heaviest burden on any voter stays least.",
        zh="逐个加入项目，使任何投票者承担的最大份额保持最小。",
    )
    properties = frozenset({"anonymous", "within_budget", "exhaustive_among_supported", "pjr_unit_cost"})
    source = "Sánchez-Fernández, Fernández, Fisteus and Brill 2021; Aziz, Lee and Talmon 2018"

    def decide(self, election: Election) -> Decision:
        """Add one after the other."""
        steps = [Step(project, float(load)) for project, load in maximin_support(election)]
        return decision_of(election, steps)


def decision_of(election: Election, steps: list[Step]) -> Decision:
    """The decision of a rule that buys in steps, with what each supporter had to bear as its reason."""
    time = {step.project: step.time for step in steps}
    chosen = [step.project for step in steps]
    left = election.budget - election.spent(chosen)

    def reason(position: int) -> Text:
        values = {"votes": int(election.profile.count[position]), "ask": in_yuan(election.cost[position])}
        if position in time:
            return _(
                "paid in full: {ask} yuan; its supporters ({votes}) bought it as number {place}, when each voter bore "
                "up to {bears:.2f} yuan"
            ).format(place=chosen.index(position) + 1, bears=time[position] / 100, **values)
        return _(
            "nothing: supporters ({votes}) could not pay its {ask} yuan before the budget closed; {left} yuan remain"
        ).format(left=in_yuan(left), **values)

    return Decision(chosen, reason, diagnostics={"largest_load_yuan": max(time.values(), default=0.0) / 100})
