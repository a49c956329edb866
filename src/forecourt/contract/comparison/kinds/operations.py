"""Changes of what can be called at all."""

from __future__ import annotations

from forecourt.contract.comparison.kind import Kind
from forecourt.contract.comparison.kinds.facets import NOTHING_TO_DO
from forecourt.contract.comparison.kinds.postures import BREAKS_WHERE_NOTICE_IS_OWED
from forecourt.contract.comparison.verdict import Verdict

KINDS = (
    Kind(
        id="operation-added",
        direction=None,
        summary="one more operation",
        verdict=Verdict.SAFE,
        because="nobody needs to call it",
        remedy=NOTHING_TO_DO,
        reverse="operation-removed",
    ),
    Kind(
        id="operation-removed",
        direction=None,
        summary="an operation is gone that was not deprecated",
        verdict=Verdict.BREAKING,
        because="calls of it are answered with 404 or 405",
        remedy="keep it, deprecated, until a new version",
        reverse="operation-added",
    ),
    Kind(
        id="operation-removed-undated",
        direction=None,
        summary="an operation is gone that was deprecated, without a date in `x-sunset`",
        verdict=Verdict.RISKY,
        because="callers knew that it would go, and not when",
        remedy="say in `x-sunset` when it will go, and let that day pass",
        reverse="operation-added",
        exceptional=BREAKS_WHERE_NOTICE_IS_OWED,
    ),
    Kind(
        id="operation-removed-early",
        direction=None,
        summary="an operation is gone before the day that its `x-sunset` says",
        verdict=Verdict.BREAKING,
        because="callers were promised the time until then",
        remedy="keep it until that day",
        reverse="operation-added",
    ),
    Kind(
        id="operation-removed-after-sunset",
        direction=None,
        summary="an operation is gone, after the day that its `x-sunset` says",
        verdict=Verdict.SAFE,
        because="everybody was told when it would go",
        remedy=NOTHING_TO_DO,
        reverse="operation-added",
    ),
    Kind(
        id="operation-left-out",
        direction=None,
        summary="an operation cannot be told any more from what is written, and is not served",
        verdict=Verdict.BREAKING,
        because="calls of it are answered with 404",
        remedy="correct what `forecourt check` says of it",
        reverse="operation-added",
    ),
    Kind(
        id="operation-id-changed",
        direction=None,
        summary="an operation has another `operationId`, a first one, or none any more",
        verdict=Verdict.SAFE,
        because="no request holds it; names in generated code change when it is generated again",
        remedy=NOTHING_TO_DO,
        reverse="operation-id-changed",
    ),
    Kind(
        id="tags-changed",
        direction=None,
        summary="an operation stands under other tags",
        verdict=Verdict.SAFE,
        because="tags order documentation",
        remedy=NOTHING_TO_DO,
        reverse="tags-changed",
    ),
    Kind(
        id="server-added",
        direction=None,
        summary="the document names one more server",
        verdict=Verdict.SAFE,
        because="the others still answer",
        remedy=NOTHING_TO_DO,
        reverse="server-removed",
    ),
    Kind(
        id="server-removed",
        direction=None,
        summary="the document no longer names a server",
        verdict=Verdict.BREAKING,
        because="who calls it there finds nobody",
        remedy="let the old address answer, or redirect, until a new version",
        reverse="server-added",
    ),
)
