import type { Format } from '../shape.ts'

/**
 * Secret stores, networks, monitoring.
 *
 * @see https://developer.hashicorp.com/vault/docs/concepts/tokens
 * @see https://tailscale.com/kb/1252/key-secret-management
 * @see https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens
 * @see https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/
 */
export const INFRASTRUCTURE_FORMATS: readonly Format[] = [
  ['vault_service_token', ['hvs.{base64url:90-300}', 'hvs.{alnum:24-40}']],
  ['vault_batch_token', ['hvb.{base64url:130-1500}']],
  ['vault_recovery_token', ['hvr.{base64url:24-300}']],
  [
    'doppler_token',
    [
      'dp.pt.{alnum:40-44}',
      'dp.ct.{alnum:40-44}',
      'dp.sa.{alnum:40-44}',
      'dp.said.{alnum:40-44}',
      'dp.scim.{alnum:40-44}',
      'dp.audit.{alnum:40-44}',
      'dp.st.{lower:2-35}.{alnum:40-44}',
      'dp.st.{alnum:40-44}',
    ],
  ],
  ['infisical_token', ['st.{hex:24}.{hex:32}.{hex:32}']],
  [
    '1password_secret_key',
    [
      'A3-{upper:6}-{upper:11}-{upper:5}-{upper:5}-{upper:5}',
      'A3-{upper:6}-{upper:6}-{upper:5}-{upper:5}-{upper:5}-{upper:5}',
    ],
  ],
  ['1password_service_account_token', ['ops_eyJ{padded:240+}']],
  ['age_secret_key', ['AGE-SECRET-KEY-1{upper:58}']],
  ['age_plugin_key', ['AGE-PLUGIN-{upper:3-20}-1{upper:30+}']],
  ['bitwarden_access_token', ['0.{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}.{alnum:30}:{padded:24}']],
  [
    'tailscale_key',
    [
      'tskey-auth-{alnum:8-24}-{alnum:24-48}',
      'tskey-api-{alnum:8-24}-{alnum:24-48}',
      'tskey-client-{alnum:8-24}-{alnum:24-48}',
      'tskey-scim-{alnum:8-24}-{alnum:24-48}',
      'tskey-webhook-{alnum:8-24}-{alnum:24-48}',
    ],
  ],
  ['netbird_token', ['nbp_{alnum:36}']],
  ['defined_networking_token', ['dnkey-{loose:26}-{loose:52}', 'dnkey-{base64url:70-90}']],
  ['rancher_token', ['token-{lower:5}:{lower:54}']],
  ['newrelic_user_key', ['NRAK-{upper:27}'], { anyCase: true }],
  ['newrelic_ingest_key', ['NRII-{dashed:32}'], { anyCase: true }],
  ['newrelic_browser_key', ['NRJS-{anyhex:19}'], { anyCase: true }],
  ['newrelic_license_key', ['{hex:36}NRAL']],
  [
    'newrelic_admin_key',
    ['NRAA-{hex:27}', 'NRRA-{hex:42}', 'NRIQ-{base64url:32}'],
    { anyCase: true },
  ],
  ['sentry_org_token', ['sntrys_eyJ{loose:60+}', 'sntrys_eyJ{padded:60+}_{base64:43}']],
  ['sentry_user_token', ['sntryu_{hex:64}']],
  ['sentry_integration_token', ['sntryi_{hex:64}']],
  ['grafana_service_account_token', ['glsa_{alnum:32}_{anyhex:8}']],
  ['grafana_cloud_token', ['glc_eyJ{padded:40-400}', 'glc_{padded:32-400}']],
  ['grafana_api_key', ['eyJrIjoi{padded:70-400}']],
  [
    'dynatrace_token',
    [
      'dt0c01.{upper:24}.{upper:64}',
      'dt0s01.{upper:8}.{upper:64}',
      'dt0s02.{upper:8}.{upper:64}',
      'dt0s08.{upper:8}.{upper:64}',
      'dt0e01.{upper:24}.{upper:64}',
    ],
  ],
  ['honeycomb_key', ['hcaik_{alnum:58}', 'hcalk_{alnum:58}', 'hcxmk_01{lower:24}:{alnum:32}']],
  ['logfire_token', ['pylf_v1_us_{alnum:43}', 'pylf_v1_eu_{alnum:43}', 'pylf_v1_local_{alnum:43}']],
  [
    'axiom_token',
    [
      'xaat-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
      'xapt-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
    ],
  ],
  ['posthog_personal_key', ['phx_{alnum:40-50}']],
  ['pagerduty_token', ['pdus+_{base64url:20+}', 'pdeu+_{base64url:20+}']],
  ['elastic_cloud_key', ['essu_{padded:40+}']],
  ['cockroach_cloud_key', ['CCDB1_{alnum:22}_{alnum:40}']],
  ['maxmind_license_key', ['{alnum:6}_{alnum:29}_mmk']],
]
