"""What front and worker write to each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interkommunal.engine.evaluation import Task
from interkommunal.engine.messages import TASK_HEADER, pack_error, pack_task, task_length, unpack_error, unpack_task
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
from interkommunal.namespaces import BASE
from interkommunal.sparql.query import FORMATS, RESULTS_JSON
from interkommunal.texts import Text

IRIS = st.none() | st.lists(st.text(max_size=10), max_size=3).map(tuple)
TASKS = st.builds(
    Task,
    query=st.text(max_size=50),
    media_type=st.sampled_from([name for names in FORMATS.values() for name in names]),
    default_graphs=IRIS,
    named_graphs=IRIS,
    rows=st.none() | st.integers(0, 1 << 60),
    body_bytes=st.none() | st.integers(0, 1 << 60),
    partial=st.booleans(),
    base_iri=st.none() | st.just("http://example.org/"),
    prefixes=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=9)), max_size=2).map(tuple),
    cpu_seconds=st.integers(0, 1000).map(float),
    memory_bytes=st.integers(0, 1 << 60),
)


@given(TASKS)
def test_a_task_arrives_as_it_was_given(task: Task) -> None:
    frame = pack_task(task)
    assert task_length(frame[:TASK_HEADER]) == len(frame)
    assert unpack_task(frame) == task


def test_the_base_may_be_a_namespace_of_rdflib() -> None:
    task = Task("ASK {}", RESULTS_JSON, base_iri=BASE)
    assert unpack_task(pack_task(task)) == task


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
