"""Colour: one OpenColorIO configuration, what footage is encoded in, and what the model sees."""
