"""The worker process that computes jobs, and the client through which everything reaches it.

The window and the commands import `worker.client` alone; `worker.server` belongs to the process
that it starts.
"""
