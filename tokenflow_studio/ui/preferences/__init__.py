"""The preferences: one window with a page for each kind of setting."""
