"""The timeline with its lanes, the transport under it and the strip of edited keyframes."""
