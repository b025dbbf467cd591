"""`python -m tokenflow_studio.worker`: started by `worker.process`, never by hand."""

import sys

from tokenflow_studio.worker.duties import studio_duties
from tokenflow_studio.worker.server import serve

if __name__ == "__main__":
    sys.exit(serve(studio_duties()))
