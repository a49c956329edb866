"""Every rule, in the order of the codes. A retired code stays here as a comment."""

from __future__ import annotations

from forecourt.governance.exposure import (
    allow_on_external,
    anonymous_operation,
    contract_elsewhere,
    external_without_contract,
    insecure_issuer,
    mark_without_effect,
    marks_not_held,
    narrower_answers,
    narrower_required,
    own_path_covered,
    own_path_taken,
    partner_names_internal_api,
    path_overlap,
    shared_client_authority,
    shared_listener_address,
    upstream_shared_with_narrower,
)
from forecourt.governance.lifecycle import (
    change_not_covered,
    deprecation_too_short,
    deprecation_undated,
    deprecation_without_day,
    fixed_by_audience,
    floor_laxer_than_posture,
    laxer_than_posture,
    promise_missing,
    rests_on_functions,
    service_limit_laxer,
    shown_by_older_version,
    version_taken_out,
    version_without_upstream,
)
from forecourt.governance.references import (
    api_not_read,
    certificate_ends,
    file_not_found,
    identity_outside_trust_domain,
    shared_partner_id,
    shared_service_identity,
    unknown_api,
    unknown_approver,
    unknown_channel,
    unknown_feature,
    unknown_plan,
    unknown_service,
    unknown_sla_tier,
    unknown_version,
    unset_variable,
    unusable_key_file,
)
from forecourt.governance.rule import Rule
from forecourt.governance.waivers import (
    waiver_expired,
    waiver_expiring,
    waiver_of_nothing,
    waiver_unused,
)

ABOUT_THE_ESTATE: tuple[Rule, ...] = (
    path_overlap.RULE,
    upstream_shared_with_narrower.RULE,
    # FC203 projection-not-enforced: until projections were enforced, 0.1.
    external_without_contract.RULE,
    allow_on_external.RULE,
    partner_names_internal_api.RULE,
    shared_client_authority.RULE,
    insecure_issuer.RULE,
    shared_listener_address.RULE,
    contract_elsewhere.RULE,
    narrower_required.RULE,
    narrower_answers.RULE,
    mark_without_effect.RULE,
    marks_not_held.RULE,
    own_path_taken.RULE,
    own_path_covered.RULE,
    anonymous_operation.RULE,
    laxer_than_posture.RULE,
    fixed_by_audience.RULE,
    floor_laxer_than_posture.RULE,
    deprecation_too_short.RULE,
    deprecation_undated.RULE,
    promise_missing.RULE,
    version_without_upstream.RULE,
    service_limit_laxer.RULE,
    version_taken_out.RULE,
    deprecation_without_day.RULE,
    change_not_covered.RULE,
    rests_on_functions.RULE,
    shown_by_older_version.RULE,
    unknown_service.RULE,
    unknown_api.RULE,
    unknown_version.RULE,
    unknown_feature.RULE,
    unknown_sla_tier.RULE,
    file_not_found.RULE,
    shared_service_identity.RULE,
    identity_outside_trust_domain.RULE,
    shared_partner_id.RULE,
    unset_variable.RULE,
    api_not_read.RULE,
    unknown_approver.RULE,
    unknown_channel.RULE,
    unusable_key_file.RULE,
    certificate_ends.RULE,
    unknown_plan.RULE,
)

# They ask which waivers were needed, so they come after all others.
ABOUT_WAIVERS: tuple[Rule, ...] = (
    waiver_expired.RULE,
    waiver_expiring.RULE,
    waiver_unused.RULE,
    waiver_of_nothing.RULE,
)

RULES: tuple[Rule, ...] = (*ABOUT_THE_ESTATE, *ABOUT_WAIVERS)


def rule_called(word: str) -> Rule | None:
    """The rule with that name or code."""
    return next((rule for rule in RULES if rule.is_called(word)), None)
