"""Starting, changing the release, stopping."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import httpx
import psutil
import pytest
from tests.patience import patient
from tests.serving import CALL, CHECKOUT, MAIN, QUADS, serving, write_release

from interkommunal.app.server import take_port
from interkommunal.errors import ServerError
from interkommunal.settings import load_settings

NAME = b'<http://a.example/x> <http://a.example/release> "%s" <http://a.example/g> .\n'
WHICH = "/sparql?" + urlencode({"query": "SELECT ?r { ?x <http://a.example/release> ?r }", "format": "csv"})


def test_a_port_in_use_is_one_line_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError) as caught:
            take_port(load_settings(port=port))
    assert str(caught.value) == (
        f"127.0.0.1:{port} is in use already; stop the other server, or choose another port: --port 8123 or "
        "INTERKOMMUNAL_PORT=8123"
    )


def test_a_second_server_on_the_port_of_the_first_is_refused(tmp_path: Path) -> None:
    write_release(tmp_path / "releases", QUADS)
    with serving(tmp_path / "releases", tmp_path) as first, pytest.raises(ServerError, match="in use already"):
        take_port(load_settings(port=first.port))


def test_an_unknown_host_is_named() -> None:
    with pytest.raises(ServerError, match=r"there is no host no\.such\.host\.invalid to listen on"):
        take_port(load_settings(host="no.such.host.invalid"))


def test_an_address_of_another_machine_is_named() -> None:
    with pytest.raises(ServerError, match=r"192\.0\.2\.1:8000 cannot be listened on"):
        take_port(load_settings(host="192.0.2.1"))


def test_port_0_takes_a_free_one_and_links_say_so() -> None:
    settings = take_port(load_settings(port=0))
    assert settings.port > 0
    assert settings.address == f"http://127.0.0.1:{settings.port}"


def test_a_public_url_stays(tmp_path: Path) -> None:
    write_release(tmp_path / "releases", QUADS)
    with serving(tmp_path / "releases", tmp_path, public_url="https://daten.example.org") as served:
        with socket.create_connection(("127.0.0.1", served.port), timeout=patient(20)) as connection:
            connection.sendall(b"GET /sparql HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
            description = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        assert "sd:endpoint <https://daten.example.org/sparql>" in description
        assert "evil" not in description


def test_only_an_address_that_others_reach_is_said_to_want_a_reverse_proxy(tmp_path: Path) -> None:
    write_release(tmp_path / "releases", QUADS)
    for host, number in (("127.0.0.1", 0), ("localhost", 0), ("0.0.0.0", 1)):
        with serving(tmp_path / "releases", tmp_path, host=host) as served:
            served.ask("/health/live")
            said = served.wait_for("exposed") if number else served.lines("exposed")
        assert len(said) == number
        assert all("reverse proxy such as nginx" in str(line["advice"]) for line in said)


@pytest.mark.parametrize("missing", ["contributor", "operator_name", "operator_url", "operator_email", None])
def test_server_says_in_one_line_what_a_delivery_to_govdata_wants(missing: str | None, tmp_path: Path) -> None:
    write_release(tmp_path / "releases", QUADS)
    given = {
        "contributor": "http://dcat-ap.de/def/contributors/openNRW",
        "operator_name": "A city",
        "operator_url": "https://a.example",
        "operator_email": "mail@a.example",
    }
    settings = {name: value for name, value in given.items() if name != missing}
    with serving(tmp_path / "releases", tmp_path, **settings) as served:
        served.ask("/health/live")
        told = [str(line["advice"]) for line in (served.wait_for("govdata") if missing else served.lines("govdata"))]

    setting = f"INTERKOMMUNAL_{missing}".upper()
    assert told == ([f"To deliver the catalogue to GovData, set {setting} (docs/harvesting.md)."] if missing else [])


def failed_start(**settings: object) -> str:
    """What is printed when the server cannot start."""
    main = f"{MAIN.removesuffix(CALL)}\ntry: {CALL}\nexcept InterkommunalError as error: print(error)"
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT / "api"), "INTERKOMMUNAL_PORT": "0"}
    environment |= {f"INTERKOMMUNAL_{name.upper()}": str(value) for name, value in settings.items()}
    command = [sys.executable, "-c", f"from interkommunal.errors import InterkommunalError; {main}"]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, check=False).stdout


def test_no_release_is_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert failed_start(releases=folder) == f"there is no release in {folder}; make one: interkommunal build\n"


def test_a_setting_that_is_wrong_is_one_line() -> None:
    told = failed_start(port="eighty")
    assert told.startswith("INTERKOMMUNAL_PORT='eighty': input should be a valid integer")
    assert told.count("\n") == 1


def test_a_new_release_is_taken_without_a_failed_request(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    write_release(releases, NAME % b"one", "1.0.0")
    statuses: list[tuple[int, bytes]] = []
    done = threading.Event()
    with serving(releases, tmp_path, release_poll=0.05) as served:
        tag = served.ask(WHICH).headers["etag"]

        def ask() -> None:
            with httpx.Client(base_url=served.url) as client:
                number = 0
                while not done.is_set():
                    number += 1
                    reply = client.get(WHICH + (f"&n={number}" if number % 2 else ""))
                    statuses.append((reply.status_code, reply.content))

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for version, name in (("1.1.0", b"two"), ("1.2.0", b"three")):
                enough = len(statuses) + 20
                while len(statuses) < enough:
                    time.sleep(0.01)
                release = write_release(releases, NAME % name, version)
                served.wait_for("release.changed", release=release.identifier)
                # From here on nobody gets an old answer.
                assert served.ask(WHICH).body == b"r\r\n%s\r\n" % name
        finally:
            done.set()
            for thread in threads:
                thread.join()
        assert {status for status, _ in statuses} == {200}
        bodies = [body for _, body in statuses]
        assert set(bodies) == {b"r\r\none\r\n", b"r\r\ntwo\r\n", b"r\r\nthree\r\n"}
        changed = served.ask(WHICH, headers={"if-none-match": tag})
        assert changed.status == 200
        assert str(served.ask("/health/ready").json["release"]).startswith("1.2.0-")
        assert b"1.2.0-" in served.ask("/").body


def test_a_damaged_release_is_refused_and_the_old_one_served_on(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    write_release(releases, NAME % b"one", "1.0.0")
    with serving(releases, tmp_path, release_poll=0.05) as served:
        broken = releases / "2.0.0-broken"
        broken.mkdir()
        (releases / "next").symlink_to(broken.name)
        (releases / "next").replace(releases / "current")
        served.wait_for("release.refused")
        assert served.ask(WHICH).body == b"r\r\none\r\n"


def test_a_stopped_server_ends_what_is_under_way_and_leaves_nothing(tmp_path: Path) -> None:
    write_release(tmp_path / "releases", QUADS)
    target = "/sparql?" + urlencode({"query": "SELECT * { ?s <http://a.example/text> ?o }", "format": "csv"})
    with serving(tmp_path / "releases", tmp_path) as served:
        children = psutil.Process(served.process.pid).children(recursive=True)
        assert children
        with httpx.stream("GET", served.url + target, timeout=patient(20)) as reply:
            pieces = reply.iter_bytes()
            first = next(pieces)
            served.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            body = first + b"".join(pieces)
        assert body.count(b"\r\n") == 20_001
        assert served.process.wait(10) == 0
        gone, alive = psutil.wait_procs(children, timeout=patient(3))
        assert alive == []
        assert len(gone) == len(children)


def test_a_stopped_server_does_not_wait_for_ever(tmp_path: Path) -> None:
    write_release(tmp_path / "releases", QUADS)
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with serving(tmp_path / "releases", tmp_path, grace=0.5) as served:
        replies: list[httpx.Response | Exception] = []

        def ask() -> None:
            try:
                replies.append(httpx.get(f"{served.url}/sparql", params={"query": query}, timeout=patient(20)))
            except httpx.HTTPError as error:
                replies.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(0.5)
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(8) == 0
        thread.join()
        (reply,) = replies
        assert isinstance(reply, Exception) or reply.status_code == 503
