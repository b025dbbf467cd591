"""Nuke's script text: Read nodes found in it and written for it, without Nuke."""
