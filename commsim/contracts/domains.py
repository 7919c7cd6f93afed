"""What residents need of their neighbourhood, as Jing'an's community analysis asks them, and what projects are about.

The items and their names follow the public orders of the rounds of 2018 and 2020 (district-2.md A3b); the last two, for
elders and for children, depend on age and household.
"""

from __future__ import annotations

import enum

from commsim.i18n import Bilingual


class Domain(enum.IntEnum):
    """The ten need items of Jing'an's questionnaires, in which residents have needs and projects are made."""

    PROPERTY = 0  # property service and owners' committee
    FACILITIES = 1
    REPAIR = 2
    SURROUNDINGS = 3
    INFORMATION = 4  # information and hotline
    CULTURE_SPORT = 5
    WASTE = 6  # guidance on waste sorting
    HEALTH = 7  # fitness monitoring and the like
    ELDERS = 8
    CHILDREN = 9


DOMAIN_NAMES: dict[Domain, Bilingual] = {
    Domain.PROPERTY: Bilingual(en="property and owners' committee", zh="物业与业委会"),
    Domain.FACILITIES: Bilingual(en="public facilities", zh="公共设施"),
    Domain.REPAIR: Bilingual(en="convenience repair", zh="便民维修"),
    Domain.SURROUNDINGS: Bilingual(en="surroundings", zh="环境整治"),
    Domain.INFORMATION: Bilingual(en="information and hotline", zh="信息与热线"),
    Domain.CULTURE_SPORT: Bilingual(en="culture and sport", zh="文体"),
    Domain.WASTE: Bilingual(en="waste sorting", zh="垃圾分类"),
    Domain.HEALTH: Bilingual(en="health", zh="健康"),
    Domain.ELDERS: Bilingual(en="elder care", zh="为老服务"),
    Domain.CHILDREN: Bilingual(en="children", zh="儿童与青少年"),
}
