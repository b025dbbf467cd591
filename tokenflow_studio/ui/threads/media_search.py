"""Looking for media that is not where a project says."""

from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.patterns import Pattern


def is_there(spec: str) -> bool:
    """Whether a clip's file, or one frame of its sequence, exists."""
    path = Path(spec)
    try:
        if path.exists():
            return True
        pattern = Pattern.parse(spec)
        return pattern is not None and bool(pattern.found())
    except (OSError, BadInput):
        return False


def within(folder: str, spec: str) -> str:
    """What a folder that the user chose means for a lost clip: the clip of that name in it, or in
    one of its folders of the same names as before; the folder itself otherwise."""
    parts = Path(spec).parts
    for count in range(1, min(len(parts), 4)):
        candidate = str(Path(folder).joinpath(*parts[-count:]))
        if is_there(candidate):
            return candidate
    return folder


def found_again(clips: dict[str, str], moved: dict[str, str]) -> dict[str, str]:
    """Of the clips (by shot) those that are gone from where they were and lie at `moved`."""
    return {
        shot: there
        for shot, there in moved.items()
        if not is_there(clips[shot]) and is_there(there)
    }
