"""Residual features of chosen resnets: captured from the source, injected into the edit (PnP).

The point is the output of a resnet's second convolution, before the shortcut is added (Tumanyan
et al., CVPR 2023, section 4). A pass is called with (site, features (R, C, h, w)) and returns what
flows on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor


def feature_key(site: str) -> str:
    """The name of a site's features in a source record."""
    return f"feature/{site}"


class FeaturePass(Protocol):
    """One way to treat the features of the network's feature sites."""

    def __call__(self, site: str, features: Tensor) -> Tensor: ...


@dataclass(slots=True)
class CaptureFeatures:
    """Keeps the features of the first `rows` rows, (rows, C, h, w) by site."""

    rows: int
    features: dict[str, Tensor] = field(default_factory=dict)

    def __call__(self, site: str, features: Tensor) -> Tensor:
        self.features[site] = features[: self.rows]
        return features


@dataclass(slots=True)
class InjectFeatures:
    """Replaces the features of every branch by the source's, captured before.

    records: what the inversion captured of each frame of the call.
    """

    branches: int
    records: Sequence[Mapping[str, Tensor]]

    def __call__(self, site: str, features: Tensor) -> Tensor:
        source = torch.stack([record[feature_key(site)] for record in self.records])
        return source.to(features).repeat(self.branches, 1, 1, 1)


@dataclass(slots=True)
class ShareFeatures:
    """Replaces the features of the edited branches by those of the first, the source's."""

    branches: int

    def __call__(self, site: str, features: Tensor) -> Tensor:
        source = features.unflatten(0, (self.branches, -1))[0]
        return source.repeat(self.branches, 1, 1, 1)
