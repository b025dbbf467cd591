"""Where a benchmark works: its folder with footage, results, and the worker's files."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tokenflow_studio.bench.runner import Runner, Show
from tokenflow_studio.bench.store import Record, Store, key_of, model_stamp
from tokenflow_studio.core.models import ModelEntry
from tokenflow_studio.core.request import EditRequest


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one benchmark of one model, opened by `opened`.

    show: receives the progress of what runs; tell: every record that was measured anew.
    """

    folder: Path
    footage: Path
    model: str
    store: Store
    runner: Runner
    show: Show
    tell: Callable[[Record], None]

    def key(self, footage: object, request: EditRequest) -> str:
        """The key of a measurement on that footage."""
        return key_of(self.model, footage, request)

    def keep(self, key: str, **values: object) -> Record:
        """Store a measurement and tell of it."""
        record = self.store.put(key, **values)
        self.tell(record)
        return record


@contextmanager
def opened(
    root: Path, name: str, model: ModelEntry, show: Show, tell: Callable[[Record], None]
) -> Iterator[Place]:
    """The benchmark `name` below `root`; footage is shared by all benchmarks of the folder."""
    folder = root / name
    with Runner(folder, show) as runner:
        store = Store(folder / "results.jsonl")
        yield Place(folder, root / "footage", model_stamp(model), store, runner, show, tell)
