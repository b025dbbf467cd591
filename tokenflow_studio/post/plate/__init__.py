"""From the model's picture back to the plate: windows, returns, detail, alpha and matte."""
