"""Claims that attacks from outside could not break, each held here by tests of its kind."""
