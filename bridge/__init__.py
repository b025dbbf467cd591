"""Exchange with DaVinci Resolve, Nuke and timelines."""
