"""The measures of an edit by their names in reports, as people read them."""

from collections.abc import Mapping

_SHOWN = (
    ("frames", "frames", "d"),
    ("warp_error", "warp error x 10^-3", ".3f"),
    ("warp_error_of_source", "warp error of the source x 10^-3", ".3f"),
    ("flicker_energy", "flicker energy x 10^-3", ".4f"),
    ("interpolation_error", "interpolation error x 10^-3", ".4f"),
    ("psnr", "PSNR to the source, dB", ".2f"),
    ("ssim", "SSIM to the source", ".4f"),
    ("psnr_outside", "PSNR outside the matte, dB", ".2f"),
    ("ssim_outside", "SSIM outside the matte", ".4f"),
    ("prompt_match", "prompt match", ".4f"),
    ("frame_consistency", "frame consistency", ".4f"),
)
_EQUAL = ("psnr", "psnr_outside")  # without a value where the clips are equal


def readable(measures: Mapping[str, float | None]) -> list[tuple[str, str]]:
    """Title and value of each measure that there is, in their usual order."""
    return [
        (title, _written(name, measures[name], form))
        for name, title, form in _SHOWN
        if name in measures
    ]


def _written(name: str, value: float | None, form: str) -> str:
    if value is None:
        return "equal" if name in _EQUAL else "-"
    return format(value, form)
