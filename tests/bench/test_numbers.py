import subprocess
import sys
from typing import cast

import pytest
from bench.numbers import in_turn, percentile, ratios
from bench.results import Figure, at_least, at_most, number
from bench.servers import Server


def server(name: str) -> Server:
    # Nobody looks at the process.
    return Server(name, 1, "/", cast("subprocess.Popen[bytes]", None), 0.0)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(value) for value in range(1, 101)]
    assert percentile(values, 50) == 50
    assert percentile(values, 95) == 95
    assert percentile([3.0], 99) == 3
    assert percentile([], 95) == 0


def test_ratios_are_taken_round_by_round() -> None:
    assert ratios([10, 30], [5, 10]) == [2, 3]


def test_servers_take_turns_in_an_order_that_turns_round() -> None:
    order: list[str] = []

    def measure(one: Server) -> int:
        order.append(one.name)
        return len(order)

    found = in_turn([server("a"), server("b")], 3, measure)
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert found == {"a": [1, 4, 5], "b": [2, 3, 6]}


@pytest.mark.parametrize(("aim", "met"), [(at_least(2), True), (at_least(2.5), False), (at_most(2), True)])
def test_an_aim_is_met_by_the_median(aim: object, met: bool) -> None:
    figure = Figure("what", "", [1, 2, 9], "×", aim)  # type: ignore[arg-type]
    assert figure.met is met


def test_numbers_have_as_many_digits_as_they_deserve() -> None:
    assert [number(value) for value in (0.123, 3.0, 42.25, 12345.6)] == ["0.12", "3", "42.2", "12,346"]


def test_the_command_tells_its_scenarios() -> None:
    done = subprocess.run([sys.executable, "-m", "bench", "--help"], capture_output=True, text=True, check=True)
    for name in ("lookups", "cached", "runaways", "dump", "soak", "startup"):
        assert name in done.stdout
