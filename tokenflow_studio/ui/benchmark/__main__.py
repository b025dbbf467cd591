"""One measurement in this process: `python -m tokenflow_studio.ui.benchmark NAME ARGUMENT...`."""

import sys

from tokenflow_studio.ui.benchmark import measures


def main(name: str, arguments: list[str]) -> int:
    """Measure, one figure a line on stdout."""
    match name:
        case "start":
            figures = measures.measure_start(float(arguments[0]))
        case "first-frame":
            figures = measures.measure_first_frame(*arguments)
        case "scrubbing":
            figures = measures.measure_scrubbing(*arguments)
        case "playback":
            figures = measures.measure_playback(*arguments)
        case _:
            figures = measures.measure_memory(*arguments)
    for figure in figures:
        sys.stdout.write(figure.to_line() + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
