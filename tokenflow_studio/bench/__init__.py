"""Benchmarks on drawn footage with known motion: the paper's tables, inversion, speed.

The room is a client of the worker, like the window: it orders edits and measures what comes back.
"""
