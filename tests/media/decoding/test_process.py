"""A decoding process that dies, hangs or lies costs one sentence, and nothing else."""

import io
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
import psutil
import pytest

from tests.media.footage import frame, number_in, write_footage, write_image
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.clips import Clip, open_clip
from tokenflow_studio.media.decoding import process
from tokenflow_studio.media.decoding.channel import Channel, SharedBlock
from tokenflow_studio.media.decoding.process import Decoder
from tokenflow_studio.media.movies import Movie
from tokenflow_studio.media.stills import write_exr

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")


def decoder_of(clip: Clip) -> Decoder:
    movie = clip._source
    assert isinstance(movie, Movie)
    return movie._decoder


@contextmanager
def killing(clip: Clip) -> Iterator[None]:
    """Meanwhile every decoder of the clip is killed as soon as it runs."""
    decoder, over = decoder_of(clip), threading.Event()

    def kill() -> None:
        while not over.is_set():
            pid = decoder.pid
            if pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.001)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_decoder_that_was_killed_is_replaced_unseen(tmp_path: Path) -> None:
    with open_clip(str(write_footage(tmp_path / "a.mp4", 6))) as clip:
        assert number_in(clip.read(1)) == 1
        pid = decoder_of(clip).pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert number_in(clip.read(4)) == 4
        assert decoder_of(clip).pid != pid


def test_a_frame_that_kills_every_decoder_is_named_and_the_others_come(tmp_path: Path) -> None:
    path = write_footage(tmp_path / "a.mp4", 6)
    with open_clip(str(path)) as clip:
        with killing(clip), pytest.raises(BadInput) as refused:
            clip.read_plate(3)
        assert str(path) in str(refused.value)
        assert number_in(clip.read(3)) == 3
        assert number_in(clip.read(5)) == 5


def test_a_decoder_that_hangs_is_given_up_and_the_next_frame_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_footage(tmp_path / "a.mp4", 6)
    with open_clip(str(path)) as clip:
        pid = decoder_of(clip).pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        with monkeypatch.context() as patch:
            patch.setattr(process, "PATIENCE", 0.5)
            with pytest.raises(BadInput, match=r"Frame 4 of .*a\.mp4 cannot be decoded: it takes"):
                clip.read(4)
        assert not psutil.pid_exists(pid)
        assert number_in(clip.read(4)) == 4


def test_an_image_whose_decoder_is_killed_comes_from_another_one(tmp_path: Path) -> None:
    write_exr(tmp_path / "a.exr", frame(5))
    with open_clip(str(tmp_path / "a.exr")) as clip:
        assert number_in(clip.read(0)) == 5
        for spare in process._spare:
            assert spare.pid is not None
            os.kill(spare.pid, signal.SIGKILL)
        assert number_in(clip.read(0)) == 5


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit is set from outside")
def test_a_decoder_without_memory_costs_a_sentence(tmp_path: Path) -> None:
    import resource

    path = write_image(
        tmp_path / "a.exr", np.zeros((2048, 2048, 4), np.float32), "openexr", type=oiio.FLOAT
    )
    decoder = Decoder()
    try:
        decoder.start()
        with pytest.raises(BadInput):  # loads the libraries
            decoder.ask("b.exr", "exr", tmp_path / "b.exr")
        assert decoder.pid is not None
        used = psutil.Process(decoder.pid).memory_info().data
        resource.prlimit(decoder.pid, resource.RLIMIT_DATA, (used + 2**25, used + 2**25))
        with pytest.raises(BadInput, match=r"a\.exr"):
            decoder.ask(str(path), "exr", path)
        decoder.end()
        assert decoder.ask(str(path), "exr", path).parts[0]["R"].shape == (2048, 2048)
    finally:
        decoder.end()


def test_a_decoder_ends_with_the_program() -> None:
    decoder = Decoder()
    decoder.start()
    running = decoder._process
    assert isinstance(running, subprocess.Popen)
    assert running.stdin is not None
    running.stdin.close()
    assert running.wait(20) == 0
    decoder.end()


def test_a_movie_that_is_closed_twice_gives_one_decoder_back(tmp_path: Path) -> None:
    clip = open_clip(str(write_footage(tmp_path / "clip.mp4")))
    clip.close()
    clip.close()
    with process.borrowed() as first, process.borrowed() as second:
        assert first is not second


def test_a_movie_whose_decoder_hangs_on_closing_is_closed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = open_clip(str(write_footage(tmp_path / "clip.mp4")))
    decoder = decoder_of(clip)
    pid = decoder.pid
    assert pid is not None
    monkeypatch.setattr(process, "PATIENCE", 0.2)
    os.kill(pid, signal.SIGSTOP)
    clip.close()
    assert not psutil.pid_exists(pid)
    assert not decoder.is_alive


def test_an_answer_that_nobody_waited_for_is_not_given_to_the_next_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = write_image(tmp_path / "a.png", frame(3), "png")

    def stopped(channel: Channel) -> None:
        raise KeyboardInterrupt

    with process.borrowed() as decoder:
        with monkeypatch.context() as patch:
            patch.setattr(Channel, "receive", stopped)
            with pytest.raises(KeyboardInterrupt):
                decoder.ask(str(image), "raster header", image)
        assert decoder.ask(str(image), "raster", image).pixels.shape[2] == 3


def test_frames_that_are_held_keep_their_values(tmp_path: Path) -> None:
    write_footage(tmp_path / "a.mp4", 12, size=(320, 240))
    with open_clip(str(tmp_path / "a.mp4")) as clip:
        held = [clip.read_plate(number) for number in range(12)]
        kept = [clip._source.plate(number).stored for number in range(12)]
        again = [clip.read_plate(number) for number in reversed(range(12))]
    for before, after in zip(held, reversed(again), strict=True):
        assert np.array_equal(before.colour, after.colour)
    planes = [stored.frame.planes[0] for stored in kept]
    assert all((plane == held[n].stored.frame.planes[0]).all() for n, plane in enumerate(planes))


def test_nothing_but_plain_values_is_taken_from_a_decoder() -> None:
    class Bad:
        def __reduce__(self):
            return os.system, ("true",)

    def message(*parts: bytes) -> io.BytesIO:
        return io.BytesIO(b"".join(struct.pack("<Q", len(part)) + part for part in parts))

    plain = pickle.dumps((None, []))
    for content in (pickle.dumps(Bad()), b"nonsense", b""):
        with pytest.raises(EOFError):
            Channel(message(plain, content), io.BytesIO(), []).receive()
    block = SharedBlock()
    beyond = message(pickle.dumps((0, [(0, 2**40)])), plain)
    with pytest.raises(EOFError):
        Channel(beyond, io.BytesIO(), [block]).receive()
    block.close()
