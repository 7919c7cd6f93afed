"""The use cases of commsim, for any face: the command line today, a page in a browser later.

Each is a function from plain data (words, numbers, lists, paths) to plain data that `json.dumps` takes; a text in it is
{"en": …, "zh": …}. Those that take long are given `progress` and `cancel` (`commsim.service.following`); what a user
has to be told meanwhile goes to `note` and `warn`. Errors are those of `commsim.errors`.

`scenarios`, `rules`, `parameters`, `indicators` list and explain; `running`, `comparing`, `elections`, `replays`,
`laboratory` do; `authors` helps those who write rules. `face` is what `import commsim` gives in Python. Nothing is
imported here, so that a command that needs one of them does not wait for the others.
"""
