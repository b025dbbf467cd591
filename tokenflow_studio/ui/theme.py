"""The look: tokens from `resources/theme/dark.json`, as palette, style sheet and font."""

import functools
import json
import string
from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from tokenflow_studio.core.paths import resource

_ROLES = {
    QPalette.ColorRole.Window: "panel",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "field",
    QPalette.ColorRole.AlternateBase: "lane",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "button",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "text-strong",
    QPalette.ColorRole.ToolTipBase: "button",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "text-off",
    QPalette.ColorRole.Highlight: "accent-deep",
    QPalette.ColorRole.HighlightedText: "text-strong",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Light: "line-strong",
    QPalette.ColorRole.Midlight: "line",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "edge",
    QPalette.ColorRole.Shadow: "edge",
}
_FADED = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
)


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by name, sizes in logical pixels, and the font's family."""

    colours: dict[str, str]
    sizes: dict[str, int]
    family: str

    def colour(self, name: str) -> QColor:
        """The colour of that name; a name that the theme lacks is a KeyError."""
        return QColor(self.colours[name])

    def font(self, size: str = "size", weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The interface font: size is `size`, `small` or `title`. Digits keep one width."""
        font = QFont(self.family)
        font.setPixelSize(self.sizes[size])
        font.setWeight(weight)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font


@functools.cache
def theme() -> Theme:
    """The tokens, read once."""
    tokens = json.loads(resource("theme", "dark.json").read_text("utf-8"))
    font = tokens["font"]
    sizes = {name: value for name, value in font.items() if name != "family"}
    return Theme(tokens["colour"], sizes | tokens["space"], font["family"])


def apply_theme(app: QApplication) -> None:
    """Dress the whole application; a second call changes nothing."""
    if app.property("studioTheme"):
        return
    app.setProperty("studioTheme", True)
    for path in sorted(resource("theme", "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(path))
    app.setStyle("Fusion")
    app.setPalette(_palette())
    app.setFont(theme().font())
    app.setStyleSheet(_style_sheet())


def _palette() -> QPalette:
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, theme().colour(name))
    for role in _FADED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, theme().colour("text-off"))
    return palette


def _style_sheet() -> str:
    template = string.Template(resource("theme", "studio.qss").read_text("utf-8"))
    names = theme().colours | {key: str(value) for key, value in theme().sizes.items()}
    plain = {key.replace("-", "_"): value for key, value in names.items()}
    return template.substitute(plain, icons=resource("icons").as_posix())
