"""Shots from Blender's video sequencer to the studio and back, as the scripts of other hosts do it.

Runs under Blender's own Python, beside a copy of `bridge/hosts/shared/studio.py` with its note:
`python client.py STEP JOB.json` does one step and prints its answer as JSON in the last line.
"""

import json
import re
import sys
from pathlib import Path

import bpy  # pyright: ignore[reportMissingImports]
import studio  # pyright: ignore[reportMissingImports]

HANDLES = 8
PACKAGE = "tokenflow_package"
_NUMBER = re.compile(r"(\d+)(\.\w+)$")


def cut(job):
    """A project whose timeline shows some frames of a plate; the strip is selected."""
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = job["fps"], job["fps_base"]
    scene.render.pixel_aspect_x = job["pixel_aspect"]
    # The sequencer works in the space of the plate, so that nothing is converted and rounded.
    scene.sequencer_colorspace_settings.name = "Linear Rec.709"
    strip = _strip("sh010", [Path(path) for path in job["files"]], 1, job["frame_start"])
    strip.frame_offset_start, strip.frame_offset_end = job["head"], job["tail"]
    scene.sequence_editor.active_strip = strip
    bpy.ops.wm.save_as_mainfile(filepath=job["project"])
    return _place(strip)


def send(job):
    """Send the selected strip; the strip remembers its package."""
    scene = _opened(job)
    strip = scene.sequence_editor.active_strip
    numbers = _numbers(strip)
    seen = _seen(strip)
    first, last = max(numbers[0], seen[0] - HANDLES), min(numbers[-1], seen[1] + HANDLES)
    facts = {
        "frames": f"{first}-{last}",
        "cut": f"{seen[0]}-{seen[1]}",
        "host_first": int(strip.frame_start) + first - numbers[0],
        "rate": _rate(scene),
        "host": {
            "name": "blender",
            "version": bpy.app.version_string,
            "item": strip.name,
            "project": bpy.data.filepath,
        },
        "colour": {"file": strip.colorspace_settings.name, "working": "Linear Rec.709"},
        "premultiplied": strip.alpha_mode == "PREMUL",
        "original": str(_files(strip)[0]),
    }
    name = _files(strip)[0]
    spec = name.with_name(_NUMBER.sub(lambda m: "#" * len(m[1]) + m[2], name.name))
    strip[PACKAGE] = studio.send_shot(str(spec), strip.name, facts, "--reference")
    bpy.ops.wm.save_mainfile()
    return {"package": strip[PACKAGE]}


def bring_back(job):
    """The newest version on the channel above its source, with the source's cut."""
    scene = _opened(job)
    source = scene.sequence_editor.active_strip
    shot = studio.ask(["shot", "inspect", source[PACKAGE]])
    version = shot["versions"][-1]
    first, last = (int(number) for number in version["frames"].split("-"))
    seen = _seen(source)
    if seen[0] < first or seen[1] > last:
        raise studio.StudioError("The strip was re-cut beyond its handles: send it again.")
    files = [Path(version["media"].replace("####", f"{n:04d}")) for n in range(first, last + 1)]
    at = int(source.frame_final_start) - (seen[0] - first)
    strip = _strip(f"{source.name}_{version['version']}", files, source.channel + 1, at)
    strip.frame_offset_start, strip.frame_offset_end = seen[0] - first, last - seen[1]
    strip.colorspace_settings.name = source.colorspace_settings.name
    strip.alpha_mode = source.alpha_mode
    bpy.ops.wm.save_mainfile()
    return {"source": _place(source), "version": _place(strip), "files": [str(p) for p in files]}


def render(job):
    """Render what one channel shows, as float EXR in the size of each frame's own picture.

    Blender takes a file's data window for its picture, and centres it.
    """
    scene = _opened(job)
    for strip in scene.sequence_editor.strips:
        strip.mute = strip.channel != job["channel"]
    shown = next(s for s in scene.sequence_editor.strips if s.channel == job["channel"])
    settings = scene.render.image_settings
    settings.file_format, settings.color_mode, settings.color_depth = "OPEN_EXR", "RGBA", "32"
    settings.exr_codec = "ZIP"
    scene.render.use_sequencer, scene.render.dither_intensity = True, 0
    scene.render.resolution_percentage = 100
    rendered = {}
    for frame in range(int(shown.frame_final_start), int(shown.frame_final_end)):
        size = job["sizes"][frame - int(shown.frame_final_start)]
        scene.render.resolution_x, scene.render.resolution_y = size
        scene.frame_set(frame)
        path = f"{job['folder']}/{frame:04d}.exr"
        scene.render.filepath = path
        bpy.ops.render.render(write_still=True)
        rendered[frame] = path
    return {"rendered": rendered}


def _opened(job):
    bpy.ops.wm.open_mainfile(filepath=job["project"])
    return bpy.context.scene


def _strip(name, files, channel, frame_start):
    editor = bpy.context.scene.sequence_editor or bpy.context.scene.sequence_editor_create()
    strip = editor.strips.new_image(
        name=name,
        filepath=str(files[0]),
        channel=channel,
        frame_start=frame_start,
        fit_method="ORIGINAL",
    )
    for path in files[1:]:
        strip.elements.append(path.name)
    strip.colorspace_settings.name = "Linear Rec.709"
    strip.alpha_mode = "PREMUL"
    return strip


def _files(strip):
    folder = Path(bpy.path.abspath(strip.directory))
    return [folder / element.filename for element in strip.elements]


def _numbers(strip):
    return [int(_NUMBER.search(path.name)[1]) for path in _files(strip)]


def _seen(strip):
    """First and last file number on the timeline."""
    first = _numbers(strip)[0] + int(strip.frame_final_start - strip.frame_start)
    return first, first + int(strip.frame_final_duration) - 1


def _rate(scene):
    whole, base = scene.render.fps, scene.render.fps_base
    return f"{whole * 1000}/1001" if abs(base - 1.001) < 1e-5 else f"{whole / base:g}"


def _place(strip):
    return {
        "start": int(strip.frame_final_start),
        "end": int(strip.frame_final_end),
        "channel": strip.channel,
        "seen": list(_seen(strip)),
    }


STEPS = {"cut": cut, "send": send, "bring_back": bring_back, "render": render}

if __name__ == "__main__":
    answer = STEPS[sys.argv[1]](json.loads(Path(sys.argv[2]).read_text("utf-8")))
    sys.stdout.write("\n" + json.dumps(answer) + "\n")
