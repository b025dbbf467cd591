"""Training of the demo model, from rendering the pictures to writing the pipeline's folder."""
