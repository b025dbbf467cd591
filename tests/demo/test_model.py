"""The shipped folder is an ordinary pipeline that generates with no further argument."""

import json
import warnings

import numpy as np
import pytest

from tokenflow_studio.core.paths import resource

MODEL = resource("demo", "model")
pytestmark = pytest.mark.skipif(not MODEL.is_dir(), reason="the demo model is not built yet")


@pytest.fixture(scope="module")
def pipeline():
    from diffusers import StableDiffusionPipeline

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = StableDiffusionPipeline.from_pretrained(MODEL)
    found.set_progress_bar_config(disable=True)
    return found


def test_it_generates_from_a_prompt_alone(pipeline) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        picture = np.asarray(pipeline("a red ball on grass", num_inference_steps=4).images[0])
    assert picture.shape == (256, 256, 3)
    assert picture.std() > 10


def test_it_keeps_self_attention_at_every_resolution(pipeline) -> None:
    sites = [name for name, _ in pipeline.unet.named_modules() if name.endswith("attn1")]
    assert {name.split(".attentions")[0] for name in sites} == {
        *[f"down_blocks.{n}" for n in range(3)],
        *[f"up_blocks.{n}" for n in range(3)],
        "mid_block",
    }


def test_settings_name_parts_of_the_model(pipeline) -> None:
    settings = json.loads((MODEL / "tokenflow.json").read_text("utf-8"))
    names = {name for name, _ in pipeline.unet.named_modules()}
    for site in settings["attention_sites"] + settings["feature_sites"]:
        assert site in names


def test_it_is_small_and_names_no_folder_of_a_machine() -> None:
    files = [path for path in resource("demo").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 40_000_000
    for path in MODEL.rglob("*.json"):
        assert "name_or_path" not in path.read_text("utf-8")
