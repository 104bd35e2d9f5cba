import type { Format } from '../shape.ts'

/**
 * Clouds and hosting.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 * @see https://cloud.google.com/docs/authentication/api-keys
 * @see https://learn.microsoft.com/purview/sit-defn-client-secret-api-key
 */
export const CLOUD_FORMATS: readonly Format[] = [
  [
    'aws_access_key_id',
    ['AKIA{base32:16}', 'ASIA{base32:16}', 'ABIA{base32:16}', 'ACCA{base32:16}'],
  ],
  ['aws_bedrock_api_key', ['ABSK{base64:109-269}', 'ABSKQmVkcm9ja0FQSUtleS{padded:80+}']],
  // The fixed middle is the Base64 of `bedrock.amazonaws.com`.
  ['aws_bedrock_short_lived_key', ['bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t{padded:0-2000}']],
  ['aws_mws_token', ['amzn.mws.{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}']],
  ['amazon_oauth_client_secret', ['amzn1.oa2-cs.v1.{hex:64}']],
  // Pages with maps and applications with Firebase carry such keys openly, as Google tells them to.
  [
    'google_api_key',
    ['AIzaSy{base64url:33}'],
    { confidence: 0.8, context: /key|token|secret|credential|gcp|gemini|google|firebase/i },
  ],
  ['google_oauth_client_secret', ['GOCSPX-{base64url:28}']],
  ['google_oauth_access_token', ['ya29.{base64url:30+}', 'ya29.a0{base64url:30+}']],
  ['google_oauth_refresh_token', ['1//0{base64url:40-120}']],
  ['google_storage_hmac_key', ['GOOG1E{upper:55}', 'GOOG{upper:20}']],
  ['firebase_cloud_messaging_key', ['{base64url:7-11}:APA91b{base64url:100-180}']],
  ['azure_storage_key', ['AccountKey={base64:86}==', 'accountkey={base64:86}==']],
  ['azure_service_bus_key', ['SharedAccessKey={base64:43}=', 'sharedaccesskey={base64:43}=']],
  ['azure_shared_access_signature', ['sig={base64:43}=', 'sig={base64:40}%3D']],
  ['azure_client_secret', ['{base64url:3}8Q~{tilde:31-34}', '{base64url:3}7Q~{tilde:31-34}']],
  ['azure_devops_token', ['{alnum:76}AZDO{alnum:4}']],
  ['azure_event_grid_key', ['{base64:33}AzEG{base64:6}=']],
  [
    'azure_messaging_key',
    ['{base64:33}+ASb{base64:6}=', '{base64:33}+AEh{base64:6}=', '{base64:33}+ARm{base64:6}='],
  ],
  ['azure_iot_key', ['{base64:33}AIoT{base64:6}=']],
  ['azure_batch_key', ['{base64:76}+ABa{base64:6}==']],
  ['azure_function_key', ['{base64url:44}AzFu{base64url:6}==']],
  ['azure_search_key', ['{alnum:42}AzSe{alnum:6}']],
  ['azure_cosmos_key', ['{base64:76}ACDb{base64:6}==']],
  ['azure_container_registry_key', ['{base64:42}+ACR{base64:6}']],
  ['azure_cache_key', ['{alnum:33}AzCa{base64:6}=']],
  ['azure_storage_account_key', ['{base64:76}+ASt{base64:6}==']],
  ['azure_ai_services_key', ['{alnum:52}JQQJ99{alnum:26}']],
  ['alibaba_access_key_id', ['LTAI{alnum:20}', 'LTAI{alnum:12}']],
  ['tencent_secret_id', ['AKID{alnum:32}']],
  ['yandex_api_key', ['AQVN{base64url:35-38}']],
  ['yandex_access_key_secret', ['YC{base64url:38}'], { confidence: 0.7 }],
  ['yandex_iam_token', ['t1.{base64url:1-200}.{base64url:86}']],
  ['yandex_oauth_token', ['y0_{base64url:50-70}', 'y1_{base64url:50-70}']],
  ['digitalocean_token', ['dop_v1_{hex:64}', 'doo_v1_{hex:64}', 'dor_v1_{hex:64}']],
  ['digitalocean_spaces_key', ['DO00{upper:16}', 'DO801{upper:15}']],
  [
    'fly_access_token',
    ['fo1_{base64url:43}', 'fm1a_{padded:100+}', 'fm1r_{padded:100+}', 'fm2_{padded:100+}'],
  ],
  ['heroku_api_key', ['HRKU-AA{base64url:58}', 'HRKU-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}']],
  ['netlify_token', ['nfp_{alnum:36}', 'nfc_{alnum:36}', 'nfo_{alnum:36}']],
  [
    'vercel_token',
    ['vcp_{alnum:50+}', 'vck_{alnum:50+}', 'vci_{alnum:50+}', 'vca_{alnum:50+}', 'vcr_{alnum:50+}'],
  ],
  ['vercel_blob_token', ['vercel_blob_rw_{alnum:16}_{alnum:30}']],
  ['cloudflare_origin_ca_key', ['v1.0-{hex:24}-{hex:146}']],
  ['cloudflare_token', ['cfut_{alnum:40+}', 'cfat_{alnum:40+}', 'cfk_{alnum:40+}']],
  ['render_api_key', ['rnd_{alnum:32}']],
  ['scaleway_access_key', ['SCW{upper:17}'], { confidence: 0.7 }],
  ['upcloud_token', ['ucat_{upper:26}']],
  [
    'supabase_token',
    ['sbp_{hex:40}', 'sb_secret_{base64url:31}', 'sbp_oauth_{hex:40}', 'sbp_v0_{hex:40}'],
  ],
  [
    'planetscale_token',
    [
      'pscale_tkn_{loose:32-64}',
      'pscale_oauth_{loose:32-64}',
      'pscale_pw_{loose:32-64}',
      'pscale_api_{loose:32-64}',
    ],
  ],
  ['neon_api_key', ['napi_{lower:64}']],
  ['databricks_token', ['dapi{hex:32}-2', 'dapi{hex:32}', 'dkea{hex:32}', 'dose{hex:32}']],
  ['backblaze_application_key', ['K00{digits:1}{base64:27}'], { confidence: 0.7 }],
  ['convex_deploy_key', ['prod:{lower:3-20}-{lower:3-20}-{digits:1-4}|{base64:50+}']],
]
