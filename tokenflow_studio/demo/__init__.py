"""The built-in demo: procedural scenes with known motion, and the small model trained on them."""
