"""The world a run starts from: who lives where, who is tied to whom, which institutions there are."""
