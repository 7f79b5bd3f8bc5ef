"""From PostgreSQL into a Parquet file without ever holding the rows: COPY, in blocks, each of them a row group.

One thread takes the rows that COPY sends and puts them together in blocks; the other reads a block into columns and writes
it. A few blocks wait between them at most, so that memory is the same for a thousand rows and for ten million.
"""

from __future__ import annotations

import io
import queue
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import polars as pl
import psycopg
from django.utils.translation import gettext as _
from polars.io.plugins import register_io_source
from psycopg import sql
from psycopg.abc import Buffer

from evaluation.formats.folder import Folder
from evaluation.formats.parts import NotWritten, WrittenFile
from evaluation.formats.plain import PARQUET_TYPE

#: Rows to a block; so many blocks may wait.
ROWS = 65_536
WAITING = 2

_Block = bytes | BaseException | None


def stream_parquet(
    connection: psycopg.Connection[Any],
    query: str,
    schema: Mapping[str, pl.DataType],
    folder: Folder,
    name: str,
) -> WrittenFile:
    """Write what ``query`` selects into the Parquet file ``name`` of ``folder``; ``schema`` names its columns in order.

    The query is the caller's own SQL, without parameters. The file is as `plain.write_parquet` writes it: zstd, no
    statistics. Raises what the folder raises, and NotWritten when the rows do not fit the schema.
    """
    rows = [0]
    # PostgreSQL writes t and f.
    truths = [name for name, kind in schema.items() if kind == pl.Boolean()]
    as_sent = {**schema, **dict.fromkeys(truths, pl.String())}
    yes_or_no = [pl.col(name) == "t" for name in truths]

    def blocks(*_asked: Any) -> Iterator[pl.DataFrame]:
        for text in _whole_rows(connection, query):
            frame = pl.read_csv(text, has_header=False, schema=as_sent).with_columns(yes_or_no)
            rows[0] += frame.height
            yield frame

    with folder.file(name, PARQUET_TYPE) as path:
        try:
            register_io_source(blocks, schema=dict(schema)).sink_parquet(
                path, compression="zstd", statistics=False, maintain_order=True
            )
        except pl.exceptions.ComputeError as error:
            raise NotWritten(_("Rækkerne passer ikke til datasættets kolonner.")) from error
    written = folder.files.pop()
    counted = WrittenFile(
        written.name, written.path, written.media_type, written.sha256, written.bytes, rows[0]
    )
    folder.files.append(counted)
    return counted


def _whole_rows(connection: psycopg.Connection[Any], query: str) -> Iterator[bytes]:
    """What COPY sends as CSV, in blocks of whole rows."""
    waiting: queue.Queue[_Block] = queue.Queue(WAITING)
    given_up = threading.Event()
    taker = threading.Thread(target=_take, args=(connection, query, waiting, given_up), daemon=True)
    taker.start()
    try:
        while (block := waiting.get()) is not None:
            if isinstance(block, BaseException):
                raise block
            yield block
    finally:
        given_up.set()
        while taker.is_alive():
            try:
                waiting.get(timeout=0.05)
            except queue.Empty:
                continue
        taker.join()


def _take(
    connection: psycopg.Connection[Any], query: str, waiting: queue.Queue[_Block], given_up: threading.Event
) -> None:
    """Fill the queue until there are no more rows, the other side has given up, or something goes wrong."""
    try:
        copy = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(sql.SQL(query))
        with connection.cursor() as cursor, cursor.copy(copy) as copied:
            rows = iter(copied)
            # libpq hands over one whole row at a time, whatever stands in it. Each is copied and let go at once, by a
            # loop that is not Python's own: that is half the time of the whole.
            while block := _next(rows):
                if given_up.is_set():
                    connection.cancel_safe()
                    return
                waiting.put(block)
        waiting.put(None)
    except BaseException as error:
        waiting.put(error)


def _next(rows: Iterable[Buffer]) -> bytes:
    """The next ROWS rows, put together; nothing when there are no more."""
    block = io.BytesIO()
    deque(map(block.write, islice(rows, ROWS)), maxlen=0)
    return block.getvalue()
