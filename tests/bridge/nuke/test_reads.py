"""Nuke's script text: what is written reads back exactly, and nothing in it is ever evaluated."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.nuke.reads import ReadNode, read_nodes, write_read_node
from bridge.nuke.tcl import commands, quoted
from tokenflow_studio.core.errors import BadInput

SCRIPT = r"""#! /usr/local/Nuke15.1v2/Nuke15.1 -nx
version 15.1 v2
define_window_layout_xml {<?xml version="1.0"?> <layout version="1.0"> { } </layout>}
Root {
 inputs 0
 name /shows/sh010/comp.nk
 format "2048 1556 0 0 2048 1556 1 2K_Super_35(full-ap)"
}
Read {
 inputs 0
 file_type exr
 file "/shows/a b/sh010_plate.%04d.exr"
 format "1920 1080 0 0 1920 1080 1 HD_1080"
 first 1001
 last 1048
 origfirst 1001
 origlast 1048
 origset true
 frame_mode "start at"
 frame 86
 colorspace "ACES - ACEScg"
 premultiplied true
 name Read1
 addUserKnob {20 User}
 xpos -40
}
set N5a0 [stack 0]
Group {
 name Group1
}
 Read {
  inputs 0
  file /shows/\[old\]/\$x.####.dpx
  raw true
  name Inside
 }
end_group
push $N5a0
Blur {
 size {{curve x1 0 x10 5}}
 name Blur1
}
"""


def test_a_scripts_reads_are_found() -> None:
    first, inside = read_nodes(SCRIPT)
    assert first == ReadNode(
        name="Read1",
        file="/shows/a b/sh010_plate.%04d.exr",
        file_type="exr",
        format="1920 1080 0 0 1920 1080 1 HD_1080",
        first=1001,
        last=1048,
        origfirst=1001,
        origlast=1048,
        frame_mode="start at",
        frame="86",
        colorspace="ACES - ACEScg",
        premultiplied=True,
    )
    assert inside == ReadNode(name="Inside", file="/shows/[old]/$x.####.dpx", raw=True)


@pytest.mark.parametrize(
    "file", ["[python {os.system('x')}]/a.exr", "$env(HOME)/a.exr", '"[file dirname x]/a.exr"']
)
def test_a_file_that_nuke_would_evaluate_is_refused(file: str) -> None:
    with pytest.raises(BadInput, match="file of the node Read1 is an expression"):
        read_nodes(f"Read {{\n file {file}\n name Read1\n}}\n")


def test_a_range_that_nuke_would_work_out_is_refused() -> None:
    with pytest.raises(BadInput, match="first of the node Read is an expression"):
        read_nodes("Read {\n file a.exr\n first {{frame-10}}\n}\n")


@pytest.mark.parametrize("script", ["Read {\n file a.exr\n", "Read {\n name {\n}\n"])
def test_a_script_that_was_cut_off_is_refused(script: str) -> None:
    with pytest.raises(BadInput, match="does not close"):
        read_nodes(script)


NASTY = r"""/a b/[python {1}]/$x/{y}/"q"/\z/%04d#'; exit.exr"""


def test_a_written_node_reads_back_whatever_is_in_its_names() -> None:
    node = ReadNode(
        name="TF_sh010_v001", file=NASTY, first=1001, last=1048, on_error="black", raw=True
    )
    assert read_nodes(write_read_node(node)) == (node,)


@given(st.text(max_size=60))
def test_every_text_reads_back_as_one_word(text: str) -> None:
    ((word,),) = commands(quoted(text) + "\n")
    assert word.text == text
    assert not word.evaluates


def test_a_real_tcl_reads_the_same() -> None:
    tclsh = shutil.which("tclsh")
    if tclsh is None:
        pytest.skip("no tclsh: install the package tcl")
    script = f"puts -nonewline {quoted(NASTY)}\n"
    done = subprocess.run([tclsh], input=script, capture_output=True, text=True, check=True)
    assert done.stdout == NASTY
