"""What the process that decodes can be asked for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any


class Session:
    """One decoding process: at most one movie is open in it."""

    def __init__(self, beat: Callable[[], None]) -> None:
        self.beat = beat
        self.movie: Any = None

    def close(self) -> None:
        """Close the movie."""
        if self.movie is not None:
            self.movie.close()
            self.movie = None


def load_libraries() -> None:
    """All that any format needs; else each is loaded by the first request for it."""
    import tokenflow_studio.media.exr.files
    import tokenflow_studio.media.movie_decoder
    import tokenflow_studio.media.raster_decoder  # noqa: F401


def _open_movie(session: Session, path: Path) -> Any:
    from tokenflow_studio.media.movie_decoder import MovieDecoder

    session.close()
    session.movie = MovieDecoder(path, session.beat)
    return session.movie.description


def _close_movie(session: Session) -> None:
    session.close()


def _planes(session: Session, frame: int) -> Any:
    return session.movie.planes(frame)


def _look(session: Session, frame: int) -> Any:
    return session.movie.look(frame)


def _exr(session: Session, path: Path) -> Any:
    from tokenflow_studio.media.exr.files import decode_exr

    return decode_exr(path)


def _raster(session: Session, path: Path) -> Any:
    from tokenflow_studio.media.raster_decoder import decode_raster

    return decode_raster(path)


def _raster_header(session: Session, path: Path) -> Any:
    from tokenflow_studio.media.raster_decoder import decode_raster_header

    return decode_raster_header(path)


REQUESTS: dict[str, Callable[..., Any]] = {
    "open movie": _open_movie,
    "close movie": _close_movie,
    "planes": _planes,
    "look": _look,
    "exr": _exr,
    "raster": _raster,
    "raster header": _raster_header,
}
