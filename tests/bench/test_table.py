"""Tables as people read them and as programs do."""

from tokenflow_studio.bench.table import Column, Table

TABLE = Table(
    "Speed",
    (Column("job"), Column("rows", "d"), Column("share", ".0%")),
    (("whole job", 4000, 1.0), ("preview", 650, None)),
    "A note.",
)


def test_text_is_aligned() -> None:
    assert TABLE.text().splitlines() == [
        "Speed",
        "----------------------",
        "job        rows  share",
        "----------------------",
        "whole job  4000   100%",
        "preview     650      -",
        "----------------------",
        "A note.",
    ]


def test_values_carry_their_names() -> None:
    assert TABLE.values() == {
        "title": "Speed",
        "rows": [
            {"job": "whole job", "rows": 4000, "share": 1.0},
            {"job": "preview", "rows": 650, "share": None},
        ],
    }
