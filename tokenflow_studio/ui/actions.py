"""Every command of the window as data: id, title, keys, slot, menu, icon."""

from dataclasses import dataclass
from functools import partial
from operator import attrgetter

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from tokenflow_studio.ui.icons import icon
from tokenflow_studio.ui.state.matte import MatteTool
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.state.viewing import Channel, Guide, Print


@dataclass(frozen=True, slots=True)
class Command:
    """slot: dotted attribute of the window; args are handed to it; a "-" title is a separator.

    keys: each of them works. Where the first one is dead or shifted on a German or French
    keyboard, another one is not. held: it lasts while the key is down, and the viewer itself
    listens for it.
    """

    menu: str
    id: str
    title: str
    slot: str
    keys: tuple[str, ...] = ()
    args: tuple[object, ...] = ()
    icon: str = ""
    held: bool = False


COMMANDS = (
    Command("File", "project.new", "New Project", "studio.project.new", ("Ctrl+N",)),
    Command("File", "clip.open", "Open…", "dialogs.ask_for_clip", ("Ctrl+O",), icon="open"),
    Command("File", "clip.folder", "Open Sequence or Package Folder…", "dialogs.ask_for_folder",
            ("Ctrl+Shift+O",)),
    Command("File", "clip.demo", "Open the Demo Clip", "studio.open_demo", icon="film"),
    Command("File", "", "-", ""),
    Command("File", "project.save", "Save Project", "studio.project.save", ("Ctrl+S",)),
    Command("File", "project.save-as", "Save Project As…", "dialogs.ask_for_project_name",
            ("Ctrl+Shift+S",)),
    Command("File", "", "-", ""),
    Command("File", "take.back", "Bring Back the Deleted Take", "studio.shelf.bring_back"),
    Command("File", "take.export", "Export Take…", "dialogs.ask_for_export",
            ("Ctrl+E",), icon="export"),
    Command("File", "take.send-back", "Send Take Back", "studio.packages.send_back",
            ("Ctrl+Shift+E",)),
    Command("File", "window.hosts", "Nuke and Resolve…", "side.show_hosts"),
    Command("File", "", "-", ""),
    Command("File", "window.close", "Quit", "close", ("Ctrl+Q",)),
    Command("Edit", "edit.undo", "Undo", "studio.history.stack.undo", ("Ctrl+Z",)),
    Command("Edit", "edit.redo", "Redo", "studio.history.stack.redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
    Command("Edit", "", "-", ""),
    Command("Edit", "prompt.focus", "Edit Prompt", "focus_prompt", ("P",)),
    Command("Edit", "recipe.lock", "Lock Seed", "studio.recipe.toggle_seed_lock", ("Ctrl+L",),
            icon="lock"),
    Command("Edit", "recipe.dice", "Roll Seed", "studio.recipe.roll_seed", icon="dice"),
    Command("Edit", "recipe.preset", "Save as Preset…", "recipe.presets.ask_for_name",
            icon="presets"),
    Command("Edit", "", "-", ""),
    Command("Edit", "matte.polygon", "Draw Matte: Polygon", "studio.matte.choose",
            ("Ctrl+Alt+P",), (MatteTool.POLYGON,), "polygon"),
    Command("Edit", "matte.ellipse", "Draw Matte: Ellipse", "studio.matte.choose",
            ("Ctrl+Alt+E",), (MatteTool.ELLIPSE,), "ellipse"),
    Command("Edit", "matte.file", "Matte from File…", "dialogs.ask_for_matte"),
    Command("Edit", "matte.alpha", "Matte from the Clip’s Alpha", "studio.matte.use_alpha"),
    Command("Edit", "matte.clear", "Remove the Matte", "studio.matte.clear"),
    Command("Edit", "", "-", ""),
    Command("Edit", "window.models", "Models…", "side.show_models", ("Ctrl+Shift+M",)),
    Command("Edit", "window.preferences", "Preferences…", "side.show_preferences", ("Ctrl+,",)),
    Command("View", "view.source", "Source", "studio.session.set_compare", ("1", "F5"),
            (Compare.SOURCE,), "source"),
    Command("View", "view.edit", "Edited Keyframes", "studio.results.show_keyframes",
            ("2", "F6"), icon="keyframes"),
    Command("View", "view.take", "Take", "studio.results.show_take", ("3", "F7"), icon="edit"),
    Command("View", "view.previous", "Previous Take", "studio.results.show_previous",
            ("4", "F8")),
    Command("View", "view.side", "Side by Side", "studio.session.toggle_compare", ("Shift+W",),
            (Compare.SIDE_BY_SIDE,), "side-by-side"),
    Command("View", "view.wipe", "Wipe", "studio.session.toggle_compare", ("W",),
            (Compare.WIPE,), "wipe"),
    Command("View", "view.turn", "Turn the Wipe", "studio.viewing.turn_wipe", ("Alt+W",)),
    Command("View", "view.swap", "Swap the Sides' Places", "studio.viewing.swap_places", ("X",)),
    Command("View", "view.swap-takes", "Exchange A and B", "studio.shelf.swap", ("Shift+X",)),
    Command("View", "view.difference", "Difference", "studio.session.toggle_compare", ("D",),
            (Compare.DIFFERENCE,), "difference"),
    Command("View", "view.gain", "Next Gain of the Difference", "studio.viewing.next_gain",
            ("Shift+D",)),
    Command("View", "view.onion", "Onion", "studio.session.toggle_compare", ("N",),
            (Compare.ONION,), "onion"),
    Command("View", "", "-", ""),
    Command("View", "view.fit", "Fit", "viewer.fit", ("F",), icon="fit"),
    Command("View", "view.actual", "Actual Size", "viewer.actual_size",
            ("Ctrl+1", "Shift+F")),
    Command("View", "view.hold", "Show Source While Held", "", ("`", "Q"), held=True),
    Command("View", "", "-", ""),
    Command("View", "view.red", "Red Channel", "studio.viewing.toggle_channel", ("R",),
            (Channel.RED,)),
    Command("View", "view.green", "Green Channel", "studio.viewing.toggle_channel", ("G",),
            (Channel.GREEN,)),
    Command("View", "view.blue", "Blue Channel", "studio.viewing.toggle_channel", ("B",),
            (Channel.BLUE,)),
    Command("View", "view.brighter", "Raise Exposure", "studio.viewing.add_exposure", ("E",),
            (0.25,)),
    Command("View", "view.darker", "Lower Exposure", "studio.viewing.add_exposure", ("Shift+E",),
            (-0.25,)),
    Command("View", "view.neutral", "Reset Channel, Exposure and Gamma", "studio.viewing.reset",
            ("Ctrl+R",), icon="reset"),
    Command("View", "", "-", ""),
    Command("View", "view.safe", "Safe Areas", "studio.viewing.toggle_guide", ("S",),
            (Guide.SAFE,)),
    Command("View", "view.centre", "Centre Cross", "studio.viewing.toggle_guide", ("Alt+C",),
            (Guide.CENTRE,)),
    Command("View", "view.thirds", "Thirds", "studio.viewing.toggle_guide", ("Alt+T",),
            (Guide.THIRDS,)),
    Command("View", "view.mask", "Next Ratio Mask", "studio.viewing.next_mask", ("Shift+S",)),
    Command("View", "view.mask-style", "Mask as Lines, Half or Full",
            "studio.viewing.next_mask_style", ("Alt+S",)),
    Command("View", "view.matte", "Matte over the Picture", "studio.matte.toggle_shown",
            ("Alt+M",), icon="matte"),
    Command("View", "view.hud", "Frame, Timecode and Values", "studio.viewing.toggle_hud", ("H",)),
    Command("View", "view.place", "Frame and Timecode", "studio.viewing.toggle_print",
            ("Alt+H",), (Print.PLACE,)),
    Command("View", "view.values", "Values Under the Pointer", "studio.viewing.toggle_print",
            ("Shift+H",), (Print.VALUES,)),
    Command("View", "view.snapshot", "Snapshot of the Viewer", "take_snapshot", ("C",)),
    Command("View", "", "-", ""),
    Command("View", "timeline.thumbnails", "Thumbnails in the Timeline",
            "timeline.toggle_thumbnails", ("T",)),
    Command("View", "timeline.ruler", "Ruler in Frames or Timecode", "timeline.toggle_ruler",
            ("Shift+T",)),
    Command("View", "timeline.in", "Zoom In on the Timeline", "timeline.zoom",
            ("Ctrl+=", "Ctrl++"), (2,)),
    Command("View", "timeline.out", "Zoom Out of the Timeline", "timeline.zoom", ("Ctrl+-",),
            (-2,)),
    Command("View", "timeline.fit", "Whole Clip in the Timeline", "timeline.fit", ("Shift+Z",)),
    Command("View", "", "-", ""),
    Command("View", "view.focus", "Back to the Viewer", "focus_viewer", ("Esc",)),
    Command("View", "view.full", "Full Screen", "toggle_full_screen", ("F11",)),
    Command("View", "view.screen", "Viewer on Another Screen", "side.toggle_screen",
            ("F12", "Ctrl+F11")),
    Command("Playback", "play.toggle", "Play / Pause", "studio.playback.toggle", ("Space",),
            icon="play"),
    Command("Playback", "play.forward", "Shuttle Forward", "studio.playback.faster_forward",
            ("L",)),
    Command("Playback", "play.stop", "Pause", "studio.playback.pause", ("K",)),
    Command("Playback", "play.reverse", "Shuttle Backward", "studio.playback.faster_backward",
            ("J",)),
    Command("Playback", "play.loop", "Loop", "studio.playback.toggle_looping",
            ("Ctrl+/", "Shift+L"), icon="loop"),
    Command("Playback", "", "-", ""),
    Command("Playback", "step.next", "Next Frame", "step", ("Right",), (1,), "step-forward"),
    Command("Playback", "step.previous", "Previous Frame", "step", ("Left",), (-1,), "step-back"),
    Command("Playback", "step.ten", "Forward 10 Frames", "step", ("Shift+Right",), (10,)),
    Command("Playback", "step.back-ten", "Back 10 Frames", "step", ("Shift+Left",), (-10,)),
    Command("Playback", "step.second", "Forward 1 Second", "step_second", ("Ctrl+Right",), (1,)),
    Command("Playback", "step.back-second", "Back 1 Second", "step_second", ("Ctrl+Left",), (-1,)),
    Command("Playback", "step.start", "Go to Start", "go_to_end", ("Home",), (False,), "to-start"),
    Command("Playback", "step.end", "Go to End", "go_to_end", ("End",), (True,), "to-end"),
    Command("Playback", "step.field", "Go to Frame…", "focus_frame_field",
            ("=", "Ctrl+G")),
    Command("Playback", "", "-", ""),
    Command("Playback", "range.in", "Mark In", "studio.session.mark_in", ("I",), icon="mark-in"),
    Command("Playback", "range.out", "Mark Out", "studio.session.mark_out", ("O",),
            icon="mark-out"),
    Command("Playback", "range.clear", "Clear In and Out", "studio.session.set_range", ("Alt+X",),
            (None,)),
    Command("Keyframes", "job.preview", "Preview Keyframes", "studio.preview",
            ("Ctrl+Return", "Ctrl+Enter", "Shift+Return"), icon="keyframes"),
    Command("Keyframes", "job.propagate", "Propagate", "studio.propagate",
            ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), icon="propagate"),
    Command("Keyframes", "job.propagate-all", "Propagate All Shots", "studio.propagate_all"),
    Command("Keyframes", "job.cancel", "Cancel Job", "studio.cancel",
            ("Ctrl+.", "Shift+Esc"), icon="cancel"),
    Command("Keyframes", "", "-", ""),
    Command("Keyframes", "queue.show", "Queue", "job_bar.queue.toggle", ("Ctrl+J",), icon="queue"),
    Command("Keyframes", "queue.pause", "Pause After This Job", "studio.jobs.pause"),
    Command("Keyframes", "queue.resume", "Resume the Queue", "studio.jobs.resume"),
    Command("Keyframes", "queue.retry", "Retry the Failed Job", "studio.jobs.retry_last",
            icon="retry"),
    Command("Keyframes", "", "-", ""),
    Command("Keyframes", "keyframe.toggle", "Add or Remove Keyframe", "studio.placement.toggle",
            ("M",)),
    Command("Keyframes", "keyframe.later", "Move Keyframe 1 Frame Later", "studio.placement.nudge",
            ("Alt+Shift+Right",), (1,)),
    Command("Keyframes", "keyframe.earlier", "Move Keyframe 1 Frame Earlier",
            "studio.placement.nudge", ("Alt+Shift+Left",), (-1,)),
    Command("Keyframes", "keyframe.spread", "Spread Keyframes Evenly", "studio.placement.spread",
            icon="reset"),
    Command("Keyframes", "", "-", ""),
    Command("Keyframes", "keyframe.approve", "Approve Keyframe, or Take It Back",
            "studio.keyframes.approve", ("Y",)),
    Command("Keyframes", "keyframe.approve-all", "Approve All Keyframes",
            "studio.keyframes.approve_all", ("Shift+Y",)),
    Command("Keyframes", "keyframe.roll", "Roll Keyframe Again", "studio.keyframes.roll",
            ("Shift+R",)),
    Command("Keyframes", "", "-", ""),
    Command("Keyframes", "keyframe.next", "Next Keyframe", "studio.step_keyframe", ("Down",), (1,)),
    Command("Keyframes", "keyframe.previous", "Previous Keyframe", "studio.step_keyframe",
            ("Up",), (-1,)),
    Command("Help", "help.shortcuts", "Keyboard Shortcuts", "side.toggle_shortcuts", ("F1", "?")),
    Command("Help", "", "-", ""),
    Command("Help", "help.log", "Log…", "side.show_log"),
    Command("Help", "help.diagnostics", "Copy Diagnostics", "side.copy_diagnostics"),
    Command("Help", "worker.restart", "Restart Worker", "studio.system.restart"),
)  # fmt: skip


