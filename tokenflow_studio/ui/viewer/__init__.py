"""The viewer: what is shown at the playhead, how it is compared, zoomed and named."""
