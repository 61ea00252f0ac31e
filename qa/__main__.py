"""`python -m qa`: the same as the script `qa`."""

from qa.cli import main

main(prog_name="qa")
