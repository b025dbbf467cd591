"""Names that editors really give, and versions that two machines claim at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.exchange.names import check_template, claim_version, file_name
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.patterns import Pattern

TEMPLATE = "{shot}_{task}_{version}.####.exr"


@pytest.mark.parametrize(
    ("shot", "name"),
    [
        ("sh010", "sh010"),
        ("a shot with blanks", "a_shot_with_blanks"),
        ("Größe 雪", "Größe_雪"),
        ("[python {import os}]", "python_import_os"),
        ("100%d #2", "100_d_2"),
        ('"quoted"', "quoted"),
        ("--rf", "rf"),
        ("../../etc/passwd", "etc_passwd"),
        ("a.b-c", "a.b-c"),
    ],
)
def test_a_name_becomes_harmless(shot: str, name: str) -> None:
    assert file_name(shot) == name


@pytest.mark.parametrize("shot", ["con", "NUL.exr", "x" * 200, "雪" * 200])
def test_names_that_a_system_cannot_hold_get_a_hash(shot: str) -> None:
    name = file_name(shot)
    assert re.fullmatch(r".*-[0-9a-f]{8}", name)
    assert len(name.encode()) <= 90
    assert file_name(shot + "y") != name


@pytest.mark.parametrize("shot", ["", "   ", "..", "[]", "%#"])
def test_a_name_without_letters_is_refused(shot: str) -> None:
    with pytest.raises(BadInput, match="no letter"):
        file_name(shot)


@given(st.text(min_size=1, max_size=300))
def test_every_name_is_one_harmless_part_of_a_path_or_refused(shot: str) -> None:
    try:
        name = file_name(shot)
    except BadInput:
        return
    assert Path(name).name == name
    assert not set(name) & set(" /\\:*?\"<>|[]{}$%#'`\n\0")
    assert name[0] not in "-."
    assert file_name(name) == name


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{shot}.####.exr", "lacks {version}"),
        ("../{shot}_{version}.####.exr", "cannot be a file name"),
        ("{shot}_{version}_{user}.####.exr", "there are {shot}"),
        ("{shot}_{version}.exr", "one place for frame numbers"),
        ("{shot}_{version}.####.tiff", "cannot be a file name"),
    ],
)
def test_a_template_that_would_overwrite_or_escape_is_refused(template: str, said: str) -> None:
    with pytest.raises(BadInput, match=re.escape(said)):
        check_template(template)


def test_versions_count_on_and_are_never_given_twice(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        claimed = list(
            pool.map(lambda _: claim_version(tmp_path, TEMPLATE, "sh 010", "tf"), range(24))
        )
    assert sorted(version.number for version in claimed) == list(range(1, 25))
    last = claim_version(tmp_path, TEMPLATE, "sh 010", "tf")
    assert last.name == "v025"
    assert last.pattern == tmp_path / "sh_010_tf_v025" / "sh_010_tf_v025.####.exr"
    pattern = Pattern.parse(str(last.pattern))
    assert pattern is not None
    assert pattern.path(1001).name == "sh_010_tf_v025.1001.exr"
    assert claim_version(tmp_path, TEMPLATE, "sh 01", "tf").number == 1
