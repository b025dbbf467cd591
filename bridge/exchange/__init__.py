"""Exchange packages: one shot in a folder, with all that its host must get back."""
