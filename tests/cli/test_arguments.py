"""What can be said on the command line, and the order that it means."""

import sys
from fractions import Fraction
from pathlib import Path

import pytest

from tokenflow_studio.cli import main
from tokenflow_studio.cli.arguments import parse, spelled_out
from tokenflow_studio.cli.jobs import job_order
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import AlphaMode, Fill, Missing, Return
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.job import JobKind
from tokenflow_studio.core.request import Blend, EditRequest


def test_an_edit_of_few_words_follows_the_defaults() -> None:
    order = job_order(parse(["edit", "clip.mp4", "-p", "a cat", "-o", "out.mp4"]))
    assert order.request == EditRequest(clip=str(Path.cwd() / "clip.mp4"), prompt="a cat")
    assert (order.kind, order.output) == (JobKind.EDIT, str(Path.cwd() / "out.mp4"))
    assert (order.overwrite, order.start_frame) == (False, None)


def test_every_option_reaches_the_request(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    line = (
        f"--frames 1001-1048 --model {tmp_path}/model --base {tmp_path} --technique sdedit "
        "--negative blur --source-prompt dog --seed 7 --variation 0.5 --steps 20 "
        "--inversion-steps 40 --guidance 9 --keyframe-interval 4 --blend paper "
        "--pnp-attention 0.4 --pnp-features 0.7 --strength 0.6 --size 640x360 --rate 23.976 "
        "--missing hold --colour ACEScg --view Raw --layer fg --stereo-view left "
        "--alpha straight --matte /m.####.exr --matte-channel G --matte-softness 2.5 "
        "--matte-invert --return relight --detail 0.5 --fill plate --deflicker 0.7 "
        "--device cpu --dtype float32 --start-frame 1001 --overwrite --json"
    )
    options = parse(["edit", "/plate.####.exr", "-p", "a cat", "-o", "/o.####.exr", *line.split()])
    order = job_order(options)
    assert order.request == EditRequest(
        clip="/plate.####.exr",
        prompt="a cat",
        frames=FrameRange(1001, 1048),
        rate=Fraction(24000, 1001),
        model=str(tmp_path / "model"),
        base=str(tmp_path),
        negative_prompt="blur",
        source_prompt="dog",
        technique="sdedit",
        seed=7,
        variation=0.5,
        steps=20,
        inversion_steps=40,
        guidance=9.0,
        keyframe_interval=4,
        blend=Blend.PAPER,
        pnp_attention=0.4,
        pnp_features=0.7,
        strength=0.6,
        size=(640, 360),
        missing=Missing.HOLD,
        colour="ACEScg",
        view="Raw",
        layer="fg",
        stereo_view="left",
        alpha=AlphaMode.STRAIGHT,
        matte="/m.####.exr",
        matte_channel="G",
        matte_softness=2.5,
        matte_invert=True,
        returns=Return.RELIGHT,
        detail=0.5,
        fill=Fill.PLATE,
        deflicker=0.7,
        device="cpu",
        dtype="float32",
    )
    assert (order.overwrite, order.start_frame) == (True, 1001)


def test_keyframes_and_demo() -> None:
    keyframes = job_order(parse(["keyframes", "/c.mp4", "-p", "x", "-o", "/out", "--size", "auto"]))
    assert (keyframes.kind, keyframes.request.size) == (JobKind.KEYFRAMES, None)
    demo = job_order(parse(["demo", "-o", "/out"]))
    assert (demo.kind, demo.output) == (JobKind.EDIT, "/out")
    assert demo.request.source_prompt == "a red rubber ball on grass"
    assert job_order(parse(["demo"])).output == ""


def test_a_clip_or_nothing_means_the_window() -> None:
    assert parse([]).clip is None
    assert parse(["shot.mp4"]).clip == "shot.mp4"
    assert parse(["--", "demo"]).clip == "demo"
    for mistyped in (["edti", "clip.mp4"], ["edti"]):
        with pytest.raises(BadInput, match="'edti' is no command"):
            parse(mistyped)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_no_display_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main([]) == 1
    said = capsys.readouterr().err
    assert "there is no display here" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("edit c.mp4 -o o.mp4", "-p/--prompt"),
        ("edit c.mp4 -p x", "-o/--output"),
        ("edit c.mp4 -p x -o o.mp4 --frames 9-3", "ends before it starts"),
        ("edit c.mp4 -p x -o o.mp4 --frames here", "no frame range"),
        ("edit c.mp4 -p x -o o.mp4 --rate 0", "no frame rate"),
        ("edit c.mp4 -p x -o o.mp4 --size 640", "no size"),
        ("edit c.mp4 -p x -o o.mp4 --size 0x4", "no size"),
        ("edit c.mp4 -p x -o o.mp4 --blend mine", "--blend"),
        ("edit c.mp4 -p x -o o.mp4 --return same", "--return"),
        ("edit c.mp4 -p x -o o.mp4 --detail much", "no share of detail"),
        ("edit c.mp4 -p x -o o.mp4 --detail 1.5", "detail must lie between"),
        ("edit c.mp4 -p x -o o.mp4 --technique controlnet", "--technique"),
        ("edit c.mp4 -p x -o o.mp4 --steps 0", "steps must lie between"),
        ("edit c.mp4 -p x -o o.mp4 --guidance nan", "guidance must lie between"),
        ("edit c.mp4 -p x -o o.mp4 --mod demo", "--mod"),
        ("edit c.mp4 -p x -o o.mp4 --model no/where/there", "no model"),
        ("edit c.mp4 -p x -o o.mp4 --model weights.ckpt", "pickle"),
        ("keyframes c.mp4 -p x -o o --start-frame 3", "--start-frame"),
        ("models", "ACTION"),
        ("--nonsense", "--nonsense"),
    ],
)
def test_a_wrong_line_is_one_sentence_and_code_2(
    line: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(line.split()) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("tokenflow-studio: error: ")
    assert said.err.count("\n") == 1
    assert reason in said.err


def test_an_empty_prompt_is_one_sentence_and_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edit", "c.mp4", "-p", "  ", "-o", "o.mp4"]) == 2
    assert capsys.readouterr().err == (
        "tokenflow-studio: error: The prompt is empty: say what the clip should become.\n"
    )


@pytest.mark.parametrize("command", [[], ["demo"], ["edit"], ["keyframes"], ["models", "add"]])
def test_help_shows_only_what_works(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([*command, "--help"])
    assert caught.value.code == 0
    said = capsys.readouterr().out
    assert "Exit codes" in said
    for later in ("controlnet", "farm"):
        assert later not in said


def test_a_script_may_write_its_words_into_a_file(tmp_path: Path) -> None:
    stated = tmp_path / "asked.json"
    stated.write_text('["shot", "inspect", "a \'$(id)\' \\u96ea"]')
    assert spelled_out(["--arguments", str(stated)]) == ["shot", "inspect", "a '$(id)' 雪"]
    assert spelled_out(["shot", "list", "a.edl"]) == ["shot", "list", "a.edl"]
    for text in ("{", "{}", "[1]"):
        stated.write_text(text)
        with pytest.raises(BadInput, match=r"asked\.json holds no"):
            spelled_out(["--arguments", str(stated)])
    assert main(["--arguments", str(tmp_path / "none.json")]) == 2
