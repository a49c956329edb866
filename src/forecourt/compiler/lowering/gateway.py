"""What belongs to the organisation as a whole: its two listeners, whom they trust."""

from __future__ import annotations

from forecourt.compiler.ir.edge import Gateway, KeyFiles, Listener
from forecourt.compiler.lowering.apis import EXTERNAL, INTERNAL
from forecourt.estate.organization import CertificateFiles, Organization

# `forecourt up --local` answers on these besides the declared hosts.
LOCAL_HOSTS = ("localhost", "127.0.0.1")


def lower_gateway(organization: Organization, *, local: bool) -> Gateway:
    """Both listeners.

    `local`: they bind loopback only and answer to `localhost` as well, and a local authority signs
    everything.
    """
    external, internal = organization.external, organization.internal
    extra = LOCAL_HOSTS if local else ()
    host = external.hosts[0]
    return Gateway(
        organization=organization.name,
        external=Listener(
            name=EXTERNAL,
            host="127.0.0.1" if local else external.address.host,
            port=external.address.port,
            hosts=_hosts(external.hosts, extra),
            certificate=EXTERNAL,
            own=None if local else _own(external.tls),
        ),
        internal=Listener(
            name=INTERNAL,
            host="127.0.0.1" if local else internal.address.host,
            port=internal.address.port,
            hosts=_hosts(internal.hosts or (internal.address.host,), LOCAL_HOSTS),
            certificate=INTERNAL,
            own=None if local else _own(internal.tls),
        ),
        trust_domain=internal.trust_domain,
        client_ca=None if local else internal.client_ca,
        mesh_proxies=tuple(sorted(internal.mesh_proxies)),
        never_blocked=tuple(sorted(external.never_block)),
        # Elsewhere callers come by the name, whatever port stands behind it.
        url=f"https://localhost:{external.address.port}" if local else f"https://{host}",
        origin=organization.places.origin,
    )


def _own(tls: CertificateFiles | None) -> KeyFiles | None:
    return None if tls is None else KeyFiles(certificate=tls.certificate, key=tls.key)


def _hosts(declared: tuple[str, ...], extra: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*declared, *extra)))
