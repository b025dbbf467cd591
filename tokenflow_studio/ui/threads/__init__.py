"""Work beside the window's own thread: decoding, the worker's jobs, the disk."""
