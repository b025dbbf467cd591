"""Tables of results: aligned text for people, rows of values for programs."""

from dataclasses import dataclass

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and how its values are written, as a format specification."""

    name: str
    form: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A title, columns, rows with one value per column (None: nothing measured), and a note."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""

    def text(self) -> str:
        """The table as aligned lines; the first column to the left, all others to the right."""
        lines = [[column.name for column in self.columns]]
        for row in self.rows:
            cells = zip(row, self.columns, strict=True)
            lines.append(["-" if v is None else format(v, column.form) for v, column in cells])
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        aligned = [
            "  ".join(
                cell.rjust(width) if place else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
        parts = [self.title, rule, aligned[0], rule, *aligned[1:], rule]
        return "\n".join([*parts, self.note] if self.note else parts)

    def values(self) -> dict[str, object]:
        """The same for JSON."""
        names = [column.name for column in self.columns]
        return {
            "title": self.title,
            "rows": [dict(zip(names, row, strict=True)) for row in self.rows],
        }
