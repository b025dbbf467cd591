"""Searching the takes by words, star and status."""

import pytest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.core.review import Review, Status
from tokenflow_studio.ui.state.takes import TAKE_ROLE, Take, TakesModel
from tokenflow_studio.ui.state.takes_filter import TakesFilter

TAKES = (
    ("a Paper cut of an owl", Review(Status.APPROVED, "grain is right", starred=True)),
    ("an owl in oil", Review(Status.FOR_REVIEW)),
    ("a paper boat", Review(Status.REJECTED, "flickers", starred=True)),
)


@pytest.fixture
def takes(qtbot: QtBot) -> TakesModel:
    made = TakesModel()
    for version, (prompt, review) in enumerate(TAKES, 1):
        request = EditRequest(clip="/clips/owl.mp4", prompt=prompt)
        made.insert(Take(id=str(version), version=version, request=request, review=review), ())
    return made


def _shown(rows: TakesFilter) -> list[int]:
    return [rows.index(row, 0).data(TAKE_ROLE).version for row in range(rows.rowCount())]


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("", [3, 2, 1]),
        ("paper", [3, 1]),
        ("OWL paper", [1]),
        ("flick", [3]),
        ("take 2", [2]),
        ("zebra", []),
    ],
)
def test_all_words_must_be_there(takes: TakesModel, text: str, versions: list[int]) -> None:
    rows = TakesFilter(takes)
    rows.set_text(text)
    assert _shown(rows) == versions
    assert rows.active is bool(text)


def test_star_status_and_words_narrow_together(
    qtmodeltester: ModelTester, takes: TakesModel
) -> None:
    rows = TakesFilter(takes)
    qtmodeltester.check(rows)
    rows.set_starred(True)
    assert _shown(rows) == [3, 1]
    rows.set_status(Status.APPROVED)
    assert _shown(rows) == [1]
    rows.set_status(None)
    rows.set_text("boat")
    assert _shown(rows) == [3]


def test_a_take_that_no_longer_fits_goes_from_the_list(takes: TakesModel) -> None:
    rows = TakesFilter(takes)
    rows.set_starred(True)
    takes.update("3", review=Review(Status.REJECTED))
    assert _shown(rows) == [1]
