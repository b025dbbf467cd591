"""Keys of other programs, for hands that know them: what differs from the table of commands.

The table itself is the Resolve preset. RV's keys follow its reference manual; Nuke's those of its
viewer.
"""

from collections.abc import Mapping

DEFAULT_PRESET = "resolve"

PRESET_TITLES: Mapping[str, str] = {
    DEFAULT_PRESET: "DaVinci Resolve",
    "rv": "RV",
    "nuke": "Nuke",
}

_RV: Mapping[str, tuple[str, ...]] = {
    "range.in": ("[", "I"),
    "range.out": ("]", "O"),
    "range.clear": ("\\", "Alt+X"),
    "play.toggle": ("Space", "Down"),
    "play.reverse": ("Up", "J"),
    "keyframe.next": ("Alt+Right",),
    "keyframe.previous": ("Alt+Left",),
    "view.actual": ("1", "Shift+F"),
}

_NUKE: Mapping[str, tuple[str, ...]] = {
    "step.field": ("Alt+G",),
    "keyframe.next": ("Ctrl+Shift+Right",),
    "keyframe.previous": ("Ctrl+Shift+Left",),
    "keyframe.toggle": ("Shift+M",),  # M is the matte's there
}

PRESETS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    DEFAULT_PRESET: {},
    "rv": _RV,
    "nuke": _NUKE,
}
