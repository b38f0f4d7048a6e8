"""A client that is not ours (ldes-client from npm) reads the feed over HTTP, and comes back for what is new."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.harvest.feed.conftest import FIRST, NEW, SECOND, Publishing
from tests.patience import patient
from tests.serving import CHECKOUT

CLIENT = CHECKOUT / "node_modules" / "ldes-client" / "dist" / "bin" / "cli.js"
NODE = shutil.which("node") or ""
PUBLISHED = re.compile(r'/members/(\d+)> <https://www\.w3\.org/ns/activitystreams#published> "([^"]+)"')
PAGE = re.compile(r"/feed/[0-9a-f]{8}/pages/\d+")

pytestmark = pytest.mark.skipif(not NODE or not CLIENT.exists(), reason="ldes-client is not installed (npm ci)")


@dataclass
class Client:
    """The client with the state that it keeps."""

    url: str
    state: Path
    options: tuple[str, ...] = ("--no-shape",)

    def read(self) -> tuple[list[tuple[int, str]], str]:
        """Number and time of each member in the order in which they come, and all it printed."""
        command: list[str | Path] = [NODE, CLIENT, self.url, "-o", "ascending", "--save", self.state, *self.options]
        done = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=patient(60)
        )
        assert done.returncode == 0, done.stderr
        return [(int(number), time) for number, time in PUBLISHED.findall(done.stdout)], done.stdout


@pytest.fixture
def client(publishing: Publishing, tmp_path: Path) -> Client:
    return Client(f"{publishing.proxy.url}/feed", tmp_path / "state")


def test_client_gets_every_member_once_in_the_order_of_time(publishing: Publishing, client: Client) -> None:
    publishing.publish(*SECOND)

    found, printed = client.read()

    assert sorted(number for number, _ in found) == list(range(1, 608))
    times = [time for _, time in found]
    assert times == sorted(times)
    # What comes at the same time comes in no order: a release is one moment.
    assert {number for number, _ in found[604:]} == {605, 606, 607}
    assert '"Essen (Ruhr)"@de' in printed


def test_client_that_comes_back_gets_only_what_is_new_and_no_complete_page(
    publishing: Publishing, client: Client
) -> None:
    client.read()
    first = [path for path, _ in publishing.proxy.take()]
    publishing.publish(*SECOND)

    found, printed = client.read()

    assert sorted(number for number, _ in found) == [605, 606, 607]
    assert re.findall(r"activitystreams#(Create|Update|Delete)>", printed).count("Delete") == 1
    second = [path for path, _ in publishing.proxy.take()]
    stream = publishing.history.stream
    assert sorted(path for path in first if PAGE.fullmatch(path)) == [
        f"/feed/{stream}/pages/{number}" for number in (1, 2, 3)
    ]
    assert [path for path in second if PAGE.fullmatch(path)] == [f"/feed/{stream}/pages/3"]


def test_building_again_without_edits_gives_the_client_nothing(publishing: Publishing, client: Client) -> None:
    client.read()
    publishing.publish(*FIRST)

    assert client.read() == ([], "")


def test_client_checks_members_by_the_shape_that_the_stream_names(publishing: Publishing, tmp_path: Path) -> None:
    found, printed = Client(f"{publishing.proxy.url}/feed", tmp_path / "state", ()).read()

    assert len(found) == 604
    assert "<https://w3id.org/interkommunal/ontology#Goal>" in printed
    assert "/feed/shape" in [path for path, _ in publishing.proxy.take()]


def test_client_reads_on_when_an_old_release_is_no_longer_kept(publishing: Publishing, client: Client) -> None:
    publishing.publish(*SECOND)
    shutil.rmtree(publishing.kept[0].folder)
    publishing.publish(*SECOND[1:], NEW)

    found, printed = client.read()

    assert len(found) == publishing.history.length("graph")
    assert '"Essen"@de' in printed


def test_harvester_that_keeps_tags_gets_304_everywhere(publishing: Publishing) -> None:
    publishing.publish(*SECOND)
    stream = publishing.history.stream
    targets = ["/feed", "/catalog/feed", "/feed.atom", "/catalog", "/void", "/sitemap.xml", "/dumps/graph.nq.gz"]
    targets += [f"/feed/{stream}/pages/{number}" for number in (1, 2, 3)]
    tags = {target: publishing.server.ask(target).headers["etag"] for target in targets}
    publishing.publish(*SECOND)

    codes = {
        target: publishing.server.ask(target, headers={"If-None-Match": tags[target]}).status for target in targets
    }

    assert codes == dict.fromkeys(targets, 304)
