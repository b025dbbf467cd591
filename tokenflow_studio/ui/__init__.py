"""The window. Its process never imports torch, diffusers or transformers."""
