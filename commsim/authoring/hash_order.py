"""Asking a rule again in fresh processes, where words are hashed anew: what hangs on the order of a set shows there.

Python hashes strings differently in each process, so a set of ids is gone through in another order each time. Within
one process the order stays, and a rule that relies on it looks sound however often it is asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from typing import Any

import numpy as np

from commsim.authoring.sample_rounds import ROUNDS, award_in, made_round
from commsim.calling.time_limit import limit, rule_seconds
from commsim.contracts import Rule
from commsim.errors import RuleError
from commsim.i18n import LANGUAGES, Bilingual, Text, _, shown
from commsim.money import in_yuan
from commsim.plugin_host.catalogue import Catalogue, CatalogueSpecification
from commsim.plugin_host.loader import load_specification

SEEDS = ("1", "2")
"""PYTHONHASHSEED of each process that is asked: fixed, so that the same rule gets the same verdict each time."""

_START = """
import json, sys
request = json.load(sys.stdin.buffer)
sys.path[:] = request["path"]
from commsim.authoring.hash_order import answer
answer(request)
"""
_SET = _(
    "Words are hashed anew in each process: break ties by id, as sorted() does, and do not rely on the order of a "
    "set or on hash()"
)


class CannotAsk(Exception):
    """No further process could be started here."""


def unlike_elsewhere(catalogue: Catalogue, text: str) -> Text | None:
    """How a rule written as on the command line decides otherwise in another process; None where it does not.

    It settles the same made rounds here and in fresh processes with other hashes. Raises RuleError where the rule
    breaks its contract here, and CannotAsk where no process can be started.
    """
    here = _rounds(catalogue.make_written(text))
    specification = catalogue.specification()
    request = {
        "path": sys.path,
        "files": specification.files,
        "distributions": specification.distributions,
        "text": text,
        "seconds": limit(),
    }
    with ThreadPoolExecutor(len(SEEDS)) as pool:
        answers = list(pool.map(lambda seed: _asked(request, seed), SEEDS))
    for came in answers:
        if isinstance(came, Text):
            return came
    # Those with fixed hashes come first, so that the same difference is told each time.
    return _difference([*(came for came in answers if not isinstance(came, Text)), here])


def _rounds(rule: Rule) -> list[dict[str, Any]]:
    """What a rule announces and awards in each made round, in JSON's own types."""
    rounds = []
    for number in range(ROUNDS):
        view = made_round(rule, number)
        award = award_in(rule, view)
        said: dict[str, Any] = {word.name: in_json(getattr(award, word.name)) for word in fields(award)}
        terms = (
            {word.name: in_json(getattr(view.terms, word.name)) for word in fields(view.terms)} if view.terms else {}
        )
        rounds.append({"terms": terms, "ids": list(view.proposals.id), **said})
    came: list[dict[str, Any]] = json.loads(json.dumps(rounds))  # as they come back from another process
    return came


def in_json(value: Any) -> Any:
    """A value of terms or awards in JSON's own types; texts in both languages."""
    if isinstance(value, Text):
        return [value.to(language) for language in LANGUAGES]
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, (tuple, list)):
        return [in_json(piece) for piece in value]
    if isinstance(value, dict):
        return {str(key): in_json(piece) for key, piece in value.items()}
    return value if value is None or isinstance(value, (bool, int, float, str)) else repr(value)


def _asked(request: dict[str, Any], seed: str) -> list[dict[str, Any]] | Text:
    """What the rule decides in a fresh process with this hash seed, or what is wrong with it there."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", _START],
            input=json.dumps(request).encode(),
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=False,
        )
    except (OSError, ValueError) as error:
        raise CannotAsk(str(error)) from error
    try:
        came = json.loads(done.stdout)
    except ValueError:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        return _("a fresh process that was asked ended with code {code} and no answer: {last}").format(
            code=done.returncode, last=last or "–"
        )
    if "refused" in came:
        return Bilingual(**came["refused"])
    rounds: list[dict[str, Any]] = came["rounds"]
    return rounds


def _difference(answers: Sequence[list[dict[str, Any]]]) -> Text | None:
    """The first made round that did not come out alike, in words."""
    for number, each in enumerate(zip(*answers, strict=True)):
        for word in each[0]:
            first = json.dumps(each[0][word])
            other = next((answer for answer in each[1:] if json.dumps(answer[word]) != first), None)
            if other is not None:
                return _told(number, word, each[0], other)
    return None


def _told(number: int, word: str, first: dict[str, Any], other: dict[str, Any]) -> Text:
    if word != "paid":
        text = _("in made round {number} its {word} come out in two ways, one in each of two processes. {remedy}")
        return text.format(number=number, word=word, remedy=_SET)
    at = next(place for place, fen in enumerate(first[word]) if fen != other[word][place])
    return _(
        "in made round {number} {id!r} gets {one} yuan in one process and {other} yuan in another. {remedy}"
    ).format(
        number=number,
        id=first["ids"][at],
        one=in_yuan(first[word][at]),
        other=in_yuan(other[word][at]),
        remedy=_SET,
    )


def answer(request: dict[str, Any]) -> None:
    """In the fresh process: settle the made rounds and write what came to stdout, which plugins cannot write to."""
    stdout = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    files = tuple((name, text) for name, text in request["files"])
    specification = CatalogueSpecification((), files, request["distributions"])
    try:
        with rule_seconds(request["seconds"]):
            rule = load_specification(specification).make_written(request["text"])
            came: dict[str, Any] = {"rounds": _rounds(rule)}
    except RuleError as error:
        came = {"refused": {language: shown(error.text, language) for language in LANGUAGES}}
    with open(stdout, "wb") as file:
        file.write(json.dumps(came).encode())
