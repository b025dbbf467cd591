"""Durations, sizes and programs as people call them."""

_HOSTS = {"nuke": "Nuke", "resolve": "DaVinci Resolve", "blender": "Blender"}
_WORTH_SAYING = 10.0  # seconds left below which an ETA is only noise


def duration(seconds: float) -> str:
    """How long something took."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole // 60 % 60:02d} min"


def time_left(eta: float | None) -> str:
    """How long something will take; empty while unknown, and when it is nearly over."""
    return "" if eta is None or eta <= _WORTH_SAYING else f"about {duration(eta)} left"


def file_size(count: int) -> str:
    """Bytes, with a unit of 1000 of the one before as file managers have it."""
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 999.5:
            return f"{size:.0f} {unit}" if size >= 10 or unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def host_title(name: str) -> str:
    """A host as it calls itself; "" for files that no host sent."""
    return _HOSTS.get(name, "" if name == "files" else name)
