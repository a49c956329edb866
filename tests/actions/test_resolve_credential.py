"""Say who a credential stands for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

import pytest

from forecourt.actions.api_key import key_digest
from forecourt.actions.entitlement import MEMORY, Entitlement, Unknown
from forecourt.actions.presented import (
    TAKEN_BY,
    AnyPresented,
    PresentedCertificate,
    PresentedIdentity,
    PresentedInternalToken,
    PresentedKey,
    PresentedToken,
)
from forecourt.actions.resolve_credential import resolve_credential
from forecourt.compiler.ir.callers import AgreedSunset, Callers, Grant
from forecourt.estate.audience import Audience
from tests.actions.builders import (
    ACME,
    NOW,
    a_held_key,
    a_limit,
    a_partner,
    a_plan,
    a_record,
    a_revocation,
    a_service,
    an_application,
    an_issuer,
    some_callers,
)
from tests.store.in_memory import InMemoryStore

FINGERPRINT = "0a1b" * 16
HOST = "acme-corp.api.acme.example"


async def resolve(
    credential: AnyPresented, callers: Callers | None = None, store: InMemoryStore | None = None
) -> Entitlement | Unknown:
    return await resolve_credential(
        credential,
        callers=callers or some_callers(),
        store=(store or InMemoryStore()).credentials,
        now=NOW,
    )


async def resolve_key(
    callers: Callers | None = None, application: Any = None, **fields: Any
) -> Entitlement | Unknown:
    """What a key stands for that was issued and remembered so."""
    store = InMemoryStore()
    key, held = a_held_key(application=application or an_application(), **fields)
    await store.credentials.add_key(held, key_digest(key), a_record())
    return await resolve(PresentedKey(key), callers, store)


async def test_a_developers_key_stands_for_a_public_application() -> None:
    application = an_application(plan="free")
    found = await resolve_key(application=application, scopes=("read",))
    _, held = a_held_key(application=application)
    assert found == Entitlement(
        credential=held.credential.id,
        application="app_ada",
        consumer="developer:ada",
        audience=Audience.PUBLIC,
        bucket="app_ada",
        limit=a_plan("free").limit,
        scopes=("read",),
    )


@pytest.mark.parametrize("plan", [None, "gone"])
async def test_a_key_without_a_plan_has_the_standard_limit(plan: str | None) -> None:
    found = await resolve_key(application=an_application(plan=plan))
    assert isinstance(found, Entitlement)
    assert found.limit == a_limit()


async def test_a_partners_key_carries_the_contract() -> None:
    sunset = AgreedSunset(api="payments", version="1", on=date(2027, 1, 1))
    partner = a_partner(sunsets=(sunset,))
    found = await resolve_key(some_callers(partners=(partner,)), an_application(ACME))
    assert isinstance(found, Entitlement)
    assert (found.consumer, found.bucket) == ("partner:partner_acme_corp",) * 2
    assert (found.audience, found.application) == (Audience.PARTNER, "app_partner_acme_corp")
    assert (found.limit, found.grants) == (partner.limit, partner.grants)
    assert (found.features, found.sunsets) == (("bulk-operations",), (sunset,))
    assert not found.must_bring_certificate


@pytest.mark.parametrize("owner", ["developer", "partner"])
async def test_a_test_key_is_one_and_takes_nothing_from_the_limit_of_live_ones(owner: str) -> None:
    callers = some_callers(partners=(a_partner(),))
    application = an_application(owner=ACME) if owner == "partner" else an_application()
    live = await resolve_key(callers, application)
    test = await resolve_key(callers, application, is_test=True)
    assert isinstance(live, Entitlement)
    assert isinstance(test, Entitlement)
    assert (live.is_test, test.is_test) == (False, True)
    assert live.bucket != test.bucket
    assert replace(test, credential=live.credential, bucket=live.bucket, is_test=False) == live


async def test_a_partner_keeps_its_keys_when_its_file_is_renamed() -> None:
    renamed = a_partner("acme-corporation", id="partner_acme_corp")
    found = await resolve_key(some_callers(partners=(renamed,)), an_application(ACME))
    assert isinstance(found, Entitlement)


async def test_a_partner_that_names_certificates_must_bring_one() -> None:
    partner = a_partner(host=HOST, sha256=(FINGERPRINT,))
    found = await resolve_key(some_callers(partners=(partner,)), an_application(ACME))
    assert isinstance(found, Entitlement)
    assert found.must_bring_certificate


async def test_a_key_says_until_when_it_counts() -> None:
    end = NOW + timedelta(seconds=1)
    found = await resolve_key(expires_at=end)
    assert isinstance(found, Entitlement)
    assert found.expires_at == end


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"revoked": a_revocation(NOW - timedelta(days=1))}, "revoked"),
        ({"revoked": a_revocation(), "expires_at": NOW}, "revoked"),
        ({"expires_at": NOW}, "expired"),
        ({"application": an_application(ACME), "callers": some_callers(partners=())}, "undeclared"),
    ],
    ids=["was revoked", "was revoked and has ended", "has ended", "has a partner who is gone"],
)
async def test_a_key_stands_for_nobody_that(fields: dict[str, Any], reason: str) -> None:
    assert await resolve_key(**fields) == Unknown(reason)  # type: ignore[arg-type]


async def test_a_key_that_was_never_issued_stands_for_nobody() -> None:
    key, _ = a_held_key()
    assert await resolve(PresentedKey(key)) == Unknown("unknown")


@pytest.mark.parametrize("key", ["", "fc_live_x", "a" * 41, "\0", "é" * 41])
async def test_what_cannot_be_a_key_reaches_no_store(key: str) -> None:
    assert await resolve_credential(
        PresentedKey(key), callers=some_callers(), store=Unreachable(), now=NOW
    ) == Unknown("malformed")


@pytest.mark.parametrize(
    ("credential", "id"),
    [
        (PresentedIdentity("spiffe://acme.example/ns/shop/sa/orders"), "spiffe:orders"),
        (PresentedInternalToken("orders"), "internal_token:orders"),
    ],
    ids=["identity", "token"],
)
async def test_a_service_is_known_by_its(credential: AnyPresented, id: str) -> None:
    assert await resolve(credential) == Entitlement(
        credential=id,
        application="orders",
        consumer="service:orders",
        audience=Audience.INTERNAL,
        bucket="service:orders",
        limit=a_service().limit,
    )


@pytest.mark.parametrize(
    "credential",
    [
        PresentedIdentity("spiffe://acme.example/ns/shop/sa/unknown"),
        PresentedIdentity("orders"),
        PresentedInternalToken("spiffe://acme.example/ns/shop/sa/orders"),
        PresentedInternalToken(""),
    ],
)
async def test_an_undeclared_service_is_nobody(credential: AnyPresented) -> None:
    assert await resolve(credential) == Unknown("undeclared")


def a_token(**fields: str) -> PresentedToken:
    given = {"issuer": "acme-id", "client": "shop-app", "subject": "user-1"}
    return PresentedToken(**(given | fields))


async def test_a_token_stands_for_the_client_of_its_issuer() -> None:
    assert await resolve(a_token()) == Entitlement(
        credential="token:acme-id/shop-app/user-1",
        application="acme-id/shop-app",
        consumer="developer:acme-id/shop-app",
        audience=Audience.PUBLIC,
        bucket="acme-id/shop-app",
        limit=a_limit(),
        subject="user-1",
    )


async def test_a_token_has_the_plan_of_its_issuer() -> None:
    callers = some_callers(issuers=(an_issuer(plan="free"),), plans=(a_plan("free", 20),))
    found = await resolve(a_token(), callers)
    assert isinstance(found, Entitlement)
    assert found.limit == a_plan("free", 20).limit
    gone = some_callers(issuers=(an_issuer(plan="gone"),))
    found = await resolve(a_token(), gone)
    assert isinstance(found, Entitlement)
    assert found.limit == gone.standard, "it is not left without service"


async def test_a_person_has_a_bucket_where_persons_have_a_share() -> None:
    shared = replace(a_limit(), per_user=a_limit(10, 10.0))
    callers = some_callers(issuers=(an_issuer("a"), an_issuer("b")), standard=shared)

    async def bucket(**token: str) -> str | None:
        found = await resolve(a_token(**token), callers)
        assert isinstance(found, Entitlement)
        return found.user_bucket

    ada = await bucket(issuer="a", subject="ada")
    assert ada is not None
    assert ada == await bucket(issuer="a", subject="ada")
    others = {
        await bucket(issuer="a", subject="bob"),
        await bucket(issuer="b", subject="ada"),
        await bucket(issuer="a", client="other", subject="ada"),
    }
    assert len(others - {ada, None}) == 3
    assert await bucket(issuer="a", subject="") is None
    callers = some_callers(issuers=(an_issuer("a"),))
    assert await bucket(issuer="a", subject="ada") is None, "nobody has a share"


@pytest.mark.parametrize("subject", ["", "shop-app"], ids=["no subject", "itself"])
async def test_a_client_that_acts_for_nobody_names_no_person(subject: str) -> None:
    found = await resolve(a_token(subject=subject))
    assert isinstance(found, Entitlement)
    assert found.subject is None


async def test_tokens_of_two_clients_never_share_an_application() -> None:
    callers = some_callers(issuers=(an_issuer("a"), an_issuer("a/b")))
    tokens = [a_token(issuer="a", client="b/c"), a_token(issuer="a/b", client="c")]
    found = [await resolve(token, callers) for token in tokens]
    applications = {f.application for f in found if isinstance(f, Entitlement)}
    assert len(applications) == 2


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (a_token(issuer="other"), "undeclared"),
        (a_token(client=""), "malformed"),
    ],
    ids=["of another issuer", "without a client"],
)
async def test_a_token_is_nobodys(token: PresentedToken, reason: str) -> None:
    assert await resolve(token) == Unknown(reason)  # type: ignore[arg-type]


async def test_a_partners_token_is_held_to_the_contract() -> None:
    callers = some_callers(issuers=(an_issuer(callers=Audience.PARTNER),))
    found = await resolve(a_token(client="partner_acme_corp"), callers)
    assert isinstance(found, Entitlement)
    assert (found.audience, found.bucket) == (Audience.PARTNER, "partner:partner_acme_corp")
    assert found.grants == a_partner().grants
    assert await resolve(a_token(client="shop-app"), callers) == Unknown("undeclared")


async def test_nobody_else_vouches_for_a_service() -> None:
    callers = some_callers(issuers=(an_issuer(callers=Audience.INTERNAL),))
    assert await resolve(a_token(client="orders"), callers) == Unknown("not_accepted")


@pytest.mark.parametrize(
    "fields",
    [
        {"sha256": (FINGERPRINT,)},
        {"sha256": ("ff" * 32, ":".join(["0A", "1B"] * 16))},
        {"ca": "certs/acme.pem"},
        {"ca": "certs/acme.pem", "sha256": (FINGERPRINT,)},
    ],
    ids=["is named", "is named with colons", "its authority signed", "is named and signed"],
)
async def test_a_certificate_stands_for_the_partner_where_it(fields: dict[str, Any]) -> None:
    callers = some_callers(partners=(a_partner(host=HOST, **fields),))
    found = await resolve(PresentedCertificate(host=HOST.upper(), sha256=FINGERPRINT), callers)
    assert isinstance(found, Entitlement)
    assert found.consumer == "partner:partner_acme_corp"
    assert found.credential == f"certificate:{FINGERPRINT[:16]}"
    assert found.must_bring_certificate


@pytest.mark.parametrize(
    ("partner", "reason"),
    [
        (a_partner(host=HOST, sha256=("ff" * 32,)), "unknown"),
        (a_partner(host=HOST, sha256=("ff" * 32,), ca="certs/acme.pem"), "unknown"),
        (a_partner(host=HOST), "unknown"),
        (a_partner(host="zenith.api.acme.example", sha256=(FINGERPRINT,)), "undeclared"),
        (a_partner(host=None, sha256=(FINGERPRINT,)), "undeclared"),
    ],
    ids=["other", "signed, not named", "any", "at another's host", "at no host"],
)
async def test_a_certificate_is_nobodys(partner: Any, reason: str) -> None:
    certificate = PresentedCertificate(host=HOST, sha256=FINGERPRINT)
    found = await resolve(certificate, some_callers(partners=(partner,)))
    assert found == Unknown(reason)  # type: ignore[arg-type]


def test_the_edge_remembers_colleagues_longest_and_strangers_shortest() -> None:
    graces = [MEMORY[audience].grace for audience in Audience]
    assert graces == sorted(graces, reverse=True)
    assert set(MEMORY) == set(Audience)


def test_no_kind_of_credential_counts_at_both_listeners() -> None:
    kinds = [kind for taken in TAKEN_BY.values() for kind in taken]
    assert len(kinds) == len(set(kinds)) == len(get_args(AnyPresented))


class Unreachable:
    async def held_key(self, sha256: str) -> None:
        raise AssertionError("the store was asked")


async def test_a_key_is_for_the_apis_that_it_was_given_for() -> None:
    found = await resolve_key(apis=("lamps", "prices"))
    assert isinstance(found, Entitlement)
    assert found.grants == (Grant(api="lamps", versions=None), Grant(api="prices", versions=None))


async def test_a_key_that_is_for_no_api_reaches_none() -> None:
    found = await resolve_key(apis=())
    assert isinstance(found, Entitlement)
    assert found.grants == ()


async def test_the_apis_of_a_key_add_nothing_to_a_contract() -> None:
    application = an_application(ACME)
    found = await resolve_key(application=application, apis=("payments", "users"))
    assert isinstance(found, Entitlement)
    assert found.grants == (Grant(api="payments", versions=("1", "2")),)


async def test_the_addresses_of_a_key_are_told() -> None:
    found = await resolve_key(addresses=("203.0.113.0/24",))
    assert isinstance(found, Entitlement)
    assert found.addresses == ("203.0.113.0/24",)


async def test_ten_keys_of_one_application_share_its_bucket() -> None:
    application = an_application()
    buckets = set()
    for number in range(10):
        store = InMemoryStore()
        key, held = a_held_key(str(number), application)
        await store.credentials.add_key(held, key_digest(key), a_record())
        found = await resolve(PresentedKey(key), store=store)
        assert isinstance(found, Entitlement)
        buckets.add(found.bucket)
    assert buckets == {"app_ada"}
