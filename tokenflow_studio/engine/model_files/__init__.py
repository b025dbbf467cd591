"""Models on disk: which files make one up, and how each kind of file is read.

Everything here comes from strangers. Only safetensors and JSON are opened, only known classes are
built, and each refusal is one sentence.
"""

UNSUPPORTED = "not supported yet: use an SD 1.x or 2.x model"


def reason(error: Exception) -> str:
    """The first line of a library's error, short enough for a sentence."""
    return str(error).strip().split("\n")[0][:200].rstrip(".") or type(error).__name__
