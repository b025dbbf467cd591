"""Speeds that an exported EDL alone shows: a ramp may last as long as its frames do at 100 %."""

import re
import tempfile
from pathlib import Path

_CODE = r"\d\d:\d\d:\d\d[:;]\d\d"
_EVENT = re.compile(rf"^\s*\d+\s+\S+\s+\S*V\S*\s.*{_CODE}\s+{_CODE}\s+({_CODE})\s+{_CODE}\s*$")


def has_speed(desk, item, own_rate):
    """Whether the timeline's EDL gives a speed (M2) to what begins where `item` does.

    own_rate: whether its media plays at the timeline's rate; else one M2 line may tell just that.
    An EDL holds one video track.
    """
    nominal = round(_number(desk.rate()))
    speeds, drop, begins = 0, False, None
    for line in _edl(desk).splitlines():
        if line.startswith("FCM:"):
            drop = "NON" not in line
        event = _EVENT.match(line)
        if event:
            begins = _frame(event.group(1), nominal, drop)
        elif line.startswith("M2") and begins == item.GetStart():
            speeds += 1
    return speeds > (0 if own_rate else 1)


def _edl(desk):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cut.edl"
        kinds = desk.resolve.EXPORT_EDL, desk.resolve.EXPORT_NONE
        if not desk.timeline.Export(str(path), *kinds):
            return ""
        return path.read_text("utf-8", errors="replace")


def _frame(code, nominal, drop):
    """The number of a frame; drop-frame timecode leaves numbers out, but for every tenth minute."""
    hours, minutes, seconds, frames = [int(part) for part in re.split("[:;]", code)]
    minutes += 60 * hours
    count = (60 * minutes + seconds) * nominal + frames
    return count - nominal // 15 * (minutes - minutes // 10) if drop or ";" in code else count


def _number(rate):
    top, _, bottom = rate.partition("/")
    return float(top) / float(bottom or 1)
