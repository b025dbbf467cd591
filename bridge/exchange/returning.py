"""Bringing a finished sequence into a package as its next version."""

import shutil
from pathlib import Path

from bridge.exchange.names import claim_version
from bridge.exchange.packages import Package, Returned, record_version
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import replacing
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.clips import Clip, open_clip
from tokenflow_studio.media.patterns import Pattern


def return_clip(package: Package, spec: str) -> Returned:
    """Copy a finished clip into the package's next version; nothing that is there is touched.

    A host holds the last frame beyond a clip's end, so the clip must cover all that was sent. The
    version is declared finished last of all. Raises BadInput.
    """
    manifest = package.manifest
    with open_clip(spec, rate=manifest.rate) as clip:
        frames = _covered(clip, package)
        suffix = clip.source_file(frames.first).suffix.lower()
        template = Path(manifest.returns.name)
        if clip.info.kind == "movie":
            name = template.name.replace(".####", "").replace(template.suffix, suffix)
        else:
            name = template.name.replace(template.suffix, suffix)
        version = claim_version(package.returns, name, manifest.shot, manifest.task)
        for source, target in _files(clip, frames, version.pattern):
            with replacing(target) as temporary:
                shutil.copyfile(source, temporary)
    return record_version(version.folder, version.name, version.pattern, frames)


def _covered(clip: Clip, package: Package) -> FrameRange:
    """The frames to bring back: those that were sent, by number; of a movie, all by their count."""
    sent = package.manifest.source.frames
    there = clip.info.frames
    if clip.info.kind == "movie":
        if len(there) != len(sent):
            raise BadInput(
                f"{clip.info.spec} has {len(there)} frames and {len(sent)} were sent: "
                "bring back the whole shot."
            )
        return FrameRange(there[0], there[-1])
    missing = [frame for frame in sent if frame not in there]
    if missing:
        raise BadInput(
            f"{clip.info.spec} has frames {there[0]}-{there[-1]} and {sent} were sent: "
            "bring back the whole shot."
        )
    return sent


def _files(clip: Clip, frames: FrameRange, target: Path) -> list[tuple[Path, Path]]:
    if clip.info.kind == "movie":
        return [(clip.source_file(frames.first), target)]
    pattern = Pattern.parse(str(target))
    if pattern is None:
        raise BadInput(f"The name {target.name} has no place for frame numbers.")
    return [(clip.source_file(frame), pattern.path(frame)) for frame in frames]
