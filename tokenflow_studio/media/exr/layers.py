"""Which channels of an OpenEXR file make a picture: layers, stereo views, parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.exr.headers import Header, channels, text, texts
from tokenflow_studio.media.plates import Wanted

_CHROMA = ("Y", "RY", "BY")
_RED, _GREEN, _BLUE = ("r", "red"), ("g", "green"), ("b", "blue")
_ALPHA = ("a", "alpha")


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture inside a file.

    part: its number; name, view: "" for the main layer and for files without views; colour: the
    channels red, green, blue, or luminance and the two chroma, or a single one; alpha: its channel.
    """

    part: int
    name: str
    view: str
    colour: tuple[str, ...]
    alpha: str | None

    @property
    def is_chroma(self) -> bool:
        """Whether it is stored as luminance and chroma."""
        return len(self.colour) == 3 and self.colour[0].rpartition(".")[2] == "Y"

    @property
    def title(self) -> str:
        """How messages call it."""
        return " ".join(word for word in (self.view, self.name or "RGB") if word)


def find_layers(parts: Sequence[Header]) -> list[Layer]:
    """All pictures of a file, main layers of the hero view first; never empty."""
    found = [layer for number, part in enumerate(parts) for layer in _in_part(number, part)]
    hero = found[0].view if found else ""
    found.sort(key=lambda layer: (layer.view != hero, layer.name != ""))
    return found or [_grey(parts)]


def choose_layer(parts: Sequence[Header], wanted: Wanted, path: Path) -> Layer:
    """The picture that is edited. Raises BadInput, with what there is, where it is not found."""
    found = find_layers(parts)
    view = found[0].view if wanted.view is None else wanted.view
    seen = [layer for layer in found if layer.view.lower() == view.lower()]
    if not seen:
        views = ", ".join(dict.fromkeys(layer.view for layer in found if layer.view)) or "none"
        raise BadInput(f"{path} has no stereo view '{view}' (it has: {views}): choose another.")
    if wanted.layer is None:
        return seen[0]
    asked = wanted.layer.lower()
    for layer in seen:
        if asked in (layer.name.lower(), _part_name(parts[layer.part]).lower()):
            return layer
    names = ", ".join(layer.name or "the main one" for layer in seen)
    raise BadInput(f"{path} has no layer '{wanted.layer}' (it has: {names}): choose another.")


def _in_part(number: int, part: Header) -> list[Layer]:
    views = texts(part, "multiView")
    own_view = text(part, "view") or (views[0] if views else "")
    groups: dict[str, dict[str, str]] = {}
    for channel in channels(part):
        prefix, _, last = channel.name.rpartition(".")
        groups.setdefault(prefix, {})[last] = channel.name
    found = []
    for prefix, names in groups.items():
        colour = _colour(names)
        if colour is None:
            continue
        layer, view = prefix, own_view
        head, _, tail = prefix.rpartition(".")
        if views and tail in views:
            layer, view = head, tail
        found.append(Layer(number, layer, view, colour, _one_of(names, _ALPHA)))
    return sorted(found, key=lambda layer: (layer.view != own_view, layer.name))


def _colour(names: dict[str, str]) -> tuple[str, ...] | None:
    rgb = tuple(_one_of(names, choice) for choice in (_RED, _GREEN, _BLUE))
    if None not in rgb:
        return tuple(name for name in rgb if name)
    if all(name in names for name in _CHROMA):
        return tuple(names[name] for name in _CHROMA)
    return None


def _one_of(names: dict[str, str], wanted: tuple[str, ...]) -> str | None:
    return next((full for last, full in names.items() if last.lower() in wanted), None)


def _grey(parts: Sequence[Header]) -> Layer:
    """The luminance, or the first channel, of a file without RGB."""
    names = {channel.name.rpartition(".")[2]: channel.name for channel in channels(parts[0])}
    alpha = _one_of(names, _ALPHA)
    others = [name for name in names.values() if name != alpha] or list(names.values())
    return Layer(0, "", text(parts[0], "view"), (names.get("Y", others[0]),), alpha)


def _part_name(part: Header) -> str:
    """The name of a part without its view."""
    view = text(part, "view")
    words = [word for word in text(part, "name").split(".") if word != view]
    return ".".join(words)
