"""The public-goods domains in which residents have needs and projects are made."""

from __future__ import annotations

import enum

from commsim.i18n import Bilingual


class Domain(enum.IntEnum):
    """Public-goods domains in which residents have needs and projects are made."""

    ELDER_CARE = 0
    CHILDREN = 1
    ENVIRONMENT = 2
    CULTURE_SPORT = 3
    SAFETY = 4
    PROPERTY_PARKING = 5


DOMAIN_NAMES: dict[Domain, Bilingual] = {
    Domain.ELDER_CARE: Bilingual(en="elder care", zh="为老服务"),
    Domain.CHILDREN: Bilingual(en="children", zh="儿童与青少年"),
    Domain.ENVIRONMENT: Bilingual(en="environment", zh="环境"),
    Domain.CULTURE_SPORT: Bilingual(en="culture and sport", zh="文体"),
    Domain.SAFETY: Bilingual(en="safety", zh="安全"),
    Domain.PROPERTY_PARKING: Bilingual(en="property and parking", zh="物业与停车"),
}
