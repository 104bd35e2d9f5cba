import type { Format } from '../shape.ts'

/**
 * Office, design, sales, maps, identity and other services.
 *
 * @see https://developers.notion.com/docs/authorization
 * @see https://airtable.com/developers/web/guides/personal-access-tokens
 * @see https://developers.hubspot.com/docs/guides/apps/private-apps/overview
 * @see https://docs.mapbox.com/help/dive-deeper/access-tokens/
 */
export const SERVICE_FORMATS: readonly Format[] = [
  ['linear_api_key', ['lin_api_{alnum:40}', 'lin_oauth_{alnum:40}', 'lin_wh_{alnum:40}']],
  ['notion_token', ['ntn_{digits:11}{alnum:35}', 'secret_{alnum:43}']],
  ['airtable_token', ['pat{alnum:14}.{hex:64}']],
  [
    'hubspot_token',
    [
      'pat-na1-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
      'pat-na2-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
      'pat-eu1-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
    ],
  ],
  [
    'salesforce_token',
    ['00D{alnum:12}!{dotted:80-120}', '00D{alnum:15}!{dotted:80-120}', '3MVG9{dotted:80-120}'],
  ],
  ['zoho_refresh_token', ['1000.{hex:32}.{hex:32}']],
  ['clickup_token', ['pk_{digits:6-9}_{upper:32}']],
  ['contentful_token', ['CFPAT-{base64url:43}']],
  [
    'shortcut_token',
    [
      'sct_rw_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
      'sct_ro_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
    ],
  ],
  ['typeform_token', ['tfp_{loose:59}', 'tfp_{dotted:40-70}']],
  ['dropbox_token', ['sl.{loose:130-152}', 'sl.u.{loose:130+}', 'sl.B{loose:120+}']],
  ['frameio_token', ['fio-u-{loose:64}']],
  ['beamer_token', ['b_{loose:44}'], { confidence: 0.8 }],
  [
    'mapbox_secret_token',
    ['sk.eyJ{base64url:50-200}.{base64url:22}', 'tk.eyJ{base64url:50-200}.{base64url:22}'],
  ],
  ['arcgis_key', ['AAPK{base64url:80-120}', 'AAPT{base64url:80-200}']],
  ['workos_key', ['sk_live_{padded:60-120}', 'sk_test_{padded:60-120}'], { confidence: 0.85 }],
  ['stytch_secret', ['secret-live-{loose:36}', 'secret-test-{loose:36}']],
  ['rapidapi_key', ['{lower:10}msh{lower:15}p1{lower:6}jsn{lower:12}']],
  ['intra42_secret', ['s-s4t2ud-{hex:64}', 's-s4t2af-{hex:64}']],
  ['adobe_client_secret', ['p8e-{base64url:32}', 'p8e-{lower:32}']],
  ['ionic_token', ['ion_{alnum:42}']],
  ['retool_token', ['retool_{word:26}']],
  [
    'onfido_token',
    [
      'api_live.{base64url:10-14}.{base64url:30-40}',
      'api_sandbox.{base64url:10-14}.{base64url:30-40}',
      'api_live_us.{base64url:10-14}.{base64url:30-40}',
      'api_live_ca.{base64url:10-14}.{base64url:30-40}',
    ],
  ],
  ['wakatime_key', ['waka_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}']],
  ['ubidots_token', ['BBFF-{alnum:30}', 'BBUS-{alnum:30}']],
  [
    'authress_key',
    [
      'sc_{lower:5-30}.{lower:4-6}.acc_{lower:10-32}.{padded:30-120}',
      'ext_{lower:5-30}.{lower:4-6}.acc_{lower:10-32}.{padded:30-120}',
    ],
  ],
  ['linkedin_secret', ['WPL_AP1.{alnum:16}.{padded:8}', 'WPL_AP0.{alnum:16}.{padded:8}']],
]
