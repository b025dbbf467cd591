"""The files that make up one model, whichever way they were found."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Part:
    """One component: its configuration and its weights.

    original: the weights lie with others in one file, under the names of the original Stable
    Diffusion code.
    """

    config: Path
    weights: Path
    original: bool = False


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model's files, not yet opened.

    tokenizer: a folder, or CLIP's packed vocabulary. settings: the `tokenflow.json`, if there is
    one. prediction: what the network predicts, where something else than the scheduler's
    configuration says so. notices: what was assumed, for the user.
    """

    unet: Part
    vae: Part
    text_encoder: Part
    scheduler: Path
    tokenizer: Path
    settings: Path | None = None
    prediction: str | None = None
    notices: tuple[str, ...] = ()

    def weights(self) -> tuple[Path, ...]:
        """The files that hold tensors, each once."""
        parts = (self.unet, self.vae, self.text_encoder)
        return tuple(dict.fromkeys(part.weights for part in parts))

    def identity(self) -> tuple[tuple[str, int, int], ...]:
        """Name, size and time of change of every file: differs as soon as one of them does."""
        configs = [part.config for part in (self.unet, self.vae, self.text_encoder)]
        tokens = list(self.tokenizer.iterdir()) if self.tokenizer.is_dir() else [self.tokenizer]
        files = {*self.weights(), *configs, *tokens, self.scheduler}
        files |= {self.settings} if self.settings else set()
        stats = [(str(file), file.stat()) for file in sorted(files)]
        return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)
