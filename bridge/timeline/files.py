"""Opening timeline files: each format through its OpenTimelineIO adapter."""

import json
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

from bridge.timeline.fcpx_times import at_ntsc, for_adapter
from tokenflow_studio.core.errors import BadInput

FORMATS = {
    ".otio": "otio_json",
    ".edl": "cmx_3600",
    ".xml": "fcp_xml",
    ".fcpxml": "fcpx_xml",
}
_MAX_BYTES = 200 * 2**20
_EDL_RATES = (
    Fraction(24), Fraction(24000, 1001), Fraction(25), Fraction(30), Fraction(30000, 1001),
    Fraction(48), Fraction(50), Fraction(60), Fraction(60000, 1001),
)  # fmt: skip
_DROP_RATES = (Fraction(30000, 1001), Fraction(60000, 1001))
_TIMECODE = re.compile(r"\b\d\d:\d\d:\d\d([:;])(\d\d)\b")


def open_timelines(path: Path, rate: Fraction | None) -> tuple[list[Any], Fraction, list[str]]:
    """The file's OTIO timelines and loose clips, a rate for what has none, and remarks.

    rate: of an EDL, in place of a guess. Raises BadInput for whatever cannot be read.
    """
    adapter = FORMATS.get(path.suffix.lower())
    if adapter is None:
        raise BadInput(f"{path} is no timeline: give a file ending in {', '.join(FORMATS)}.")
    text = timeline_text(path)
    remarks: list[str] = []
    options: dict[str, Any] = {}
    ntsc = False
    assumed = rate or Fraction(24)
    if adapter == "cmx_3600":
        assumed = rate or edl_rates(text)[0]
        if rate is None:
            said = f"{float(assumed):.5g} frames per second"
            remarks.append(f"An EDL does not tell its frame rate: {said} was assumed.")
        options = {"rate": float(assumed), "ignore_timecode_mismatch": True}
    elif adapter == "otio_json":
        text, left_out = _without_newer_parts(text)
        remarks += left_out
    elif adapter == "fcpx_xml":
        text, ntsc, remarks = for_adapter(text)
    try:
        found = otio.adapters.read_from_string(text, adapter, **options)
        if ntsc:
            found = at_ntsc(found)
    except Exception as error:  # adapters raise whatever their parsers raise
        raise BadInput(f"{path} cannot be read ({_why(error)}): export it again.") from error
    whole = found if isinstance(found, otio.schema.SerializableCollection) else [found]
    return list(whole), assumed, remarks


def timeline_text(path: Path) -> str:
    """The file's text. Raises BadInput."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BadInput(f"{path} is larger than 200 MB, which no timeline is: check the file.")
        return path.read_text("utf-8-sig", errors="replace")
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}): check the path.") from error


def edl_rates(text: str) -> tuple[Fraction, ...]:
    """The rates that can hold an EDL's frame numbers, since it tells none; the likeliest first."""
    codes = _TIMECODE.findall(text)
    highest = max((int(frames) for _, frames in codes), default=0)
    dropped = any(mark == ";" for mark, _ in codes) or "FCM: DROP FRAME" in text.upper()
    rates = _DROP_RATES if dropped else _EDL_RATES
    return tuple(rate for rate in rates if highest < rate) or rates[-1:]


def _without_newer_parts(text: str) -> tuple[str, list[str]]:
    """OTIO text without the list entries of a newer schema than the library knows.

    What is no JSON stays: the library takes some that is not, such as an unquoted Inf.
    """
    try:
        document = json.loads(text)
    except ValueError:
        return text, []
    known = otio.core.type_version_map()
    left_out: Counter[str] = Counter()

    def is_newer(value: Any) -> bool:
        name, _, version = str(_schema(value)).partition(".")
        return name in known and version.isdigit() and int(version) > known[name]

    def clean(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: clean(entry) for key, entry in value.items()}
        if isinstance(value, list):
            left_out.update(str(_schema(entry)) for entry in value if is_newer(entry))
            return [clean(entry) for entry in value if not is_newer(entry)]
        return value

    cleaned = clean(document)
    remarks = [
        f"{count} x {schema} is of a newer OpenTimelineIO and was left out."
        for schema, count in sorted(left_out.items())
    ]
    return json.dumps(cleaned), remarks


def _schema(value: Any) -> str:
    return str(value.get("OTIO_SCHEMA", "")) if isinstance(value, dict) else ""


def _why(error: Exception) -> str:
    """The first line of what a parser says; nothing where it did not foresee the error."""
    if isinstance(error, AttributeError | LookupError | TypeError):
        return "it does not keep to its format"
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
