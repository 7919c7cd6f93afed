"""Replay an election in the form of Pabulib (`.pb`): who wins under other rules than the one that was used?

python examples/replay_an_election.py
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from commsim.elections.pabulib import read_pb
from commsim.elections.replay import replay
from commsim.rules import load_catalogue

ELECTION = """META
key;value
description;Made up: five voters, three projects
budget;9000
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;name;selected
garden;6000;Garden;1
lamps;3000;Lamps;0
choir;3000;Choir;1
VOTES
voter_id;vote
1;garden
2;garden,lamps
3;garden,lamps
4;choir
5;choir
"""


with TemporaryDirectory() as folder:
    path = Path(folder) / "made-up.pb"
    path.write_text(ELECTION, encoding="utf-8")
    for rule in (None, "pb.mes", "pb.seq_phragmen"):  # None: the rule that the file names
        found = replay(read_pb(path), load_catalogue(), rule)
        print(f"{rule or found.rule}: {', '.join(found.winners)}; as the official result: {found.agree}")
