"""Measures as people read them."""

from tokenflow_studio.core.measures import readable


def test_what_there_is_is_written_in_the_usual_order() -> None:
    found = readable({"ssim": 0.5, "warp_error": 1.23456, "psnr": None, "unheard_of": 3.0})
    assert found == [
        ("warp error x 10^-3", "1.235"),
        ("PSNR to the source, dB", "equal"),
        ("SSIM to the source", "0.5000"),
    ]
    assert readable({"prompt_match": None}) == [("prompt match", "-")]
