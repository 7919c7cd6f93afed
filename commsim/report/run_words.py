"""What the stages of a project are called."""

from __future__ import annotations

from commsim.community.procedures import Stage
from commsim.i18n import Bilingual

STAGE_NAMES = {
    Stage.PROPOSED.value: Bilingual(en="proposed, not settled", zh="已提出、未评定"),
    Stage.REJECTED.value: Bilingual(en="rejected", zh="未立项"),
    Stage.RUNNING.value: Bilingual(en="running", zh="实施中"),
    Stage.COMPLETED.value: Bilingual(en="completed", zh="已完成"),
    Stage.FAILED.value: Bilingual(en="failed", zh="未完成"),
}
