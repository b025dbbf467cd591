"""Captions say what is in the picture, in words that cover the promised vocabulary."""

import numpy as np

from tokenflow_studio.demo.scenes import caption, plain_caption, sample_scene
from tokenflow_studio.demo.scenes.vocabulary import (
    FINISHES,
    GROUNDS,
    MATERIALS,
    PATTERNS,
    SHAPES,
    STYLES,
    SUBSTANCES,
    TIMES,
)


def test_vocabulary_is_as_large_as_promised() -> None:
    assert len(SHAPES) >= 5
    assert len(MATERIALS) >= 10
    assert len(GROUNDS) >= 6
    assert len(TIMES) >= 3
    assert len(STYLES) >= 5


def test_captions_use_every_word() -> None:
    texts = [caption(sample_scene(n), np.random.default_rng(n)) for n in range(1500)]
    joined = "\n".join(f" {text} " for text in texts)
    tables = (SHAPES, PATTERNS, SUBSTANCES, GROUNDS, TIMES)
    for words in (word for table in tables for wordings in table.values() for word in wordings):
        assert words in joined
    assert "rubber" in joined
    for wordings in STYLES.values():
        assert any(words and words in joined for words in wordings)


def test_captions_name_what_the_scene_is() -> None:
    for seed in range(200):
        scene = sample_scene(seed)
        text = caption(scene, np.random.default_rng(seed))
        assert any(word in text for word in SHAPES[scene.shape])
        assert any(words in text for words in GROUNDS[scene.ground])
        if scene.material in FINISHES:
            assert scene.colour in text


def test_plain_caption_is_the_first_wording() -> None:
    scene = sample_scene(0)
    assert plain_caption(scene) == plain_caption(scene)
    assert SHAPES[scene.shape][0] in plain_caption(scene)
    assert GROUNDS[scene.ground][0] in plain_caption(scene)
