"""One order, stage by stage, to files on disk.

Ingest, invert, keyframes (the preview) or propagate (the take), decode, write.

Each stage is a pure function of the request and of the stages before; what it makes lies in the
cache under the hash of what it depends on, step by step, so that a killed job goes on where it was.
"""
