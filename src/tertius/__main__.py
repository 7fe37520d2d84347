"""`python -m tertius` is the `tertius` command."""

from tertius.cli import main

main()
