"""Edit a TOML file of entries as text, so that its comments and layout stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.corpus.formats import toml_chunks, toml_key_line


class TomlText:
    """The lines of a file whose entries each begin with `[[table]]`. Entries are counted from 0; edits do not change
    their numbers. There are no `chunks` of entries that are written as one list."""

    def __init__(self, text: str, table: str) -> None:
        self.lines = text.split("\n")
        self.chunks = toml_chunks(text, table)
        self.inserted: dict[int, list[str]] = {}  # by the number of the line that they follow
        self.commented: set[int] = set()

    def insert(self, entry: int, lines: Sequence[str], *, after: str = "file") -> None:
        """Insert lines below a key of an entry."""
        start, inside = self.chunks[entry]
        line = toml_key_line(inside, after) or 1
        self.inserted.setdefault(start + line - 1, []).extend(lines)

    def comment_out(self, entry: int, reason: str) -> None:
        """Turn an entry into a comment, below a line with the reason."""
        start, inside = self.chunks[entry]
        used = [number for number, line in enumerate(inside) if line.strip() and not line.lstrip().startswith("#")]
        self.commented |= {start + number for number in range(used[-1] + 1)}
        self.inserted.setdefault(start - 1, []).append(f"# {reason}")

    def text(self) -> str:
        return "\n".join(self.edited())

    def edited(self) -> Iterator[str]:
        yield from self.inserted.get(-1, ())
        for number, line in enumerate(self.lines):
            yield f"# {line}".rstrip() if number in self.commented else line
            yield from self.inserted.get(number, ())
