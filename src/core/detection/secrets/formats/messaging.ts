import type { Format } from '../shape.ts'

/**
 * Chat, mail, telephony, webhooks whose address is the secret.
 *
 * @see https://docs.slack.dev/authentication/tokens
 * @see https://core.telegram.org/bots/api#authorizing-your-bot
 * @see https://discord.com/developers/docs/reference#authentication
 */
export const MESSAGING_FORMATS: readonly Format[] = [
  [
    'slack_bot_token',
    ['xoxb-{digits:8-14}-{digits:8-14}-{alnum:16-48}', 'xoxb-{digits:8-14}-{alnum:18-26}'],
  ],
  [
    'slack_user_token',
    ['a', 'p', 's', 'o', 'r'].flatMap((letter) => [
      `xox${letter}-{digits:5-14}-{digits:5-14}-{digits:5-14}-{lower:8-80}`,
      `xox${letter}-{digits:5-14}-{digits:5-14}-{alnum:16-64}`,
      `xox${letter}-{digits:1}-{digits:5-14}-{digits:5-14}-{digits:5-14}-{lower:8-80}`,
      `xox${letter}-{lower:10-72}`,
    ]),
  ],
  [
    'slack_session_token',
    ['xoxc-{digits:8-14}-{digits:8-14}-{digits:8-14}-{hex:64}', 'xoxd-{padded:40+}'],
  ],
  ['slack_app_token', ['xapp-{digits:1}-{upper:8-14}-{digits:8-15}-{lower:40-80}']],
  [
    'slack_config_token',
    [
      'xoxe.xoxp-{digits:1}-{alnum:120-240}',
      'xoxe.xoxb-{digits:1}-{alnum:120-240}',
      'xoxe-{digits:1}-{alnum:120-240}',
    ],
  ],
  [
    'slack_webhook',
    [
      'hooks.slack.com/services/T{alnum:8-14}/B{alnum:8-14}/{alnum:18-48}',
      'hooks.slack.com/workflows/T{alnum:8-14}/A{alnum:8-14}/{digits:15-22}/{alnum:20-26}',
      'hooks.slack.com/triggers/T{alnum:8-14}/{digits:10-16}/{hex:32}',
    ],
  ],
  [
    'discord_webhook',
    [
      'discord.com/api/webhooks/{digits:17-20}/{base64url:60-70}',
      'discordapp.com/api/webhooks/{digits:17-20}/{base64url:60-70}',
    ],
  ],
  [
    'telegram_bot_token',
    ['{digits:8-10}:AA{base64url:33}', 'api.telegram.org/bot{digits:5-16}:{base64url:35}'],
  ],
  [
    'teams_webhook',
    [
      '.webhook.office.com/webhookb2/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}@{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}/IncomingWebhook/{alnum:32}/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
      'outlook.office.com/webhook/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}@{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}/IncomingWebhook/{alnum:32}/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
    ],
  ],
  [
    'google_chat_webhook',
    [
      'chat.googleapis.com/v1/spaces/{base64url:8-14}/messages?key={base64url:39}&token={base64url:40-60}',
    ],
  ],
  ['zapier_webhook', ['hooks.zapier.com/hooks/catch/{digits:4-10}/{lower:5-9}']],
  ['make_webhook', ['.make.com/{lower:32}']],
  [
    'facebook_access_token',
    [
      'EAACEdEose0cBA{alnum:20+}',
      'EAAC{alnum:60+}',
      'EAAM{alnum:60+}',
      'EAAG{alnum:60+}',
      'EAAJ{alnum:60+}',
      'EAAB{alnum:60+}',
    ],
  ],
  [
    'instagram_access_token',
    ['IGQVJ{base64url:60+}', 'IGQW{base64url:60+}', 'IGAA{base64url:60+}'],
  ],
  ['twilio_api_key', ['SK{hex:32}']],
  ['twilio_account_sid', ['AC{hex:32}'], { confidence: 0.6 }],
  ['sendgrid_api_key', ['SG.{loose:22}.{loose:43}', 'SG.{dotted:66}', 'SG.{loose:66}']],
  ['mailgun_key', ['key-{lower:32}', 'pubkey-{lower:32}']],
  ['mailchimp_key', ['{hex:32}-us{digits:1-2}']],
  ['mandrill_key', ['md-{base64url:22}']],
  ['brevo_key', ['xkeysib-{hex:64}-{alnum:16}', 'xsmtpsib-{hex:64}-{alnum:16}']],
  ['resend_key', ['re_{alnum:8}_{alnum:24}', 're_{alnum:8}_{alnum:20-24}']],
  ['mailersend_token', ['mlsn.{hex:64}']],
  ['knock_key', ['sk_test_{base64url:43}'], { confidence: 0.85 }],
  ['intercom_token', ['dG9rO{padded:50-60}']],
  ['rocket_chat_webhook', ['/hooks/{alnum:24}/{alnum:43-64}']],
]
