"""The settings of a server: what can be set, the defaults, and where values come from.

A value comes from the command line, else from the environment (``INTERKOMMUNAL_PORT``), else from a TOML file
(``INTERKOMMUNAL_CONFIG``, or ``interkommunal.toml`` in the working folder), else from the default. A wrong value is a
:class:`~interkommunal.errors.SettingsError` of one line that names the setting. ``docs/settings.md`` lists every one.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import platformdirs
from pydantic import AfterValidator, ByteSize, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings.exceptions import SettingsError as SourceProblem

from interkommunal.errors import SettingsError
from interkommunal.texts import LANGUAGES

PREFIX: Final = "INTERKOMMUNAL_"
CONFIG_VARIABLE: Final = f"{PREFIX}CONFIG"
CONFIG_FILE: Final = "interkommunal.toml"

_MAIL: Final = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")
# Where the list of contributors of DCAT-AP.de has its entries.
CONTRIBUTORS: Final = "http://dcat-ap.de/def/contributors/"
_NOT_IN_IRIS: Final = re.compile(r"[\x00-\x20<>\"{}|^`\\]")

# The public endpoints of Wikidata, which a query may ask through SERVICE unless the operator says otherwise.
WIKIDATA: Final = (
    "https://query.wikidata.org/sparql",
    "https://query-main.wikidata.org/sparql",
    "https://query-scholarly.wikidata.org/sparql",
)


def _with_catalogue(tag: str) -> str:
    if tag not in LANGUAGES:
        raise ValueError(f"Input should be {' or '.join(map(repr, LANGUAGES))}")
    return tag


class Settings(BaseSettings):
    """Every setting, with its default. Sizes take units (``64MiB``), times are seconds."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=False)

    # Where it listens and what it is called.
    host: str = Field("127.0.0.1", description="Address to listen on. 0.0.0.0 lets other machines in.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on. 0 takes a free one.")
    public_url: str | None = Field(
        None,
        description="URL under which people reach the server, without a slash at the end. Links and the service "
        "description use it, never the Host header. Unset: http://host:port.",
    )

    # Who runs it.
    operator_name: str | None = Field(
        None,
        description="Who publishes here: the name of a person or body. Unset: the catalogue says that it is not "
        "stated and the service unofficial.",
    )
    operator_url: str | None = Field(None, description="Web site of the operator.")
    operator_email: str | None = Field(
        None, description="Address for questions about the data, shown to everybody in the catalogue."
    )
    imprint: str | None = Field(
        None,
        description="The imprint. An http(s) address of yours, or a text file in UTF-8: paragraphs stand apart by an "
        "empty line, a line that starts with # is a heading. {language} in its name stands for de and en: "
        "imprint.{language}.txt. Unset: the page says what operator_name, operator_url and operator_email "
        "say, and that there is no more.",
    )
    privacy: str | None = Field(
        None,
        description="What the privacy page says besides what the server itself does: an address or a text file, as "
        "with imprint. Unset: the page says that the operator has stated nothing further.",
    )
    contributor: str | None = Field(
        None,
        description="IRI of the contributor in the list of DCAT-AP.de, for who delivers to GovData, for example "
        "http://dcat-ap.de/def/contributors/openNRW. Unset: none.",
    )

    # What it serves.
    releases: Path | None = Field(
        None,
        description="Folder of the releases. Unset: .release in a checkout, else the user's data folder.",
    )
    content: Path | None = Field(
        None,
        description="Folder with ontology, data, shapes and queries. Unset: those of this installation.",
    )
    release_poll: float = Field(
        1.0, gt=0, le=3600, description="Seconds between two looks whether there is a new release."
    )

    # The engine.
    engine: Literal["memory", "disk", "remote"] = Field(
        "memory",
        description="Who answers queries: memory (the graph in memory), disk (a store on disk, for graphs that "
        "outgrow memory), remote (another SPARQL endpoint).",
    )
    remote_endpoint: str | None = Field(None, description="IRI of the SPARQL endpoint to ask. Only for engine=remote.")
    workers: int = Field(
        16,
        ge=1,
        le=1024,
        description="Queries worked on at the same time. Workers share the graph; an idle one costs little.",
    )
    queue: int = Field(
        64, ge=0, le=100_000, description="Queries that may wait for a worker. One more is answered 503 Retry-After."
    )

    # Limits of one query.
    deadline: float = Field(
        30.0, gt=0, le=86_400, description="Seconds a query may take. A client may ask for less with timeout=."
    )
    memory_limit: ByteSize = Field(
        ByteSize(1 << 30), ge=16 << 20, description="Memory a query may take on top of the shared graph."
    )
    row_limit: int = Field(
        0,
        ge=0,
        description="Rows or triples of an answer; more is refused, or cut if the client says partial=true. "
        "0: no limit.",
    )
    answer_limit: ByteSize = Field(ByteSize(0), ge=0, description="Size of an answer. 0: no limit.")
    query_limit: int = Field(1 << 20, ge=1, description="Characters of a query.")
    body_limit: ByteSize = Field(ByteSize(4 << 20), ge=1024, description="Size of the body of a request.")
    reconcile_batch: int = Field(
        200, ge=1, le=10_000, description="Queries in a batch at /reconcile; the manifest tells clients."
    )
    stall: float = Field(
        30.0, gt=0, le=3600, description="Seconds a client may leave a streamed answer unread before it is given up."
    )

    # SERVICE.
    services: Annotated[tuple[str, ...], NoDecode] = Field(
        WIKIDATA,
        description="Endpoints that SERVICE may name, separated by commas. Empty: none. Loopback and private "
        "addresses are refused even if listed.",
    )
    service_deadline: float = Field(20.0, gt=0, le=86_400, description="Seconds a query that uses SERVICE may take.")

    # Caching.
    cache_size: ByteSize = Field(ByteSize(64 << 20), ge=0, description="Memory for cached answers. 0: no cache.")
    cache_max_age: int = Field(
        0,
        ge=0,
        le=31_536_000,
        description="Seconds for which a client may use an answer without asking again (Cache-Control). 0: it asks "
        "each time and gets 304 while nothing changed.",
    )

    # People.
    language: Annotated[str, AfterValidator(_with_catalogue)] = Field(
        "de", description="Language of pages and messages for clients that prefer none that there is."
    )
    html_rows: int = Field(
        1000, ge=1, le=100_000, description="Rows that the query page shows; the formats for machines have all."
    )

    # Operations.
    admin_token: SecretStr | None = Field(
        None,
        description="Token for /admin/queries (Authorization: Bearer …). Unset: there is no such page.",
    )
    metrics: bool = Field(True, description="Whether /metrics exists.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What to log. info has one line a query, warning only what went wrong."
    )
    log_format: Literal["auto", "text", "json"] = Field(
        "auto", description="Form of the log lines. auto: text on a terminal, JSON elsewhere."
    )
    grace: float = Field(
        10.0, ge=0, le=3600, description="Seconds that requests under way have to end when the server is stopped."
    )

    @field_validator("services", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part for part in (item.strip() for item in value.split(",")) if part)
        return value

    @field_validator("services")
    @classmethod
    def _are_web_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for item in value:
            if not item.startswith(("https://", "http://")):
                raise ValueError(f"{item!r} is not an http or https address")
        return value

    @field_validator("operator_email")
    @classmethod
    def _is_mail_address(cls, value: str | None) -> str | None:
        if value is not None and not _MAIL.fullmatch(value):
            raise ValueError("it must be one e-mail address, like daten@example.org")
        return value

    @field_validator("public_url", "remote_endpoint", "operator_url", "contributor")
    @classmethod
    def _is_web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("it must start with http:// or https://")
        # One such character in one IRI stops the harvest of a whole catalogue.
        if value is not None and _NOT_IN_IRIS.search(value):
            raise ValueError("it holds a space or another character that no IRI may hold")
        return value

    @field_validator("contributor")
    @classmethod
    def _is_in_the_list(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(f"{re.escape(CONTRIBUTORS)}[A-Za-z0-9_-]+", value):
            raise ValueError(f"it must be an IRI of the list of contributors, like {CONTRIBUTORS}openNRW")
        return value

    @field_validator("operator_name")
    @classmethod
    def _is_a_name(cls, value: str | None) -> str | None:
        # Portals refuse a publisher without a name; who does not want to be named leaves the setting out.
        if value is not None and not value.strip():
            raise ValueError("it is empty; leave it out if you do not want to be named")
        return None if value is None else value.strip()

    @field_validator("public_url")
    @classmethod
    def _has_no_slash(cls, value: str | None) -> str | None:
        return None if value is None else value.rstrip("/")

    @field_validator("admin_token")
    @classmethod
    def _is_long(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 16:
            raise ValueError("a token needs at least 16 characters")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        if self.engine == "remote" and self.remote_endpoint is None:
            raise ValueError(f"{PREFIX}ENGINE=remote needs {PREFIX}REMOTE_ENDPOINT")
        return self

    @property
    def address(self) -> str:
        """The public URL, without a slash at the end."""
        if self.public_url is not None:
            return self.public_url
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def releases_below(self, root: Path) -> Path:
        """The folder of the releases, for content that lies at ``root``."""
        if self.releases is not None:
            return self.releases
        if (root / "pyproject.toml").is_file():
            return root / ".release"
        return platformdirs.user_data_path("interkommunal", appauthor=False) / "releases"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line before environment before file (pydantic-settings calls this)."""
        file = _config_file(os.environ)
        if file is None:
            return init_settings, env_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)


def load_settings(**given: Any) -> Settings:
    """The settings of this process.

    Args:
        given: values that come before all others, for example from the command line; ``None`` means not given.

    Raises:
        SettingsError: a value is wrong, a setting does not exist, or the file cannot be read. One line.
    """
    _refuse_unknown(os.environ)
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None
    except (SourceProblem, ValueError, OSError) as error:
        file = _config_file(os.environ) or "the environment"
        raise SettingsError(f"{file}: the settings cannot be read: {_one_line(str(error))}") from None


def _config_file(environment: Mapping[str, str]) -> Path | None:
    named = environment.get(CONFIG_VARIABLE)
    if named:
        if not Path(named).is_file():
            raise SettingsError(f"{CONFIG_VARIABLE} names {named}, and there is no such file")
        return Path(named)
    return Path(CONFIG_FILE) if Path(CONFIG_FILE).is_file() else None


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {CONFIG_VARIABLE}
    for name in environment:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            close = difflib.get_close_matches(name.upper(), known, n=1)
            hint = f"; did you mean {close[0]}?" if close else "; docs/settings.md lists them"
            raise SettingsError(f"{name} is not a setting{hint}")


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    message = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return _one_line(message)
    name = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        close = difflib.get_close_matches(name, Settings.model_fields, n=1)
        return f"{name} is not a setting{f'; did you mean {close[0]}?' if close else '; docs/settings.md lists them'}"
    shown = "" if name == "admin_token" else f"={first['input']!r}"
    return _one_line(f"{PREFIX}{name.upper()}{shown}: {message[0].lower()}{message[1:]}")


def _one_line(text: str) -> str:
    return " ".join(text.split())
