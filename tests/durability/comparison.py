"""What devices were told, compared with what the database holds: none lost, none doubled, none out of order."""

from __future__ import annotations

import math
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby

from sqlalchemy import create_engine, select

from quizapp.domain.attempt import Arrival, Held, Saved, Stamp, Standing, judge
from quizapp.store.tables import Response
from tests.durability.devices import Sent, Told

SOME_TIME = datetime(2027, 3, 12, tzinfo=UTC)
TABLE = Response.__table__


def rows_of(url: str, attempts: Iterable[str]) -> list:
    """Every response of the attempts, slot by slot in the order in which they were kept."""
    engine = create_engine(url)
    wanted = [uuid.UUID(attempt) for attempt in attempts]
    query = select(TABLE).where(TABLE.c.attempt_id.in_(wanted))
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(TABLE.c.attempt_id, TABLE.c.slot, TABLE.c.ordinal)).all()
    engine.dispose()
    return list(rows)


def differences(told: list[Told], sent: list[Sent], rows: list) -> list[str]:
    """Everything in which the database and what the devices were told disagree."""
    return [*_lost(told, rows), *_doubled_or_made_up(sent, rows), *_out_of_order(told, sent, rows)]


def _key(sent: Sent) -> tuple[str, int, str]:
    return sent.attempt, sent.slot, sent.stamp


def _row_key(row) -> tuple[str, int, str]:
    return str(row.attempt_id), row.slot, f"{row.client}:{row.sequence}"


def _lost(told: list[Told], rows: list) -> Iterator[str]:
    kept = {_row_key(row): row for row in rows}
    meaning: dict[tuple[str, int, int], object] = {}
    for one in told:
        row = kept.get(_key(one.sent))
        if row is None:
            yield f"lost: {one}"
            continue
        if row.standing != one.standing:
            yield f"told {one.standing}, kept as {row.standing}: {one}"
        if meaning.setdefault((one.sent.attempt, one.sent.slot, one.sent.answer), row.response) != row.response:
            yield f"another answer is kept: {one}, {row.response}"
        if one.current and (one.sent.attempt, one.sent.slot, one.current) not in kept:
            yield f"told of an answer that is not there: {one}"
    shown = Counter((attempt, slot) for attempt, slot, _ in meaning)
    distinct = {(attempt, slot, str(response)) for (attempt, slot, _), response in meaning.items()}
    if len(distinct) != sum(shown.values()):
        yield "different answers are kept as one"


def _doubled_or_made_up(sent: list[Sent], rows: list) -> Iterator[str]:
    known = {_key(one) for one in sent}
    for key, times in Counter(_row_key(row) for row in rows).items():
        if times > 1:
            yield f"kept {times} times: {key}"
        if key not in known:
            yield f"kept, and sent by nobody: {key}"


def _out_of_order(told: list[Told], sent: list[Sent], rows: list) -> Iterator[str]:
    begun = {_key(one): one.at for one in sent}
    ended = {_key(one.sent): one.at for one in told}
    for slot, group in groupby(rows, key=lambda row: (row.attempt_id, row.slot)):
        in_order = list(group)
        if [row.ordinal for row in in_order] != list(range(1, len(in_order) + 1)):
            yield f"gaps in {slot}"
        latest_begin = -math.inf
        for row in in_order:
            if ended.get(_row_key(row), math.inf) < latest_begin:
                yield f"kept after one that was sent only when this was acknowledged: {_row_key(row)}"
            latest_begin = max(latest_begin, begun.get(_row_key(row), -math.inf))
        yield from _misjudged(in_order)


def _misjudged(rows: list) -> Iterator[str]:
    """Whatever order the saves came in, each must stand as if they had come one after the other in that order."""
    current: Saved | None = None
    highest: dict[str, int] = {}
    for row in rows:
        stamp = Stamp(row.client, row.sequence)
        arrival = Arrival(stamp, Stamp.parse(row.base or ""))
        standing = judge(arrival, Held(current, None, highest.get(row.client)), counts=True)
        if standing != row.standing:
            yield f"should be {standing}: {_row_key(row)} is {row.standing}"
        if row.standing == Standing.CURRENT:
            current = Saved(stamp, row.response, Standing.CURRENT, SOME_TIME)
        highest[row.client] = max(row.sequence, highest.get(row.client, 0))
