"""Asks a SPARQL endpoint politely, through SPARQLWrapper.

In: a query. Out: its rows. One request at a time, with our name and a way to get in touch (the policy of Wikimedia asks
for both), as long between two requests as the endpoint likes; what it refuses for now (429, 503 and the like), answers
too slowly or breaks off is asked again after the time that ``Retry-After`` names, else after a pause that doubles up to
a limit. Answers go into a journal, so that an interrupted run does not ask again.
"""

from __future__ import annotations

import datetime
import email.utils
import http.client
import json
import random
import time
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, SPARQLWrapperException

from interkommunal import __version__
from interkommunal.errors import UnreachableError
from interkommunal.linking.journal import Journal
from interkommunal.namespaces import BASE, prologue

AGENT: Final = f"interkommunal-link/{__version__} (+{BASE})"
# Answers that may be better a moment later.
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})

# A row: lexical form by variable; language tags are kept apart where they matter, by asking for them.
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Manners:
    """How patient and how careful requests are. Times are in seconds.

    Attributes:
        timeout: for one request. pause: between two requests. attempts: for one query, all together.
        backoff: first pause after a failure; it doubles. longest: that no pause exceeds, not even one that the endpoint
            asks for (a longer one ends the run).
    """

    timeout: float = 60.0
    pause: float = 0.5
    attempts: int = 6
    backoff: float = 2.0
    longest: float = 120.0


class Endpoint:
    """An endpoint that speaks Wikidata's model.

    Args:
        iri: its address. journal: of answers; ``None`` keeps none. manners: see there.
        sleep: waits; a test may replace it. tell: called with a line for people whenever it waits.
    """

    def __init__(
        self,
        iri: str,
        journal: Journal | None = None,
        manners: Manners | None = None,
        sleep: Callable[[float], None] = time.sleep,
        tell: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.iri = iri
        self.requests = 0
        self._journal = journal
        self._manners = manners or Manners()
        self._sleep = sleep
        self._tell = tell

    def rows(self, query: str) -> list[Row]:
        """The rows of a SELECT query, from the journal if it has been answered before.

        Raises:
            UnreachableError: it does not answer, however often it is asked, or refuses the query.
        """
        text = f"{_PROLOGUE}{query}"
        if self._journal is not None and (known := self._journal.answer(text)) is not None:
            return known
        rows = self._ask(text)
        if self._journal is not None:
            self._journal.keep(text, rows)
        return rows

    def _ask(self, text: str) -> list[Row]:
        manners = self._manners
        for attempt in range(1, manners.attempts + 1):
            if self.requests:
                self._sleep(manners.pause)
            self.requests += 1
            try:
                return self._once(text)
            except _Later as refusal:
                if attempt == manners.attempts:
                    raise UnreachableError(
                        f"{self.iri} did not answer in {attempt} attempts ({refusal}); try again later: what was "
                        "answered is kept"
                    ) from None
                wait = self._wait(attempt, refusal)
                self._tell(f"{refusal}; asking again in {wait:.0f} s")
                self._sleep(wait)
        raise AssertionError("unreachable")

    def _wait(self, attempt: int, refusal: _Later) -> float:
        if refusal.seconds is not None:
            if refusal.seconds > self._manners.longest:
                raise UnreachableError(
                    f"{self.iri} asks to wait {refusal.seconds:.0f} s; try again then: what was answered is kept"
                )
            return refusal.seconds
        # Some spread, so that many clients do not come back at the same moment.
        spread = random.uniform(0.75, 1.25)
        return min(float(self._manners.backoff * 2 ** (attempt - 1) * spread), self._manners.longest)

    def _once(self, text: str) -> list[Row]:
        asking = SPARQLWrapper(self.iri, returnFormat=JSON, agent=AGENT)
        asking.setMethod(POST)
        asking.setTimeout(max(1, int(self._manners.timeout)))
        asking.setQuery(text)
        try:
            answer: Any = json.loads(asking.query().response.read())
            return [{name: cell["value"] for name, cell in row.items()} for row in answer["results"]["bindings"]]
        except urllib.error.HTTPError as error:
            if error.code in _AGAIN:
                raise _Later(f"HTTP {error.code}", _retry_after(error.headers.get("Retry-After"))) from None
            raise UnreachableError(f"{self.iri} answered {error.code} {error.reason}") from None
        except EndPointInternalError:
            raise _Later("HTTP 500") from None
        except SPARQLWrapperException as error:
            raise UnreachableError(f"{self.iri} refuses: {' '.join(str(error).split())[:300]}") from None
        except http.client.HTTPException:
            raise _Later("the answer broke off") from None
        except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
            raise _Later("the answer is cut off or no result") from None
        except TimeoutError:
            raise _Later(f"no answer within {self._manners.timeout:.0f} s") from None
        except (urllib.error.URLError, OSError) as error:
            raise _Later(f"cannot be reached: {getattr(error, 'reason', error)}") from None


class _Later(Exception):
    """The endpoint may answer later; ``seconds`` is what it asks for."""

    def __init__(self, message: str, seconds: float | None = None) -> None:
        self.seconds = seconds
        super().__init__(message)


def _retry_after(value: str | None) -> float | None:
    """Seconds of ``Retry-After`` (RFC 9110, section 10.2.3): a number or a date; ``None`` for anything else."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        day = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (day - datetime.datetime.now(datetime.UTC)).total_seconds())


_WANTED: Final = ("owl", "rdfs", "skos", "wd", "wdt", "xsd")
# Wikidata writes schema.org without s, the project with it.
_PROLOGUE: Final = prologue(_WANTED) + ("PREFIX schema: <http://schema.org/>\n")
