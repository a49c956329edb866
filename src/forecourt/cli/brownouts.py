"""`forecourt brownouts`: when versions are refused before they end, and who would be hit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.plan_brownouts import DAYS, PlannedBrownouts, plan_brownouts, usage_window
from forecourt.actions.usage import Usage
from forecourt.bootstrap import World
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.check import At, Environment, examined_folder
from forecourt.cli.day import day_of
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.formats.report import printable
from forecourt.cli.text_or_json import Form, TextOrJson, print_json
from forecourt.compiler.ir.apis import Brownout
from forecourt.compiler.lowering.apis import lower_api
from forecourt.compiler.lowering.callers import lower_partner
from forecourt.governance.nearest import did_you_mean

app = typer.Typer()


@app.command()
def brownouts(
    name: Annotated[str, typer.Argument(metavar="API", help="An API of the estate.")],
    estate: EstateFolder = Path(),
    at: At = None,
    environment: Environment = None,
    form: Form = TextOrJson.TEXT,
) -> None:
    """List the brownouts of an API's deprecated versions, and who would be hit. Changes nothing."""
    examined, _ = examined_folder(estate, at=at, environment=environment, local=True)
    declared = examined.estate.apis.get(name)
    if declared is None:
        hint = did_you_mean(name, tuple(examined.estate.apis), "see `forecourt check`")
        refuse(f"no API that can be read is called `{printable(name)}`; {hint}", ExitCode.USAGE)
    day = day_of(at)

    async def verb(world: World) -> None:
        since, until = usage_window(day, world.clock().date())
        planned = plan_brownouts(
            lower_api(declared, mocked=False),
            (lower_partner(p, "") for p in examined.estate.partners.values()),
            await world.store.usage.of(name, since=since, until=until),
            day,
        )
        if form is TextOrJson.JSON:
            print_json([_plain(p) for p in planned])
            return
        for line in _lines(name, planned):
            typer.echo(line)
        if not planned:
            typer.echo(f"no version of {name} is deprecated and has a sunset", err=True)

    against_store(estate, verb)


def _lines(name: str, planned: Sequence[PlannedBrownouts]) -> Iterator[str]:
    for its in planned:
        yield f"{name} version {its.version}, gone from {its.sunset}"
        if not its.brownouts:
            yield "  no brownouts"
        for brownout in its.brownouts:
            mark = "now: " if brownout == its.now else "next: " if brownout == its.next else ""
            yield f"  {mark}{_moment(brownout.begins)} to {_moment(brownout.ends)} UTC"
        if its.hit:
            yield from _callers(f"would be refused, by the last {DAYS} days", its.hit)
        elif its.brownouts:
            yield f"  would refuse nobody, by the last {DAYS} days"
        yield from _callers("would not, for they are not outside", its.spared)
        for partner in its.longer:
            yield (
                f"  given longer: partner {partner.partner}, until {partner.until}"
                f" ({_times(partner.requests)})"
            )


def _callers(title: str, usage: Sequence[Usage]) -> Iterator[str]:
    if usage:
        yield f"  {title}:"
    for one in usage:
        yield (
            f"    {printable(one.consumer)}, {printable(one.application)}:"
            f" {_times(one.requests)}, last on {one.last}"
        )


def _times(requests: int) -> str:
    return f"{requests:,} request{'' if requests == 1 else 's'}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _plain(planned: PlannedBrownouts) -> dict[str, object]:
    def spoken(brownout: Brownout | None) -> dict[str, object] | None:
        return None if brownout is None else {"begins": brownout.begins, "ends": brownout.ends}

    def called(usage: Sequence[Usage]) -> list[dict[str, object]]:
        return [
            {
                "consumer": one.consumer,
                "application": one.application,
                "requests": one.requests,
                "last": one.last,
            }
            for one in usage
        ]

    return {
        "version": planned.version,
        "sunset": planned.sunset,
        "brownouts": [spoken(brownout) for brownout in planned.brownouts],
        "now": spoken(planned.now),
        "next": spoken(planned.next),
        "hit": called(planned.hit),
        "spared": called(planned.spared),
        "longer": [
            {"partner": one.partner, "until": one.until, "requests": one.requests}
            for one in planned.longer
        ],
    }
