"""Every kind of file that artists hand over: read as it is, images written again as they were."""

from pathlib import Path

import av
import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
import pytest

from tests.media.footage import frame, number_in, write_image
from tests.media.movies import Made, write_made
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.plates import write_plate

RASTERS = [
    ("a.png", "png", oiio.UINT8, {}),
    ("a.png", "png", oiio.UINT16, {}),
    ("a.tif", "tiff", oiio.UINT8, {"compression": "lzw"}),
    ("a.tif", "tiff", oiio.UINT16, {"compression": "zip"}),
    ("a.tif", "tiff", oiio.FLOAT, {}),
    ("a.dpx", "dpx", oiio.UINT16, {"oiio:BitsPerSample": 10}),
    ("a.dpx", "dpx", oiio.UINT16, {"oiio:BitsPerSample": 16}),
]


def raw(path: Path) -> tuple[np.ndarray, oiio.ImageSpec]:
    image = oiio.ImageInput.open(str(path))
    assert image is not None
    return image.read_image(oiio.UNKNOWN), image.spec()


@pytest.mark.parametrize(("name", "form", "kind", "attributes"), RASTERS)
def test_an_image_is_written_again_as_it_was(
    name: str, form: str, kind: oiio.TypeDesc, attributes: dict, tmp_path: Path
) -> None:
    write_image(tmp_path / name, frame(9), form, type=kind, **attributes)
    with open_clip(str(tmp_path / name)) as clip:
        plate = clip.read_plate(0)
    assert number_in(plate.colour) == 9
    write_plate(tmp_path / f"same_{name}", plate, plate.colour)
    before, described = raw(tmp_path / name)
    after, again = raw(tmp_path / f"same_{name}")
    assert after.dtype == before.dtype
    assert after.tobytes() == before.tobytes()
    bits = "oiio:BitsPerSample"
    assert again.get_int_attribute(bits) == described.get_int_attribute(bits)
    brighter = plate.colour.copy()
    brighter[:8] = 0.25
    write_plate(tmp_path / f"other_{name}", plate, brighter)
    other = raw(tmp_path / f"other_{name}")[0]
    assert other[8:].tobytes() == before[8:].tobytes()
    step = 1 if other.dtype.kind == "f" else np.iinfo(other.dtype).max
    assert other[:8] / step == pytest.approx(0.25, abs=1 / 255 if "png" in name else 1e-3 + 1 / 255)


@pytest.mark.parametrize(
    ("name", "made", "layout"),
    [
        ("dnxhr.mov", Made("dnxhd", "yuv422p10le", (1280, 720), options={"profile": "dnxhr_hqx"}),
         "yuv422p10le"),
        ("dnxhr.mxf", Made("dnxhd", "yuv422p", (1280, 720), options={"profile": "dnxhr_hq"}),
         "yuv422p"),
        ("hevc.mp4", Made("libx265", "yuv420p10le",
                          options={"x265-params": "log-level=none"}), "yuv420p10le"),
        ("alpha.mov", Made("prores_ks", "yuva444p10le"), "yuva444p12le"),
        ("animation.mov", Made("qtrle", "argb"), "gbrap"),
        ("still.mov", Made("png", "rgba"), "gbrap"),
    ],
)  # fmt: skip
def test_a_codec_gives_its_planes_as_they_are(
    name: str, made: Made, layout: str, tmp_path: Path
) -> None:
    if made.pix_fmt in ("argb", "rgba"):
        path = _packed(tmp_path / name, made)
    else:
        path = write_made(tmp_path / name, 2, made)
    with open_clip(str(path)) as clip:
        assert clip.movie is not None
        assert clip.movie.layout.name == layout
        plate = clip.read_plate(1)
        assert plate.colour.shape == (made.size[1], made.size[0], 3)
        assert (plate.alpha is not None) == ("a" in layout.replace("gbr", "").split("p")[0])
        if plate.alpha is not None:
            assert plate.alpha[0, -1] == pytest.approx(1, abs=0.01)
            assert plate.alpha[0, 0] == pytest.approx(0, abs=0.01)


def _packed(path: Path, made: Made) -> Path:
    width, height = made.size
    ramp = np.repeat(np.linspace(0, 255, width).astype(np.uint8)[None], height, 0)
    pixels = np.dstack([np.full((height, width, 3), 90, np.uint8), ramp])
    with av.open(str(path), "w") as container:
        stream = container.add_stream(made.codec, rate=24)
        stream.width, stream.height = made.size
        stream.pix_fmt = made.pix_fmt
        for _ in range(2):
            picture = av.VideoFrame.from_ndarray(pixels, format="rgba")
            container.mux(stream.encode(picture.reformat(format=made.pix_fmt)))
        container.mux(stream.encode(None))
    return path


def test_interlaced_movies_are_refused_in_one_sentence(tmp_path: Path) -> None:
    made = Made("mpeg2video", "yuv420p", options={"flags": "+ildct+ilme"})
    path = write_made(tmp_path / "a.mov", 2, made)
    with pytest.raises(BadInput, match=r"Frame 0 of .*a\.mov is interlaced, which is not"):
        open_clip(str(path))
