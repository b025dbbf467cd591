"""The things that scenes are made of, each with the words captions may use for it."""

from typing import Final

SHAPES: Final[dict[str, tuple[str, ...]]] = {
    "ball": ("ball", "ball", "sphere"),
    "cube": ("cube", "cube", "box"),
    "cylinder": ("cylinder", "cylinder", "can"),
    "cone": ("cone",),
    "torus": ("torus", "ring", "donut"),
}

#: Linear-light RGB of the plain colours.
COLOURS: Final[dict[str, tuple[float, float, float]]] = {
    "red": (0.72, 0.035, 0.03),
    "blue": (0.03, 0.10, 0.66),
    "green": (0.03, 0.42, 0.06),
    "yellow": (0.88, 0.66, 0.02),
    "orange": (0.90, 0.26, 0.01),
    "purple": (0.27, 0.03, 0.45),
    "pink": (0.90, 0.24, 0.42),
    "white": (0.86, 0.86, 0.84),
    "black": (0.018, 0.018, 0.02),
}

#: Materials that are a finish of one plain colour.
FINISHES: Final[dict[str, tuple[str, ...]]] = {
    "rubber": ("{colour} rubber", "{colour}", "matte {colour}"),
    "plastic": ("{colour} plastic", "shiny {colour}", "{colour}"),
}

#: Materials that are drawn in two plain colours (black and white where nothing is said).
PATTERNS: Final[dict[str, tuple[str, ...]]] = {
    "checker": ("checkered", "chequered"),
    "stripes": ("striped", "stripy"),
    "dots": ("dotted", "polka dot"),
}

#: Materials with a look of their own.
SUBSTANCES: Final[dict[str, tuple[str, ...]]] = {
    "gold": ("golden", "gold", "shiny gold"),
    "silver": ("silver", "chrome", "shiny silver"),
    "copper": ("copper", "shiny copper"),
    "marble": ("marble", "white marble"),
    "wood": ("wooden", "wood"),
    "ice": ("ice", "icy", "frozen"),
    "lava": ("lava", "glowing lava", "burning"),
    "stone": ("stone", "rock", "grey stone"),
}

MATERIALS: Final[tuple[str, ...]] = (*FINISHES, *PATTERNS, *SUBSTANCES)

GROUNDS: Final[dict[str, tuple[str, ...]]] = {
    "grass": ("on grass", "on green grass", "on a lawn", "on a meadow"),
    "sand": ("on sand", "on a beach", "in the desert"),
    "snow": ("on snow", "in the snow"),
    "sea": ("on the sea", "in the water", "on the ocean"),
    "brick wall": ("in front of a brick wall", "before a brick wall"),
    "wooden table": ("on a wooden table", "on a table", "on wooden planks"),
    "road": ("on a road", "on a street", "on asphalt"),
    "studio": ("in a studio", "on a plain background"),
}

TIMES: Final[dict[str, tuple[str, ...]]] = {
    "day": ("", "", "", "at daytime", "in daylight"),
    "sunset": ("at sunset", "at dusk", "in the evening"),
    "night": ("at night", "in the moonlight", "under the stars"),
}

STYLES: Final[dict[str, tuple[str, ...]]] = {
    "photo": ("", "", "", "a photo of"),
    "watercolor": ("a watercolor of", "a watercolor painting of"),
    "pencil": ("a pencil sketch of", "a pencil drawing of"),
    "oil": ("an oil painting of",),
    "mosaic": ("a mosaic of",),
    "comic": ("a comic of", "a cartoon of"),
}
