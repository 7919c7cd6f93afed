"""The state of a run in books, each in a file of its own that says what its parts are and who may write them."""
