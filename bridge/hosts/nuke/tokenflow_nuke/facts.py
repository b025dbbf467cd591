"""What Nuke knows of a Read, as the studio takes it."""

import nuke

from .knobs import before_first, number_of, text_of
from .studio import StudioError

_RATES = {"23.976": "24000/1001", "23.98": "24000/1001", "29.97": "30000/1001",
          "47.952": "48000/1001", "59.94": "60000/1001"}  # fmt: skip


def facts_of(read):
    """The facts of a Read node, as a dict for the studio's facts file."""
    first, last = number_of(read, "first"), number_of(read, "last")
    start, end = _cut(read, first, last)
    raw = read.knob("raw").value()
    path = read.knob("file").getEvaluatedValue()
    shift, sent_from = before_first(path or ""), host_frame(read, first)
    facts = facts_of_script(read)
    facts.update(
        frames=f"{first - shift}-{last - shift}",
        cut=f"{start - shift}-{end - shift}",
        host_first=sent_from,
        timecode=str(read.metadata("input/timecode", sent_from) or ""),
        reel=str(read.metadata("exr/reelName", sent_from) or ""),
        premultiplied=bool(read.knob("premultiplied").value()),
        original=path,
    )
    facts["colour"]["file"] = "" if raw else plain_name(text_of(read, "colorspace"))
    return facts


def facts_of_script(node):
    """What holds for every node of the script; `node` is the one that is sent."""
    root = nuke.root()
    rate = f"{root.knob('fps').value():g}"
    return {
        "rate": _RATES.get(rate, rate),
        "mode": "source",
        "host": {
            "name": "nuke",
            "version": nuke.NUKE_VERSION_STRING,
            "item": node.fullName(),
            "project": root.name(),
        },
        "colour": {"config": _config(root), "working": text_of(root, "workingSpaceLUT")},
    }


def host_frame(read, frame):
    """The script's number of a frame of the file (knobs `frame_mode` and `frame`)."""
    mode, value = text_of(read, "frame_mode"), text_of(read, "frame").strip()
    if not value:
        return frame
    try:
        number = int(float(value))
    except ValueError:
        raise StudioError(
            f"The frame of {read.name()} is the expression '{value}': give it a plain number."
        ) from None
    if mode == "start at":
        return number + frame - number_of(read, "first")
    if mode == "offset":
        return frame - number
    raise StudioError(
        f"The frame of {read.name()} is the expression '{value}': choose 'start at' or 'offset'."
    )


def plain_name(space):
    """A colour space without the remark that Nuke shows behind it; "" for an unnamed default."""
    name = space.split("\t")[0]
    if name.startswith("default (") and name.endswith(")"):
        return name[len("default (") : -1]
    return "" if name == "default" else name


def _cut(read, first, last):
    """The script's own range, where it lies within the file's; else all of it."""
    root = nuke.root()
    offset = host_frame(read, first) - first
    start = max(first, number_of(root, "first_frame") - offset)
    end = min(last, number_of(root, "last_frame") - offset)
    return (start, end) if start <= end else (first, last)


def _config(root):
    """The OCIO configuration by name, or by path where the user chose a file."""
    if text_of(root, "colorManagement") != "OCIO":
        return ""
    name = text_of(root, "OCIO_config")
    return text_of(root, "customOCIOConfigPath") if name == "custom" else name
