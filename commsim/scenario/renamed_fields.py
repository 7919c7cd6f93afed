"""What a scenario file is told where it still uses a field of an earlier version: what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from commsim.i18n import Text, _

_POLICY_OF_WRITER: Mapping[str, str] = {"mixed": "open", "residents": "residents", "staff": "quota"}


def _initiators_instead(written: Any) -> Text:
    policy = _POLICY_OF_WRITER.get(written) if isinstance(written, str) else None
    if policy is None:
        return _(
            "`bid_writer` is now called `initiators`: write `initiators: open` (was `mixed`), "
            "`initiators: residents` or `initiators: quota` (was `staff`)"
        )
    text = _("`bid_writer` is now called `initiators`: write `initiators: {policy}` instead of `bid_writer: {written}`")
    return text.format(policy=policy, written=written)


RENAMED: Mapping[tuple[str | int, ...], Callable[[Any], Text]] = {("bid_writer",): _initiators_instead}
"""By path of a field that is no longer there: the sentence for the value that was written."""
