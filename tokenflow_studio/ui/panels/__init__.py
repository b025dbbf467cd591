"""The panels around the viewer: recipe, takes, job, notices."""
