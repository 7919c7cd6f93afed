"""`python -m commsim`: the same as the command `commsim`."""

from commsim.cli import main

if __name__ == "__main__":
    main()
