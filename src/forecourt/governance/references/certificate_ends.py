"""A certificate or an authority that ends soon, or has ended.

Why it matters
    On the second it ends every client of that listener, or that partner, is turned away in the
    handshake, before anybody could answer anything.

Bad
    $ echo '-----BEGIN CERTIFICATE-----' > partners/bright.pem
    $ echo 'MIIBJDCByqADAgECAgEHMAoGCCqGSM49BAMCMBExDzANBgNVBAMMBkJyaWdodDAe' >> partners/bright.pem
    $ echo 'Fw0yNzAzMDEwMDAwMDBaFw0yOTAzMjAwMDAwMDBaMBExDzANBgNVBAMMBkJyaWdo' >> partners/bright.pem
    $ echo 'dDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABH13B6k73o+P6J0/b3eJL6nbA9y/' >> partners/bright.pem
    $ echo '9EK0ZfxdQZGhiXWoFNMIHqv4JkbT5G0gqtuMMCl+6vwfV6nYl3kShgamDtqjEzAR' >> partners/bright.pem
    $ echo 'MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAMzGTkQ5tGXliLBa' >> partners/bright.pem
    $ echo '30S2IzgYoEW/7t5phom+2/cGG1gjAiEAxajKf9eOsKGxxgxPB/fUlaa2HNlLGO9v' >> partners/bright.pem
    $ echo 'SVDzoefV1bc=' >> partners/bright.pem
    $ echo '-----END CERTIFICATE-----' >> partners/bright.pem

    # partners/bright-ltd.yaml
    id: bright_ltd
    name: Bright Ltd
    apis: {payments: {allowed_versions: ["2"]}}
    certificates: {ca: bright.pem}     # ends on the 20th of March 2029

Good
    $ echo '-----BEGIN CERTIFICATE-----' > partners/bright.pem
    $ echo 'MIIBIjCByqADAgECAgEHMAoGCCqGSM49BAMCMBExDzANBgNVBAMMBkJyaWdodDAe' >> partners/bright.pem
    $ echo 'Fw0yNzAzMDEwMDAwMDBaFw0zOTAzMDEwMDAwMDBaMBExDzANBgNVBAMMBkJyaWdo' >> partners/bright.pem
    $ echo 'dDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABH13B6k73o+P6J0/b3eJL6nbA9y/' >> partners/bright.pem
    $ echo '9EK0ZfxdQZGhiXWoFNMIHqv4JkbT5G0gqtuMMCl+6vwfV6nYl3kShgamDtqjEzAR' >> partners/bright.pem
    $ echo 'MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgUoatBMnHTvwc5iQS' >> partners/bright.pem
    $ echo 'iK59C3tD37Mvcm7SeVHntjD+w20CIEQafDFdK0Ss4WbT5ywjzMLyA7FI7CZpwpoh' >> partners/bright.pem
    $ echo '/gIztvEf' >> partners/bright.pem
    $ echo '-----END CERTIFICATE-----' >> partners/bright.pem

    # partners/bright-ltd.yaml
    id: bright_ltd
    name: Bright Ltd
    apis: {payments: {allowed_versions: ["2"]}}
    certificates: {ca: bright.pem}

    It is said from 30 days before the end, or when a third is left of what the certificate lasts in
    all, whichever is later. Where a file holds several with one subject, the one that lasts longest
    counts: put the next authority beside the last, let the partner move, and take the last out.
    While `up` runs it is said in its log with 30, 14, 7 and 1 days left, and
    `forecourt_certificate_seconds_left` tells at any time.

When to waive
    Never: replace the file. Connections that are open stay.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.key_files import Holds, key_files
from forecourt.governance.rule import Finding, Rule, Subject

_HELP = {
    Holds.CERTIFICATE: "bring the next certificate, and its key; connections that are open stay",
    Holds.AUTHORITIES: "add the authority's next certificate to the file, and take this one out"
    " when all clients have moved",
}


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each name of a file that ends soon, or has ended."""
    for named in key_files(subject.estate):
        day = subject.facts.ending.get(named.path)
        if day is not None and not (named.is_replaced and subject.facts.is_local):
            yield Finding(
                message=f"`{named.path}` {_when((day - subject.today).days)}, on {day}",
                span=named.span,
                help=_HELP[named.holds],
            )


def _when(days: int) -> str:
    if days < 0:
        return "has ended"
    return "ends today" if days == 0 else f"ends in {days} {'day' if days == 1 else 'days'}"


RULE = Rule(
    code="FC415",
    name="certificate-ends",
    summary="a certificate or an authority that ends soon, or has ended",
    severity=Severity.WARNING,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
