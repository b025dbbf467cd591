"""What the window knows, as observable models: widgets show them and hold nothing themselves."""
