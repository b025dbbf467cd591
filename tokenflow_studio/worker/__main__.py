"""`python -m tokenflow_studio.worker`: started by `worker.process`, never by hand."""

from tokenflow_studio.worker.duties import studio_duties
from tokenflow_studio.worker.server import serve

if __name__ == "__main__":
    serve(studio_duties())
