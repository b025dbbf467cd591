"""`python -m tokenflow_studio` is the command line."""

import sys

from tokenflow_studio.cli import main

if __name__ == "__main__":
    sys.exit(main())
