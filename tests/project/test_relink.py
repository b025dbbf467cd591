"""Media that has moved is found again from one example."""

import pytest

from tokenflow_studio.project.relink import move_between


@pytest.mark.parametrize(
    ("before", "after", "other", "found"),
    [
        ("/a/show/x/p.####.exr", "/b/show/x/p.####.exr", "/a/show/y/q.mov", "/b/show/y/q.mov"),
        ("/a/p.mov", "/b/c/p.mov", "/a/q.mov", "/b/c/q.mov"),
        ("/a/p.mov", "/b/renamed.mov", "/a/q.mov", "/b/q.mov"),
        ("/a/x/p.mov", "/b/x/p.mov", "/elsewhere/q.mov", None),
        ("/a/x/p.mov", "/a/y/p.mov", "/a/xy/q.mov", None),
    ],
)
def test_the_others_are_looked_for_where_the_first_one_went(before, after, other, found) -> None:
    move = move_between(before, after)
    assert move.applied(before) in (after, after.replace("renamed", "p"))
    assert move.applied(other) == found
