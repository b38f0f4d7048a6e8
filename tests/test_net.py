"""The one door to the network: which addresses may be asked, and that a request keeps to the one that was checked."""

from __future__ import annotations

import socket

import httpx
import pytest
from tests.engine.servers import scripted
from tests.patience import patient

from interkommunal.net import NotPublicError, is_public, reason, targets


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1"),
    ],
)
def test_addresses_that_are_not_public_are_told(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["208.80.154.224", "2620:0:861:ed1a::1", "::ffff:208.80.154.224"])
def test_public_addresses_are_told(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost:8000/x", "http://[::1]/", "http://0.0.0.0/"])
def test_url_on_this_machine_is_refused(url: str) -> None:
    with pytest.raises(NotPublicError, match="not public"):
        targets(url)


def test_request_goes_to_the_address_that_was_checked_and_names_the_host() -> None:
    with scripted() as server:
        server.reply = (200, {}, b"here")
        port = httpx.URL(server.iri).port
        found = targets(f"http://localhost:{port}/sparql?a=b", lambda address: True)

        target = next(item for item in found if item.url.host == "127.0.0.1")
        with httpx.Client(timeout=patient(60)) as client:
            body = client.request("POST", target.url, headers=target.headers, extensions=target.extensions).text

        assert body == "here"
        assert server.asked[0][1]["host"] == f"localhost:{port}"
        assert target.extensions == {"sni_hostname": "localhost"}


def test_name_that_does_not_resolve_is_told_in_the_words_of_the_system() -> None:
    with pytest.raises(OSError) as caught:
        targets("http://no-such-host.invalid/")

    assert isinstance(caught.value, socket.gaierror)
    assert reason(caught.value) == caught.value.strerror


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "xn--" + "a" * 300, "ü" * 300])
def test_name_that_is_no_host_name_does_not_resolve(host: str) -> None:
    with pytest.raises((OSError, httpx.InvalidURL)):
        targets(f"http://{host}/")
