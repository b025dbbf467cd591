"""TokenFlow (Geyer et al., ICLR 2024, arXiv 2307.10373) on diffusers' latent diffusion models.

Shapes: F frames, K keyframes, B guidance branches, R = B * frames rows of one network call
(branch-major), S tokens (latent positions of a layer, row by row), C channels, L text tokens.
"""
