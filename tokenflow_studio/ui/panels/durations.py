"""Seconds as people say them."""

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
