"""Many statements at once: one process a core, fonts read once in each, workers renewed.

Bytes arrive in the order in which the documents were given, and are the same as one by one.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import Any, TypeVar

from channel.documents.model import PaperLang
from channel.documents.press import warm_up
from channel.documents.rebate import render_rebate_statement

#: Memory creeps by about a tenth of a MiB a document; a worker is replaced before it matters.
DOCUMENTS_PER_WORKER = 300
#: Below this many, starting processes costs more than it saves.
POOL_FROM = 6

Key = TypeVar("Key", bound=Hashable)
#: A document in a language → PDF bytes; a function of a module, because it travels to the workers.
Render = Callable[[Any, Any], bytes]


def render_many(
    docs: Iterable[tuple[Key, Any, PaperLang]],
    *,
    workers: int | None = None,
    render: Render = render_rebate_statement,
) -> Iterator[tuple[Key, bytes]]:
    """(key, PDF bytes) in the order given; `workers` defaults to the cores of the machine.

    Takes documents as it needs them, so a generator over thousands stays small. The first
    document whose figures do not re-add raises the error of its kind.
    """
    stream = iter(docs)
    first = list(islice(stream, POOL_FROM))
    count = workers if workers is not None else (os.cpu_count() or 1)
    if count <= 1 or len(first) < POOL_FROM:
        for key, doc, lang in [*first]:
            yield key, render(doc, lang)
        for key, doc, lang in stream:
            yield key, render(doc, lang)
        return
    yield from _pooled(first, stream, count, render)


def _pooled(
    first: list[tuple[Key, Any, PaperLang]],
    stream: Iterator[tuple[Key, Any, PaperLang]],
    count: int,
    render: Render,
) -> Iterator[tuple[Key, bytes]]:
    with ProcessPoolExecutor(
        max_workers=count,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=warm_up,
        max_tasks_per_child=DOCUMENTS_PER_WORKER,
    ) as pool:
        waiting: deque[tuple[Key, Future[bytes]]] = deque()
        for key, doc, lang in first:
            waiting.append((key, pool.submit(render, doc, lang)))
        try:
            while waiting:
                key, future = waiting.popleft()
                yield key, future.result()
                for next_key, doc, lang in islice(stream, max(0, 3 * count - len(waiting))):
                    waiting.append((next_key, pool.submit(render, doc, lang)))
        finally:
            for _, future in waiting:
                future.cancel()
