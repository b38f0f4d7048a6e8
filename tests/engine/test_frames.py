"""What front and worker write to each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interkommunal.engine import frames
from interkommunal.engine.capabilities import MEDIA_TYPES
from interkommunal.engine.evaluation import Task
from interkommunal.engine.frames import (
    TASK_HEADER,
    Order,
    order_length,
    pack_error,
    pack_order,
    unpack_error,
    unpack_order,
)
from interkommunal.errors import (
    EngineFailed,
    EngineUnavailable,
    QueryError,
    QueryFailed,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    UnknownFunction,
)
from interkommunal.sparql.query import RESULTS_JSON, TURTLE
from interkommunal.texts import Text

IRIS = st.none() | st.lists(st.text(max_size=10), max_size=3).map(tuple)
TASKS = st.builds(
    Task,
    query=st.text(max_size=50),
    media_type=st.sampled_from(MEDIA_TYPES),
    default_graphs=IRIS,
    named_graphs=IRIS,
    rows=st.none() | st.integers(0, 1 << 60),
    body_bytes=st.none() | st.integers(0, 1 << 60),
    partial=st.booleans(),
    base_iri=st.none() | st.just("http://example.org/"),
    prefixes=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=9)), max_size=2).map(tuple),
)


@given(TASKS, st.integers(0, 1000).map(float), st.integers(0, 1 << 60))
def test_an_order_arrives_as_it_was_given(task: Task, seconds: float, memory: int) -> None:
    order = Order(task, seconds, memory)
    frame = pack_order(order)
    assert order_length(frame[:TASK_HEADER]) == len(frame)
    assert unpack_order(frame) == order


@pytest.mark.parametrize(
    "error",
    [
        QuerySyntaxError(Text("something is missing before the end"), 3, 4),
        QuerySyntaxError(Text("write SERVICE as a word of its own")),
        QueryTooLarge("much", limit="rows"),
        QueryTimeout("long", seconds=2.5),
        EngineUnavailable("gone", retry_after=7),
        QueryFailed(Text("the query failed: {error}", error="ä")),
        EngineFailed("panicked"),
        UnknownFunction(Text("the query cannot be read"), "http://a.example/f", 1, 2, ("CONTAINS",)),
    ],
)
def test_an_error_arrives_as_it_was_raised(error: QueryError) -> None:
    arrived = unpack_error(pack_error(error))
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)
    assert {**vars(arrived), "text": None} == {**vars(error), "text": None}
    assert [arrived.text.in_(language) for language in ("de", "en")] == [error.text.in_("de"), error.text.in_("en")]


def test_prefixes_and_graphs_by_the_megabyte_are_not_remembered() -> None:
    prefixes = tuple((f"p{number}", "http://example.org/") for number in range(1000))
    long = Task(f"{'PREFIX ' * 1000} CONSTRUCT {{}} WHERE {{}}", TURTLE, prefixes=prefixes)
    graphs = Task("ASK {}", RESULTS_JSON, default_graphs=(f"http://example.org/{'x' * 5000}",))
    before = frames._pack_rest.cache_info().currsize, frames._unpack_rest.cache_info().currsize
    for task in (long, graphs):
        order = Order(task, 1.0, 1)
        assert unpack_order(pack_order(order)) == order
    assert (frames._pack_rest.cache_info().currsize, frames._unpack_rest.cache_info().currsize) == before
