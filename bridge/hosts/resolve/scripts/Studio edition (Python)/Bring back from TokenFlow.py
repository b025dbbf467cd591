"""Resolve's menu Workspace > Scripts > TokenFlow Studio: bring the selected clip's version back."""

import sys

sys.path.insert(0, "@LIBRARY@")

from tokenflow_resolve import actions

actions.bring_back(resolve)  # noqa: F821 - Resolve sets this name
