"""Messages and stubs generated from worker.proto; a test regenerates and compares them."""
