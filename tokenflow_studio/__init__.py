"""TokenFlow Studio: edit video by text prompt, with consistent diffusion features."""

__version__ = "0.1.0"
