"""How the source guides an edit. A technique is a small object; the sampler knows none by name."""