def install_actions(window: QMainWindow) -> dict[str, QAction]:
    """Make the menus of the window from the table; returns its actions by id."""
    menus: dict[str, QMenu] = {}
    actions: dict[str, QAction] = {}
    for command in COMMANDS:
        menu = menus.get(command.menu)
        if menu is None:
            menu = menus[command.menu] = window.menuBar().addMenu(command.menu)
        if command.title == "-":
            menu.addSeparator()
            continue
        if command.held:
            continue
        action = QAction(command.title, window)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        if command.icon:
            action.setIcon(icon(command.icon, "text-dim"))
        slot = attrgetter(command.slot)(window)
        # `triggered` carries a checked flag that no command wants.
        action.triggered.connect(partial(_run, slot, command.args))
        menu.addAction(action)
        actions[command.id] = action
    return actions


def insert_menu(before: QAction, menu: QMenu) -> None:
    """Put a menu into the one that holds that action, above it."""
    for holder in before.associatedObjects():
        if isinstance(holder, QMenu):
            holder.insertMenu(before, menu)


def real_commands() -> tuple[Command, ...]:
    """The commands of the table without its separators."""
    return tuple(command for command in COMMANDS if command.title != "-")


def _run(slot: object, args: tuple[object, ...], _checked: bool = False) -> None:
    slot(*args)  # pyright: ignore[reportCallIssue]
