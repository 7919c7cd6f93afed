"""What a rule may ask to see of a round: the words of `needs`, what each opens, and what that is."""

from __future__ import annotations

from collections.abc import Iterable

from commsim.errors import NotInView
from commsim.i18n import Bilingual, Text, _
from commsim.suggestions import did_you_mean as near

INDICATOR = "indicator."
"""How a need begins that opens a network indicator of a plugin (`commsim_indicators`): `indicator.<name>`."""

_NEEDS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "population": (_("residents of each area"), ("areas.population",)),
    "need": (_("need of each area, as surveyed"), ("areas.need",)),
    "last_award": (_("what each area got last"), ("areas.last_award",)),
    "category": (_("category of each proposal"), ("proposals.category",)),
    "submitted_at": (_("when each proposal came in"), ("proposals.submitted_at",)),
    "readiness": (_("how ready each proposal is"), ("proposals.readiness",)),
    "scores": (_("marks that judges gave"), ("proposals.scores", "marks")),
    "splits": (_("how residents would divide the budget"), ("splits",)),
    "vouchers": (_("what residents assigned with vouchers"), ("vouchers",)),
    "running": (_("how many projects are being built"), ("running",)),
    "performance": (_("how much of its last award each area delivered"), ("areas.performance",)),
    "deprivation": (
        _("poverty, crowding, slow growth and old housing of each area"),
        ("areas.poverty", "areas.overcrowding", "areas.growth_lag", "areas.old_housing"),
    ),
    "beneficiaries": (_("how many residents each proposal concerns"), ("proposals.beneficiaries",)),
    "writer": (_("whether residents or staff wrote each proposal"), ("proposals.writer",)),
    "pledges": (_("what residents pledged"), ("pledges",)),
    "ballots": (_("how residents voted"), ("ballots",)),
    "history": (_("earlier rounds"), ("history",)),
    "hours": (_("volunteer hours promised to each proposal"), ("proposals.hours",)),
    "response": (_("how many would take part in each proposal, by the money it gets"), ("proposals.response",)),
    "clusters": (_("to which clusters of residents donors belong"), ("clusters",)),
    "coverage": (_("which residents each proposal reaches"), ("coverage",)),
    "influence": (_("which circles of residents draw in which others"), ("influence",)),
    "applicants": (_("who applies, with their record"), ("applicants", "proposals.applicant")),
}

NEEDS: dict[str, tuple[str, ...]] = {need: opened for need, (_meaning, opened) in _NEEDS.items()}
"""What a rule may ask for in `needs`, and which parts of the view that opens. All else of the view is always open.

Besides, `indicator.<name>` opens the network indicator of that name, which a plugin offers (`commsim_indicators`).
"""


_ALWAYS_OPEN = ("proposals.id", "proposals.area", "proposals.ask", "proposals.minimum_viable", "areas.id")


def places_of(word: str) -> tuple[str, ...]:
    """Where in a view lies what a rule author calls `word`: a need, or a column without its table; empty if nowhere.

    >>> places_of("scores"), places_of("ask")
    (('view.proposals.scores', 'view.marks'), ('view.proposals.ask',))
    """
    everywhere = (*_ALWAYS_OPEN, *(part for opened in NEEDS.values() for part in opened))
    places = NEEDS.get(word, tuple(part for part in everywhere if part.rpartition(".")[2] == word))
    return tuple(f"view.{part}" for part in places)


def not_in_view(holder: str, word: str, known: Iterable[str]) -> NotInView:
    """The error for a rule that reads `word` of `holder` ("view", "view.proposals"), which has only what is `known`.

    It says where the word lies, or else which known one is nearest and what there is.
    """
    places = [one for one in places_of(word) if one != f"{holder}.{word}"]
    if places:
        written = Text(places[0])
        for one in places[1:]:
            written = _("{one} or {other}").format(one=written, other=one)
        return NotInView(_("{holder} has no {word!r}: write {places}").format(holder=holder, word=word, places=written))
    return NotInView(
        _("{holder} has no {word!r}. {near}It has {known}").format(
            holder=holder, word=word, near=near(word, known), known=", ".join(known)
        )
    )


def meaning_of_need(need: str) -> Text:
    """What a rule that lists `need` is shown, in a few words; empty for a word that is not among `NEEDS`."""
    if need.startswith(INDICATOR):
        return _("a network indicator that a plugin offers")
    return _NEEDS[need][0] if need in _NEEDS else Text("")


def needs_in_words(needs: Iterable[str], between: str = "、") -> Text:
    """Needs as authors write them; in Chinese each with its meaning, which English readers have from the word."""
    listed = sorted(needs)
    zh = between.join(f"{need}（{meaning_of_need(need).to('zh')}）" for need in listed)
    return Bilingual(en=", ".join(listed), zh=zh)
