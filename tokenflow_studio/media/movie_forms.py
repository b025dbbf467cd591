"""What a movie is besides its pictures: read from one, or chosen for one to be written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from tokenflow_studio.media.planes import UNSPECIFIED, ColourTags, Layout, guessed
from tokenflow_studio.media.sound import Sound

CONTAINERS = {".mp4": "mp4", ".mov": "mov"}
VIDEO = ColourTags(1, 1, 1, 1)
"""Rec. 709 throughout, in video range."""

# The profiles of ProRes by the codes that files give them.
_PROFILES = {
    "apco": "proxy",
    "apcs": "lt",
    "apcn": "standard",
    "apch": "hq",
    "ap4h": "4444",
    "ap4x": "4444xq",
}


@dataclass(frozen=True, slots=True)
class MovieTraits:
    """What a movie says of itself, and what a movie made from it keeps.

    tags: as the file says them; layout: of its decoded planes; aspect: of a stored pixel; turns:
    quarter turns to the left that show it upright; codec: FFmpeg's name, and tag: the four letters
    in the file; times: of every frame, and of the end of the last, in `time_base` seconds; sound:
    its codecs.
    """

    path: Path
    tags: ColourTags
    layout: Layout
    size: tuple[int, int]
    aspect: Fraction
    turns: int
    codec: str
    tag: str
    rate: Fraction
    times: tuple[int, ...]
    time_base: Fraction
    sound: tuple[str, ...]

    @property
    def meant(self) -> ColourTags:
        """The tags with every guess made."""
        return guessed(self.tags, self.size[1], self.layout.is_rgb)

    @property
    def is_steady(self) -> bool:
        """Whether its frames come at the rate, as near as its times can tell."""
        near = max(self.time_base, Fraction(1, 1000)) * Fraction(3, 2)
        ticks, tick = self.times[:-1], float(1 / self.rate)
        return all(
            abs(float((time - ticks[0]) * self.time_base) - number * tick) <= near
            for number, time in enumerate(ticks)
        )


@dataclass(frozen=True, slots=True)
class MovieForm:
    """How a movie is written.

    codec: the encoder's name; layout: of the planes that it gets; tags: what the file says, meant:
    the same with every guess made; times: of every frame and of the end, in `time_base` seconds,
    None for frames that come at the rate; source: of which untouched ProRes frames are copied.
    """

    codec: str
    options: dict[str, str]
    layout: Layout
    tags: ColourTags
    meant: ColourTags
    rate: Fraction
    time_base: Fraction
    times: tuple[int, ...] | None
    aspect: Fraction
    turns: int
    timecode: str | None
    sound: Sound | None
    source: MovieTraits | None

    def timing(self, number: int) -> tuple[int, int]:
        """When the frame of that place begins and how long it lasts, in `time_base` seconds."""
        if self.times is None:
            return number, 1
        return self.times[number] - self.times[0], self.times[number + 1] - self.times[number]


def form_of_pictures(
    path: Path,
    size: tuple[int, int],
    rate: Fraction,
    *,
    alpha: bool = False,
    aspect: float = 1.0,
    timecode: str | None = None,
) -> MovieForm:
    """For upright display-referred pictures (width, height), by the name of the file."""
    codec, options, layout = _coding(path, size, None, alpha)
    return MovieForm(
        codec=codec,
        options=options,
        layout=layout,
        tags=VIDEO,
        meant=VIDEO,
        rate=rate,
        time_base=1 / rate,
        times=None,
        aspect=Fraction(aspect).limit_denominator(1000),
        turns=0,
        timecode=timecode,
        sound=None,
        source=None,
    )


def form_like(
    path: Path,
    source: MovieTraits,
    frames: Sequence[int],
    rate: Fraction,
    *,
    own_colour: bool,
    timecode: str | None,
) -> MovieForm:
    """For consecutive frames of a movie: its colour tags, times, aspect, rotation and sound.

    rate: the movie's, or another one at which its frames are to come, without its sound then;
    own_colour: the pictures are in its own colour, else they are made for a display.
    """
    codec, options, layout = _coding(path, source.size, source, source.layout.has_alpha)
    kept = rate == source.rate
    first, end = frames[0], frames[-1] + 1
    steady = source.is_steady or not kept
    times = None if steady else source.times[first : end + 1]
    begins, ends = (source.times[place] * source.time_base for place in (first, end))
    tags = _written(source, layout, codec) if own_colour else VIDEO
    return MovieForm(
        codec=codec,
        options=options,
        layout=layout,
        tags=tags,
        meant=guessed(tags, source.size[1], is_rgb=False),
        rate=rate,
        time_base=1 / rate if steady else source.time_base,
        times=times,
        aspect=source.aspect,
        turns=source.turns,
        timecode=timecode,
        sound=Sound(source.path, begins, ends) if kept and source.sound else None,
        source=source if own_colour and codec == "prores_ks" == f"{source.codec}_ks" else None,
    )


def is_deep(path: Path, source: MovieTraits) -> bool:
    """Whether a movie of that name, made from this one, has more than 8 bits."""
    return path.suffix.lower() == ".mov" or source.layout.bits > 8


def _coding(
    path: Path, size: tuple[int, int], source: MovieTraits | None, alpha: bool
) -> tuple[str, dict[str, str], Layout]:
    """Encoder, its options and the planes that it gets: QuickTime is ProRes, MP4 is H.264."""
    full = source is not None and source.layout.x_step == 1 and source.layout.planes > 2
    if path.suffix.lower() == ".mov":
        return _prores(source.tag if source else "", full, alpha)
    deep = source is not None and source.layout.bits > 8
    # Every player shows 4:2:0, which has no odd sizes.
    name = "yuv444p" if size[0] % 2 or size[1] % 2 else "yuv420p"
    return "libx264", {}, Layout.of(f"{name}10le" if deep else name)


def _prores(tag: str, full: bool, alpha: bool) -> tuple[str, dict[str, str], Layout]:
    """The source's own profile where it holds as much, else HQ or 4444; as fine as it goes."""
    chroma = "444" if full or alpha else "422"
    profile = _PROFILES.get(tag, "")
    if profile.startswith("4444") != (chroma == "444") or not profile:
        profile = "4444" if chroma == "444" else "hq"
    options = {"profile": profile, "quant_mat": "default"}
    if not alpha:  # alpha would use up a limit, and has none by default
        options["bits_per_mb"] = "8192"
    return "prores_ks", options, Layout.of(f"yuv{'a' if alpha else ''}{chroma}p10le")


def _written(source: MovieTraits, layout: Layout, codec: str) -> ColourTags:
    """The source's tags as far as the new file can hold its colour that way."""
    tags = source.tags
    if source.layout.is_rgb and not layout.is_rgb:
        tags = replace(tags, matrix=UNSPECIFIED, range=1)
        tags = replace(tags, matrix=guessed(tags, source.size[1], is_rgb=False).matrix)
    return replace(tags, range=1) if codec == "prores_ks" else tags
