"""The tests mirror `commsim/`; a test's name is the claim that it checks."""
