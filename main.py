"""Starts TokenFlow Studio: the window, or a command."""

import sys

from tokenflow_studio.cli import main

if __name__ == "__main__":
    sys.exit(main())
