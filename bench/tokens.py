"""What a caller's token costs beside an API key: `python -m bench.tokens`.

Three issuers sign with RS256, ES256 and EdDSA. Envoy remembers 10,000 tokens that it has verified,
so each is measured twice: tokens it knows, and so many in rotation that it knows none of them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from bench import rig
from bench.estates import PARTNER, TOKEN_AUDIENCE
from bench.postures import gateway, keys_script

KNOWN, NEW = 100, 12_000
_PATH = "/payments/v2/things1/1"
_LIFETIME = 3600

_Key = RSAKey | ECKey | OKPKey

_SCRIPT = """\
local lines, n = {{}}, 0
for line in io.lines("{tokens}") do lines[#lines + 1] = "Bearer " .. line end
request = function()
  n = n % #lines + 1
  return wrk.format("GET", "{path}", {{["Authorization"] = lines[n]}})
end
"""


def signing_keys() -> dict[str, _Key]:
    """One by the algorithm that signs with it."""
    return {
        "RS256": RSAKey.generate_key(2048, {"kid": "rs256"}),
        "ES256": ECKey.generate_key("P-256", {"kid": "es256"}),
        "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "eddsa"}),
    }


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=4, help="in each fresh start")
    arguments.add_argument("--seconds", type=int, default=1)
    arguments.add_argument("--starts", type=int, default=2, help="fresh starts of the gateway")
    given = arguments.parse_args()
    columns = []
    for _ in range(given.starts):
        with _running() as candidates:
            columns.append(rig.compare(candidates, rounds=given.rounds, seconds=given.seconds))
    merged = [rig.merged(column) for column in zip(*columns, strict=True)]
    print(rig.table(merged))
    refused = sum(w.refused for results in columns for r in results for w in r.windows)
    print(f"\nrefused or failed: {refused}")
    for result in merged[1:]:
        print(f"{result.name}: {statistics.median(result.ratios):.2f} of an API key's")
    return 1 if refused else 0


@contextmanager
def _running() -> Iterator[list[rig.Candidate]]:
    """One gateway, and the ways to prove who calls it; the first is an API key."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fc-bench-")))
        upstream = stack.enter_context(rig.upstream())
        keys = signing_keys()
        issuers = {name.lower(): _key_set(key) for name, key in keys.items()}
        running = gateway(folder, upstream=upstream, keys=KNOWN, issuers=issuers)
        pid, external, _ = stack.enter_context(running)
        url = f"https://localhost:{external}"

        def candidate(name: str, script: Path) -> rig.Candidate:
            return rig.Candidate(name=name, pid=pid, load=rig.wrk(url, script))

        found = [candidate("API key", keys_script(folder, "keys", _PATH))]
        for name, key in keys.items():
            for count, what in ((KNOWN, "known"), (NEW, "new each time")):
                tokens = folder / f"{name}-{count}"
                tokens.write_text("\n".join(_tokens(name, key, count)) + "\n")
                script = folder / f"{name}-{count}.lua"
                script.write_text(_SCRIPT.format(tokens=tokens, path=_PATH))
                found.append(candidate(f"{name}, {what}", script))
        yield found


def _key_set(key: _Key) -> str:
    public: dict[str, Any] = dict(key.as_dict(private=False))
    return json.dumps({"keys": [public]})


def _tokens(algorithm: str, key: _Key, count: int) -> Iterator[str]:
    """So many that differ, of one client."""
    now = int(time.time())
    header = {"alg": algorithm, "kid": algorithm.lower()}
    for number in range(count):
        claims = {
            "iss": f"https://{algorithm.lower()}.bench.example/",
            "aud": TOKEN_AUDIENCE,
            "azp": PARTNER,
            "jti": f"{number}",
            "iat": now,
            "exp": now + _LIFETIME,
        }
        yield jwt.encode(header, claims, key, algorithms=[algorithm])


if __name__ == "__main__":
    sys.exit(main())
