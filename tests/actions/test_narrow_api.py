"""An API is made narrower now, whatever its file says and whatever is wrong with it."""

from __future__ import annotations

import pytest

from forecourt.actions.narrow_api import NoSuchApi, NotNarrower
from forecourt.actions.publish import Published, Unchanged
from forecourt.actions.revision import RevisionKind
from forecourt.estate.audience import Audience
from tests.actions.publishing import Acme, an_api_file

PAYMENTS = "apis/payments/api.yaml"


@pytest.fixture
async def published(acme: Acme) -> Acme:
    await acme.publish()
    return acme


async def test_closes_it_at_once_and_on_the_record(published: Acme) -> None:
    outcome = await published.narrow("payments", Audience.INTERNAL)
    assert isinstance(outcome, Published)
    assert outcome.moved == ("api/payments",)
    assert outcome.revision.kind is RevisionKind.NARROW
    (narrowing,) = await published.store.narrowings.standing()
    assert (narrowing.api, narrowing.audience) == ("payments", Audience.INTERNAL)
    assert (narrowing.who, narrowing.because) == ("ada", "a narrow")
    assert published.paths() == set()
    assert "/payments/" in published.paths("internal")


async def test_stays_in_force_whatever_is_saved(published: Acme) -> None:
    await published.narrow("payments", Audience.PARTNER)
    outcome = await published.publish(PAYMENTS, an_api_file(upstream="{url: http://other.svc}"))
    assert isinstance(outcome, Published)
    policy = published.edge.files["routes-external.json"]
    assert b'"partner":{' in policy
    assert b'"public":{' not in policy


async def test_works_whatever_is_wrong_with_its_file(published: Acme) -> None:
    published.save(PAYMENTS, "rubbish: [")
    published.save("forecourt.yaml", "rubbish: [")
    assert isinstance(await published.narrow("payments", Audience.INTERNAL), Published)
    assert published.paths() == set()


async def test_goes_further_step_by_step_and_not_back(published: Acme) -> None:
    await published.narrow("payments", Audience.PARTNER)
    for audience in (Audience.PARTNER, Audience.PUBLIC):
        outcome = await published.narrow("payments", audience)
        assert outcome == NotNarrower(served_as=Audience.PARTNER)
    assert isinstance(await published.narrow("payments", Audience.INTERNAL), Published)
    assert len(await published.store.narrowings.standing()) == 1


async def test_one_that_was_cut_short_is_done_when_said_again(published: Acme) -> None:
    published.edge.fails = OSError("no space left")
    with pytest.raises(OSError, match="no space left"):
        await published.narrow("payments", Audience.INTERNAL)
    assert published.paths() != set(), "nothing was served"
    published.edge.fails = None
    assert isinstance(await published.narrow("payments", Audience.INTERNAL), Published)
    assert published.paths() == set()


async def test_one_that_is_as_narrow_already_is_left_alone(published: Acme) -> None:
    outcome = await published.narrow("users", Audience.INTERNAL)
    assert outcome == NotNarrower(served_as=Audience.INTERNAL)
    assert await published.store.narrowings.standing() == ()


async def test_there_is_no_such_api(published: Acme) -> None:
    outcome = await published.narrow("paymants", Audience.INTERNAL)
    assert outcome == NoSuchApi(name="paymants", published=("payments", "users"))


async def test_nothing_is_published_yet(acme: Acme) -> None:
    assert await acme.narrow("payments", Audience.INTERNAL) == NoSuchApi(
        name="payments", published=()
    )


async def test_is_no_news_for_callers(published: Acme) -> None:
    before = await published.news()
    await published.narrow("payments", Audience.INTERNAL)
    assert await published.news() == before


async def test_a_wider_file_opens_nothing_past_it(published: Acme) -> None:
    await published.narrow("payments", Audience.INTERNAL)
    await published.publish(PAYMENTS, an_api_file("partner"))
    outcome = await published.publish(PAYMENTS, an_api_file("public"))
    assert not isinstance(outcome, Unchanged)
    assert published.paths() == set()


async def test_holds_even_if_the_edge_could_not_be_told(published: Acme) -> None:
    published.edge.fails = OSError("no space left")
    with pytest.raises(OSError, match="no space"):
        await published.narrow("payments", Audience.INTERNAL)
    published.edge.fails = None
    await published.publish()
    assert published.paths() == set()
