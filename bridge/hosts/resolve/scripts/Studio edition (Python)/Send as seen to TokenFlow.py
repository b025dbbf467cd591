"""Resolve's menu Workspace > Scripts > TokenFlow Studio: send the selected clip, all baked in."""

import sys

sys.path.insert(0, "@LIBRARY@")

from tokenflow_resolve import actions

actions.send(resolve, as_seen=True)  # noqa: F821 - Resolve sets this name
