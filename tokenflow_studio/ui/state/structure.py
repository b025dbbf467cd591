"""How much of the source's structure an edit keeps, as one share for each technique.

PnP injects features and attention for a share of the steps. The paper's 0.5 and 0.8 (Tumanyan et
al., CVPR 2023, section 4) are 50 % here; above and below, features keep their ratio to attention
until they last for all steps. SDEdit keeps what its strength leaves.
"""

_FEATURES = 1.6  # of attention: 0.8 / 0.5


def injection_of(structure: float) -> tuple[float, float]:
    """PnP's shares of the steps (attention, features) for a structure of 0 to 1."""
    return round(structure, 2), round(min(1.0, _FEATURES * structure), 2)


def strength_of(structure: float) -> float:
    """SDEdit's strength for a structure of 0 to 1."""
    return round(1.0 - structure, 2)


def structure_of(attention: float, features: float) -> tuple[float, bool]:
    """The structure that PnP's shares come nearest to, and whether they are just that."""
    return attention, injection_of(attention) == (round(attention, 2), round(features, 2))
