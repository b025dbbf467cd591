"""TokenFlow Studio inside DaVinci Resolve Studio: Python 3.6 and up, standard library only."""
