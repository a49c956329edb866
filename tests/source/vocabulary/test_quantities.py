from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from forecourt.source.vocabulary.quantities import (
    BELOW_PERCENTAGE,
    DATE,
    DAYS,
    DURATION,
    MONTHS,
    MONTHS_OR_NUMBER,
    PERCENTAGE,
    SIZE,
    WHILE,
    number,
    whole,
)
from forecourt.source.vocabulary.words import Parsed
from tests.source.builders import read

VALUES: list[tuple[Parsed[object], str, object]] = [
    (PERCENTAGE, "99.9%", Decimal("0.999")),
    (PERCENTAGE, "99.95 %", Decimal("0.9995")),
    (PERCENTAGE, "0%", Decimal(0)),
    (PERCENTAGE, "100%", Decimal(1)),
    (BELOW_PERCENTAGE, '"< 0.1%"', Decimal("0.001")),
    (BELOW_PERCENTAGE, '"<1%"', Decimal("0.01")),
    (DURATION, "50ms", Decimal("0.05")),
    (DURATION, "1.5 s", Decimal("1.5")),
    (DURATION, "5m", Decimal(300)),
    (DURATION, "8h", Decimal(28_800)),
    (DURATION, "30d", Decimal(2_592_000)),
    (DAYS, "30d", 30),
    (DAYS, "48h", 2),
    (MONTHS, "12 months", 12),
    (MONTHS, "1 month", 1),
    (MONTHS, "0 months", 0),
    (MONTHS_OR_NUMBER, "18", 18),
    (MONTHS_OR_NUMBER, "18 months", 18),
    (SIZE, "256 KB", 262_144),
    (SIZE, "256kb", 262_144),
    (SIZE, "8 MB", 8_388_608),
    (SIZE, "8 MiB", 8_388_608),
    (SIZE, "1.5 KB", 1536),
    (SIZE, "1 GB", 1_073_741_824),
    (SIZE, "512", 512),
    (SIZE, "512 B", 512),
    (DATE, "2024-02-29", date(2024, 2, 29)),
    (DATE, '"2024-02-29"', date(2024, 2, 29)),
    (whole(1, 20_000), "10000", 10_000),
    (whole(1, 20_000), "10_000", 10_000),
    (number(1, 100), "1.5", Decimal("1.5")),
    (number(1, 100), "1", Decimal(1)),
]


@pytest.mark.parametrize(("kind", "text", "value"), VALUES, ids=lambda it: str(it)[:40])
def test_reads(kind: Parsed[object], text: str, value: object) -> None:
    assert read(kind, text) == (value, [])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(
            (PERCENTAGE, text)
            for text in ("99,9%", "-1%", "100.1%", "'%'", "1e1%", "٩٩%", "99.9%%")
        ),
        *((BELOW_PERCENTAGE, text) for text in ('"> 0.1%"', '"< 0.1"', "<", '"< 101%"')),
        *((DURATION, text) for text in ("50", "50 parsecs", "-1s", "1h30m", "s", "1S", "1e3s")),
        *((DAYS, text) for text in ("36h", "0d", "367d", "1 month")),
        *((MONTHS, text) for text in ("-1 months", "1.5 months", "months", "12", "12345 months")),
        *((SIZE, text) for text in ("0", "1025 MB", "0.5 B", "1 TB", "-1 KB", "KB", "1,5 KB")),
        *((DATE, text) for text in ("2023-02-29", "2024-13-01", "2024-1-1", "24-01-01")),
        *((DATE, text) for text in ("2024-01-01T00:00:00Z", "1969-12-31", "3000-01-01", "today")),
        *((whole(1, 9), text) for text in ("0", "10", "1.0", "01", "+1", "1e0", '"1"', "one")),
        *((whole(1, 99_999), text) for text in ("1_0", "1__000", "_1000", "1000_", "9" * 5000)),
        *((number(1, 9), text) for text in ("0.9", "9.1", ".5", "1.", "nan", "inf", "1" * 5000)),
    ],
    ids=lambda it: str(it)[:40],
)
def test_refuses(kind: Parsed[object], text: str) -> None:
    value, told = read(kind, text)
    assert value is None
    assert len(told) == 1
    assert kind.expects in told[0]


@pytest.mark.parametrize(
    ("kind", "text", "way_out"),
    [
        (PERCENTAGE, "99.9", "write `99.9%`"),
        (PERCENTAGE, "0.999", "write `99.9%`"),
        (PERCENTAGE, "1", "write `100%`"),
        (BELOW_PERCENTAGE, "0.1%", 'write `"< 0.1%"`'),
        (DAYS, "30", "write `30d`"),
        (MONTHS, "12", "write `12 months`"),
        (MONTHS, "2 years", "write `24 months`"),
        (DURATION, "50", "add the unit"),
        (whole(1, 9), '"5"', "remove the quotes"),
    ],
    ids=lambda it: str(it)[:40],
)
def test_knows_the_way_out(kind: Parsed[object], text: str, way_out: str) -> None:
    assert way_out in read(kind, text)[1][0]


@pytest.mark.parametrize(
    "kind", [PERCENTAGE, BELOW_PERCENTAGE, DAYS, MONTHS], ids=lambda kind: kind.expects
)
@pytest.mark.parametrize("text", ["0", "1", "0.5", "7", "99.95", "100", "0.1%", "5 years"])
def test_the_way_out_leads_out(kind: Parsed[object], text: str) -> None:
    offered = kind.hint(text) if kind.hint is not None else None
    if offered is not None:
        written = offered.removeprefix("write ").strip("`").strip('"')
        assert kind.parse(written) is not None


@pytest.mark.parametrize(
    ("text", "seconds"), [("90m", 5_400), ("12h", 43_200), ("0.5d", 43_200), ("366d", 31_622_400)]
)
def test_a_while_has_whole_minutes(text: str, seconds: int) -> None:
    assert read(WHILE, text) == (seconds, [])


@pytest.mark.parametrize("text", ["0h", "30s", "-1h", "367d", "12", "0.5m"])
def test_a_while_is_no_moment_and_no_year(text: str) -> None:
    value, told = read(WHILE, text)
    assert value is None
    assert told != []
