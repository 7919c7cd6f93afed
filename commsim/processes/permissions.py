"""Whose yes a project needs before it begins: the owners' committee's, the property company's, or both.

Part of delivery (step 8). A working owners' committee mostly agrees, a deadlocked one seldom; where there is none the
company decides with the committee. A company agrees the more readily the better it is. All chances are assumptions
(registry, `delivery`); the split of owners' committees: district-2.md A8.
"""

from __future__ import annotations

from commsim.community.community import Community
from commsim.community.projects import Project
from commsim.i18n import Text, _
from commsim.world.records import OwnersCommittee

OWNERS, COMPANY, BOTH = "owners_committee", "property_company", "both"
"""Whose yes a kind of project can need."""

_OWNERS_REFUSED = _("the owners' committee did not agree")
_COMPANY_REFUSED = _("the property company did not agree")


def who_refuses(community: Community, project: Project, asked: str) -> Text | None:
    """Why a project may not begin, in the words of whoever refuses; None where all who are asked agree."""
    addresses, p = community.given.world.addresses, community.given.parameters
    estate = int(community.people.residents.seen_by("reader").estate[project.first])
    owners, company = community.given.draws.uniforms("permission", 2, item=project.id)
    chance = {
        OwnersCommittee.NOT_ELIGIBLE: 1.0,  # there are no owners to ask
        OwnersCommittee.NONE: p["delivery.yes_without_owners_committee"],
        OwnersCommittee.WORKING: p["delivery.yes_of_working_owners_committee"],
        OwnersCommittee.DEADLOCKED: p["delivery.yes_of_deadlocked_owners_committee"],
    }[OwnersCommittee(int(addresses.owners_committee[estate]))]
    if asked in (OWNERS, BOTH) and owners >= chance:
        return _OWNERS_REFUSED
    worst = p["delivery.yes_of_worst_company"]
    agrees = worst + (1.0 - worst) * float(addresses.property_quality[estate])
    return _COMPANY_REFUSED if asked in (COMPANY, BOTH) and company >= agrees else None
