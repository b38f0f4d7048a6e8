from pathlib import Path

import pytest

from interkommunal.errors import SettingsError
from interkommunal.settings import Settings, load_settings
from interkommunal.sparql.query import WIKIDATA_SERVICES

DOCS = Path(__file__).parent.parent / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def _without_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults_are_usable() -> None:
    settings = load_settings()
    assert settings.address == "http://127.0.0.1:8000"
    assert settings.engine == "memory"


def test_wikidata_may_be_asked_by_default() -> None:
    assert load_settings().services == WIKIDATA_SERVICES


def test_the_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "interkommunal.toml").write_text('port = 8123\nhost = "0.0.0.0"\n')
    monkeypatch.setenv("INTERKOMMUNAL_PORT", "8124")
    settings = load_settings()
    assert (settings.host, settings.port) == ("0.0.0.0", 8124)


def test_the_command_line_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERKOMMUNAL_PORT", "8124")
    assert load_settings(port=8125, host=None).port == 8125


def test_a_file_elsewhere_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "elsewhere.toml"
    file.write_text('memory_limit = "2GiB"\nservices = []\n')
    monkeypatch.setenv("INTERKOMMUNAL_CONFIG", str(file))
    settings = load_settings()
    assert settings.memory_limit == 2 << 30
    assert settings.services == ()


def test_services_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERKOMMUNAL_SERVICES", "https://a.example/sparql, https://b.example/sparql")
    assert load_settings().services == ("https://a.example/sparql", "https://b.example/sparql")


def test_an_ipv6_host_stands_in_brackets_in_the_url() -> None:
    assert load_settings(host="::1").address == "http://[::1]:8000"


def test_the_public_url_loses_its_last_slash() -> None:
    assert load_settings(public_url="https://daten.example.org/").address == "https://daten.example.org"


def test_releases_lie_in_the_checkout_or_with_the_user(tmp_path: Path) -> None:
    assert load_settings(releases=tmp_path / "r").releases_below(tmp_path) == tmp_path / "r"
    assert load_settings().releases_below(DOCS.parent.parent) == DOCS.parent.parent / ".release"
    assert load_settings().releases_below(tmp_path).parts[-2:] == ("interkommunal", "releases")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PORT", "x", "INTERKOMMUNAL_PORT='x': input should be a valid integer"),
        ("PORT", "70000", "INTERKOMMUNAL_PORT='70000': input should be less than or equal to 65535"),
        ("PROT", "1", "INTERKOMMUNAL_PROT is not a setting; did you mean INTERKOMMUNAL_PORT?"),
        ("ENGINE", "fast", "INTERKOMMUNAL_ENGINE='fast': input should be 'memory', 'disk' or 'remote'"),
        ("ENGINE", "remote", "INTERKOMMUNAL_ENGINE=remote needs INTERKOMMUNAL_REMOTE_ENDPOINT"),
        ("CACHE_SIZE", "12 parsecs", "INTERKOMMUNAL_CACHE_SIZE='12 parsecs': could not interpret byte unit: parsecs"),
        ("SERVICES", "ftp://x", "INTERKOMMUNAL_SERVICES='ftp://x': 'ftp://x' is not an http or https address"),
        ("PUBLIC_URL", "daten.example", "INTERKOMMUNAL_PUBLIC_URL='daten.example': it must start with http://"),
        (
            "CONTRIBUTOR",
            "https://www.dcat-ap.de/def/contributors/openNRW",
            "INTERKOMMUNAL_CONTRIBUTOR='https://www.dcat-ap.de/def/contributors/openNRW': it must be an IRI of the",
        ),
        ("OPERATOR_NAME", " ", "INTERKOMMUNAL_OPERATOR_NAME=' ': it is empty; leave it out if you do not want to be"),
        ("OPERATOR_EMAIL", "daten", "INTERKOMMUNAL_OPERATOR_EMAIL='daten': it must be one e-mail address, like"),
        ("OPERATOR_URL", "http://a b/", "INTERKOMMUNAL_OPERATOR_URL='http://a b/': it holds a space or another"),
        ("ADMIN_TOKEN", "secret", "INTERKOMMUNAL_ADMIN_TOKEN: a token needs at least 16 characters"),
        ("CONFIG", "/no/such/file", "INTERKOMMUNAL_CONFIG names /no/such/file, and there is no such file"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_setting(
    name: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"INTERKOMMUNAL_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "interkommunal.toml").write_text("dead_line = 5\n")
    with pytest.raises(SettingsError, match=r"^dead_line is not a setting; did you mean deadline\?$"):
        load_settings()


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "interkommunal.toml").write_text("port = \n")
    with pytest.raises(SettingsError, match=r"^interkommunal\.toml: the settings cannot be read: .*line 1"):
        load_settings()


def test_the_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERKOMMUNAL_ADMIN_TOKEN", "a-token-of-enough-characters")
    assert "a-token-of" not in repr(load_settings())


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_as_it_describes_itself(name: str) -> None:
    rows = [line for line in DOCS.read_text().splitlines() if line.startswith(f"| `{name}` |")]
    assert len(rows) == 1
    assert rows[0].endswith(f"| {Settings.model_fields[name].description} |")


def test_the_documents_name_no_setting_that_does_not_exist() -> None:
    named = [line.split("`")[1] for line in DOCS.read_text().splitlines() if line.startswith("| `")]
    assert named == list(Settings.model_fields)
