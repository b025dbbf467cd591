"""TokenFlow Studio inside Nuke: shots out, versions back."""
