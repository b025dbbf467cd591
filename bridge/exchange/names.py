"""Names of shots, versions and their files: harmless on every system and in every host."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import writing_error

TOKENS = ("shot", "task", "version")
_PLACE = re.compile(r"#+|%0\d+d")
_TOKEN = re.compile(r"\{(\w*)\}")
_LONGEST = 80  # characters of a shot in a file name: with folders and number still below 255 bytes
_VERSIONS = 1000
_ENDINGS = (".exr", ".png", ".mov", ".mp4")
# Windows keeps these for devices, whatever the ending.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(10)}
)


def file_name(shot: str) -> str:
    """The shot's name as it can stand in any file name: letters, digits, `_`, `-`, `.`.

    Whatever else is in it becomes `_`, and a long one is cut, with a hash of the whole so that two
    stay two. Raises BadInput where nothing is left.
    """
    plain = unicodedata.normalize("NFC", shot)
    kept = "".join(c if c.isalnum() or c in "_-." else "_" for c in plain)
    kept = re.sub(r"_{2,}", "_", kept).strip("_-. ")
    if not kept:
        raise BadInput(f"The shot's name '{shot}' has no letter and no digit: give another name.")
    if len(kept.encode()) > _LONGEST or kept.partition(".")[0].lower() in _DEVICES:
        digest = hashlib.blake2b(plain.encode(), digest_size=4).hexdigest()
        kept = f"{_shortened(kept, _LONGEST - 9)}-{digest}"
        kept = (
            f"shot_{kept}" if kept.partition(".")[0].partition("-")[0].lower() in _DEVICES else kept
        )
    return kept


def _shortened(text: str, longest: int) -> str:
    return text.encode()[:longest].decode(errors="ignore").rstrip("_-. ")


@dataclass(frozen=True, slots=True)
class Version:
    """A version that nobody else can have: its folder was made for it."""

    number: int
    folder: Path
    pattern: Path

    @property
    def name(self) -> str:
        """v001."""
        return f"v{self.number:03d}"


def check_template(template: str) -> None:
    """Raise BadInput for a template that gives no file names or leads out of its folder."""
    unknown = [token for token in _TOKEN.findall(template) if token not in TOKENS]
    if unknown:
        listed = ", ".join(f"{{{token}}}" for token in TOKENS)
        raise BadInput(f"The name {template} holds {{{unknown[0]}}}: there are {listed}.")
    rest = _TOKEN.sub("", template)
    if "{version}" not in template:
        raise BadInput(f"The name {template} lacks {{version}}: versions would overwrite another.")
    ending = Path(template).suffix.lower()
    if any(c in rest for c in '/\\:*?"<>|[]{}') or ending not in _ENDINGS:
        raise BadInput(
            f"The name {template} cannot be a file name: write it as "
            "{shot}_{task}_{version}.####.exr."
        )
    if ending in (".exr", ".png") and len(_PLACE.findall(template)) != 1:
        raise BadInput(f"The name {template} needs one place for frame numbers, such as ####.")


def claim_version(folder: Path, template: str, shot: str, task: str) -> Version:
    """Make the folder of the next version below `folder`; two machines at once get two versions.

    Raises BadInput for a template that `check_template` refuses, else as `core.files.replacing`.
    """
    check_template(template)
    stem = f"{file_name(shot)}_{file_name(task)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = [_number(path.name, stem) for path in folder.iterdir()]
        for number in range(max(taken, default=0) + 1, _VERSIONS):
            own = folder / f"{stem}_v{number:03d}"
            try:
                own.mkdir()
            except FileExistsError:
                continue
            return Version(number, own, own / _filled(template, shot, task, number))
    except OSError as error:
        raise writing_error(folder, error) from error
    raise BadInput(f"{folder} is full: remove versions of {shot} that are no longer needed.")


def _filled(template: str, shot: str, task: str, number: int) -> str:
    values = {"shot": file_name(shot), "task": file_name(task), "version": f"v{number:03d}"}
    return _TOKEN.sub(lambda match: values[match[1]], template)


def _number(name: str, stem: str) -> int:
    match = re.fullmatch(re.escape(stem) + r"_v(\d+)", name)
    return int(match[1]) if match else 0
