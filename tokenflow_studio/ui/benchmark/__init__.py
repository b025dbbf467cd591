"""How quick the window is: each figure from a process of its own, with the real window in it."""
