"""Arithmetic and words that several families share: dividing, going down a list, marks, profiles of ballots."""
