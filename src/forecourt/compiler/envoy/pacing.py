"""Who is turned away by a full machine hears it a moment later.

Most callers ask again as soon as they have an answer, whatever `Retry-After` says. One that has
none yet asks for nothing, and to keep it waiting costs the machine a timer: a refusal at once costs
more than half of what was asked for, so that who is refused at once can fill the machine alone.
"""

from __future__ import annotations

from forecourt.compiler.envoy.spelling import Json, extension
from forecourt.compiler.envoy.vantage import Vantage

# The gate's word for it (`edge/lua/forecourt/shedding.lua`). Callers' own fields that begin so are
# gone by then.
_PACED_HEADER = "forecourt-paced"

_DELAY = "1s"

_ALWAYS: Json = {"numerator": 100}

# So many wait at a time, each with some 20 KB. Those beyond go on, and as they have no mark, the
# admission filter refuses them at once.
MOST_PACED = 2_000


def pacing_filter(vantage: Vantage) -> Json | None:
    """The filter; inside there is none, since who has to try elsewhere should hear it soon."""
    if vantage.is_mesh:
        return None
    return extension(
        "envoy.filters.http.fault",
        "envoy.extensions.filters.http.fault.v3.HTTPFault",
        {
            "delay": {"fixed_delay": _DELAY, "percentage": _ALWAYS},
            "abort": {"http_status": 503, "percentage": _ALWAYS},
            "headers": [{"name": _PACED_HEADER, "present_match": True}],
            "max_active_faults": MOST_PACED,
            # By a field that callers may send.
            "disable_downstream_cluster_stats": True,
        },
    )
