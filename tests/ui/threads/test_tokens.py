"""Token counts: those of the model's own tokenizer, made beside the window's thread."""

import os
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tokenflow_studio.core.paths import resource
from tokenflow_studio.ui.threads.tokens import Counted, TokenCounter
from tokenflow_studio.ui.threads.vocabulary import Vocabulary

TEXTS = ("", "a golden ball on grass", "Don’t  stop\nat 12, über 日本 🙂!", "naïve-looking OWLS")


@pytest.fixture(params=["whole", "parts", "packed"])
def location(request: pytest.FixtureRequest, tiny_model: Path, tmp_path: Path) -> str:
    """A model with its vocabulary in one file, in two, and one that has CLIP's own."""
    if request.param == "whole":
        return str(tiny_model)
    if request.param == "packed":
        return str(tmp_path / "none.safetensors")
    from transformers import CLIPTokenizer

    tokenizer = CLIPTokenizer.from_pretrained(tiny_model / "tokenizer")
    folder = tmp_path / "model" / "tokenizer"
    folder.mkdir(parents=True)
    tokenizer.backend_tokenizer.model.save(str(folder))
    (folder / "tokenizer_config.json").write_text('{"model_max_length": 16}')
    return str(folder.parent)


@pytest.mark.parametrize("text", TEXTS)
def test_counts_are_those_of_the_engine_s_tokenizer(location: str, text: str) -> None:
    from tokenflow_studio.engine.model_files.vocabulary import read_tokenizer

    folder = Path(location) / "tokenizer"
    packed = resource("models", "clip", "bpe_simple_vocab_16e6.txt.gz")
    tokenizer = read_tokenizer(folder if folder.is_dir() else packed, 77, None)
    vocabulary = Vocabulary(location)
    assert vocabulary.count(text) == len(tokenizer(text).input_ids) - 2
    assert vocabulary.room == tokenizer.model_max_length - 2


def test_syntax_does_not_count_and_the_thread_is_another(qtbot: QtBot, tiny_model: Path) -> None:
    counter = TokenCounter()
    threads: list[int] = []
    counter.counted.connect(lambda _told: threads.append(threading.get_ident()), type=_direct())
    with qtbot.waitSignal(counter.counted) as told:
        counter.ask(str(tiny_model), ("a fox", "a (fox:1.2) # blue"))
    counter.close()
    counted: Counted = told.args[0]
    assert counted.tokens[0] == counted.tokens[1] > 0
    assert (counted.facts.steps, counted.facts.guidance, counted.room) == (4, 3.0, 14)
    assert threads != [threading.get_ident()]


def _direct():
    from PySide6.QtCore import Qt

    return Qt.ConnectionType.DirectConnection


def test_a_damaged_model_has_no_counts(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "tokenizer").mkdir()
    (tmp_path / "tokenizer" / "tokenizer.json").write_text("{")
    counter = TokenCounter()
    with qtbot.waitSignal(counter.counted) as told:
        counter.ask(str(tmp_path), ("a fox",))
    counter.close()
    assert told.args[0].tokens is None
    assert os.path.basename(told.args[0].facts.location) == tmp_path.name  # noqa: PTH119
