import socket
import threading

import pytest
from bench.load import _whole
from bench.wire import Reply, connect, exchange, get


def answered(*pieces: bytes) -> Reply:
    """What :func:`exchange` makes of an answer that comes in these pieces before the connection is closed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                for piece in pieces:
                    connection.sendall(piece)

        thread = threading.Thread(target=serve)
        thread.start()
        with connect(listener.getsockname()[1], 5) as connection:
            reply = exchange(connection, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        thread.join()
    return reply


def test_a_body_of_known_length_is_complete_at_its_end() -> None:
    reply = answered(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc", b"def")
    assert (reply.status, reply.body, reply.complete) == (200, b"abcdef", True)


def test_a_body_that_is_shorter_than_announced_is_incomplete() -> None:
    reply = answered(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc")
    assert (reply.body, reply.complete) == (b"abc", False)


def test_chunks_are_taken_out_of_their_frames() -> None:
    reply = answered(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", b"c\r\n2\r\nde\r\n0\r\n\r\n")
    assert (reply.body, reply.complete) == (b"abcde", True)


def test_chunks_without_the_last_one_are_incomplete() -> None:
    reply = answered(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
    assert (reply.body, reply.complete) == (b"abc", False)


def test_no_answer_at_all_is_an_error() -> None:
    with pytest.raises(ConnectionError, match="without a reply"):
        answered()


def test_a_query_is_sent_percent_encoded() -> None:
    request = get(8000, "/sparql", "ASK { <urn:ä> ?p 1 }", further={"timeout": 2.5})
    assert request.startswith(b"GET /sparql?query=ASK%20%7B%20%3Curn%3A%C3%A4%3E%20%3Fp%201%20%7D&timeout=2.5 HTTP/1.1")
    assert request.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", True),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nX: y\r\n\r\nabc", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", False),
    ],
)
def test_the_generator_knows_the_end_of_an_answer(data: bytes, whole: bool) -> None:
    assert _whole(data) is whole
