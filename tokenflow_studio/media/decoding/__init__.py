"""Decoding in a process of its own, which a damaged file may end without harm to anything else."""
