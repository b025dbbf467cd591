"""A manifest in which every field is set."""

from fractions import Fraction

from bridge.exchange.manifest import (
    Colour,
    Footage,
    Geometry,
    Host,
    Manifest,
    Mode,
    ReturnPlace,
)
from tokenflow_studio.core.frames import FrameRange

FULL = Manifest(
    shot='sh 010 "雪" [python {1}]',
    source=Footage(media="plate/sh010.####.exr", frames=FrameRange(1001, 1048), host_first=86),
    cut=FrameRange(1009, 1040),
    rate=Fraction(24000, 1001),
    mode=Mode.AS_SEEN,
    host=Host(name="nuke", version="15.1v2", item="Read1", project="/shows/a.nk"),
    timecode="01:00:00:00",
    reel="A001",
    geometry=Geometry(display=(0, 0, 1920, 1080), data=(-8, -8, 1936, 1096), pixel_aspect=2.0),
    colour=Colour(config="ocio://default", config_hash="ab", working="ACEScg", file="ACEScg"),
    premultiplied=True,
    lost=("depth.Z",),
    matte=Footage(media="matte/m.####.exr", frames=FrameRange(1001, 1048), host_first=86),
    original="/shows/sh010/plate.%04d.exr",
    returns=ReturnPlace(folder="back"),
)
