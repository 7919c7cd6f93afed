"""The registry as parsed once, kept beside its YAML as Python keeps `.pyc` files: right by digest, or not used.

Parsing some hundred entries of YAML takes most of a second, which every command and every worker process would pay.
The cache holds the digest of every byte that it came from; it is skipped where the folder cannot be written.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CACHE = Path("__pycache__") / "registry.json"


def digest_of(paths: Iterable[Path]) -> str:
    """SHA-256 over the names and bytes of files, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def read_cache(folder: Path, digest: str) -> list[dict[str, Any]] | None:
    """The entries cached for `folder`; None where there are none of this digest."""
    try:
        cached = json.loads((folder / CACHE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    entries = cached.get("entries") if isinstance(cached, dict) and cached.get("digest") == digest else None
    return entries if isinstance(entries, list) else None


def write_cache(folder: Path, digest: str, entries: list[dict[str, Any]]) -> None:
    """Keep `entries` for `folder`, whole or not at all; nothing happens where that is not possible or not wanted."""
    if sys.dont_write_bytecode:
        return
    target = folder / CACHE
    with contextlib.suppress(OSError):
        target.parent.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix="registry-", suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump({"digest": digest, "entries": entries}, stream, ensure_ascii=False)
            os.replace(name, target)
        finally:
            Path(name).unlink(missing_ok=True)
