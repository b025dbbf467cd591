"""Frames in and out: movies, image sequences, stills, contact sheets. No Qt, no torch."""
