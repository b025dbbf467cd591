# Nuke runs this at every start, on render machines too: nothing is imported here. The menu is in
# menu.py, which only a Nuke with a window runs.
