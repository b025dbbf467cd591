"""The built-in clip is what its scene renders to, and its prompts are in the model's words."""

import json
import re

import av
import numpy as np

from tokenflow_studio.core.paths import resource
from tokenflow_studio.demo.builtin import FRAMES, RATE, demo_scene, write_demo_clip
from tokenflow_studio.demo.scenes import plain_caption, render_frame
from tokenflow_studio.demo.scenes.vocabulary import (
    COLOURS,
    FINISHES,
    GROUNDS,
    PATTERNS,
    SHAPES,
    STYLES,
    SUBSTANCES,
    TIMES,
)


def read_clip() -> tuple[list[np.ndarray], float]:
    with av.open(str(resource("demo", "clip.mp4"))) as movie:
        rate = float(movie.streams.video[0].average_rate or 0)
        return [frame.to_ndarray(format="rgb24") for frame in movie.decode(video=0)], rate


def test_the_clip_is_its_scene() -> None:
    frames, rate = read_clip()
    about = json.loads(resource("demo", "clip.json").read_text("utf-8"))
    assert (len(frames), rate) == (about["frames"], about["rate"]) == (FRAMES, RATE)
    assert about["caption"] == plain_caption(demo_scene())
    for number in (0, FRAMES - 1):
        error = frames[number].astype(float) - render_frame(demo_scene(), number)
        assert np.sqrt(np.square(error).mean()) < 6


def test_prompts_use_known_words_only() -> None:
    tables = (FINISHES, PATTERNS, SUBSTANCES, SHAPES, GROUNDS, TIMES, STYLES)
    wordings = [words for table in tables for entry in table.values() for words in entry]
    known = {"a", "an", *COLOURS, *" ".join(wordings).split()}
    prompts = json.loads(resource("demo", "prompts.json").read_text("utf-8"))
    assert 6 <= len(prompts) <= 8
    for entry in prompts:
        assert entry["title"]
        assert set(re.findall(r"\w+", entry["prompt"])) <= known


def test_the_clip_can_be_written_again(tmp_path) -> None:
    write_demo_clip(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"clip.mp4", "clip.json", "prompts.json"}
