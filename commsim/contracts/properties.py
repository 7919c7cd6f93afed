"""Properties that a rule may claim, each with what it says."""

from __future__ import annotations

from commsim.i18n import Text, _

KNOWN: dict[str, Text] = {
    "additive_in_the_pot": _("two pots divided one after the other give what both together give"),
    "anonymous": _("order of proposals does not matter"),
    "benchmark": _("knows what no administrator knows: the best case, to hold other rules against"),
    "chances_rise_with_tickets": _("who holds more tickets is likelier to be drawn"),
    "composition_down": _("if the pot shrinks, what was awarded before may stand in for the asks"),
    "composition_up": _("if the pot grows, what was awarded stays and the addition is divided among what is unmet"),
    "conserves_money": _("each fen of gifts and grants stays with its donor, with the fund or with a project"),
    "consistent": _("when some leave with what they got, the others get the same again"),
    "core": _("no group could do better for all its members with its own share of the money"),
    "counterfactual": _("what would be without this way of handing out money, to hold other rules against"),
    "ejr": _(
        "extended justified representation: in a group that agrees on projects and could pay for them with its share "
        "of the money, somebody gets as much"
    ),
    "ejr_unit_cost": _(
        "extended justified representation where all cost the same: in a group that agrees on k projects and is large "
        "enough for them, somebody gets k that they marked"
    ),
    "ejr_up_to_any": _(
        "extended justified representation up to any project: in a group that agrees on projects and could pay for "
        "them with its share of the money, somebody gets as much, or would with any one of them more"
    ),
    "ejr_up_to_one": _(
        "extended justified representation up to one project: in a group that agrees on projects and could pay for "
        "them with its share of the money, somebody gets as much, or would with the best one of them more"
    ),
    "equal_chances": _("each proposal has the same chance for every place in the draw"),
    "equal_chances_in_band": _("in the band around the funding line each proposal has the same chance"),
    "equal_say": _("each resident decides on the same amount"),
    "equal_turns": _("areas get equal turns, not equal money"),
    "exhaustive": _("nothing affordable is left out"),
    "exhaustive_among_supported": _("nothing affordable that somebody supports is left out"),
    "exhaustive_with_skip": _("nothing affordable is left out while `skip` is on"),
    "explores": _("gives money in order to learn, also where results were not the best so far"),
    "jr_unit_cost": _(
        "justified representation where all cost the same: in a group that agrees on a project and is large enough for "
        "one, somebody gets one that they marked"
    ),
    "lenient_judges_cancel": _("harsh and lenient judges are evened out"),
    "limits_loss": _("where a project fails, only what was paid by then is lost"),
    "merge_split_proof": _("nobody gains by merging with others or by splitting up"),
    "never_starts_the_unready": _("only what is ready is started"),
    "order_preserving": _("who asks for more gets no less"),
    "pjr_unit_cost": _(
        "proportional justified representation where all cost the same: a group that agrees on k projects and is large "
        "enough for them gets k that its members marked"
    ),
    "pool_respected": _("no more is paid than the announced pool"),
    "priceable": _("voters with equal shares of money could have bought just these projects, each those they support"),
    "proportional": _("each option gets the part of the money that residents on average want for it"),
    "proportional_single_minded": _("where everyone wants one option alone, each option gets its share of residents"),
    "rewards_delivery": _("who delivered gets more the next time than who did not"),
    "robust_to_one_judge": _("one judge cannot move a result far"),
    "scales_with_money": _("more money in all alike, more for each alike"),
    "self_dual": _("what is missing is divided as what is there would be"),
    "strategy_proof_l1": _("nobody gets nearer to the division they want by asking for another"),
    "truncation_invariant": _("asking for more than the whole pot changes nothing"),
    "within_budget": _("no more is paid than there is"),
}
"""Every property that a rule may claim. `properties.TESTED` are held against made rounds; the others have tests of
their own beside the rules."""
