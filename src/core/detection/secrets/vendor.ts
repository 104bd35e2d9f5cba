import { ALPHABETS, type AlphabetName, runOf } from '../alphabet.ts'

/** Keys that only their field's name tells apart from a hash: `algolia_admin_key = <32 hex>`. */
export interface VendorKey {
  /** A segment, or segments run together, of the field's name. */
  readonly vendor: string
  readonly kind: string
  /** Alphabet and lengths of the whole value. */
  readonly alphabet: AlphabetName
  readonly lengths: readonly number[]
}

function key(vendor: string, alphabet: AlphabetName, ...lengths: readonly number[]): VendorKey {
  return { vendor, kind: `${vendor}_key`, alphabet, lengths }
}

/** From the vendors' public descriptions of their keys. */
export const VENDOR_KEYS: readonly VendorKey[] = [
  key('adobe', 'hex', 32),
  key('adafruit', 'base64url', 32),
  key('algolia', 'hex', 32),
  key('alibaba', 'lower', 30),
  key('asana', 'lower', 32),
  key('atlassian', 'lower', 24),
  key('aws', 'base64', 40),
  key('bitbucket', 'loose', 32, 64),
  key('bittrex', 'lower', 32),
  key('cloudflare', 'base64url', 37, 40),
  key('codecov', 'lower', 32),
  key('cohere', 'alnum', 40),
  key('coinbase', 'base64url', 64),
  key('confluent', 'alnum', 16, 64),
  key('contentful', 'loose', 43),
  key('datadog', 'lower', 32, 40),
  key('deepgram', 'hex', 40),
  key('deepseek', 'dashed', 35),
  key('discord', 'lower', 32),
  key('droneci', 'lower', 32),
  key('dropbox', 'lower', 15),
  key('elevenlabs', 'hex', 32),
  key('etsy', 'lower', 24),
  key('facebook', 'hex', 32),
  key('fastly', 'loose', 32),
  key('finicity', 'lower', 20, 32),
  key('finnhub', 'lower', 20),
  key('flickr', 'lower', 32),
  key('freshbooks', 'lower', 64),
  key('gitter', 'base64url', 40),
  key('gocardless', 'loose', 40, 45),
  key('hubspot', 'dashed', 36),
  key('intercom', 'loose', 60),
  key('jira', 'lower', 24),
  key('jfrog', 'lower', 64, 73),
  key('kraken', 'padded', 88),
  key('kucoin', 'dashed', 24, 36),
  key('launchdarkly', 'loose', 40),
  key('linear', 'hex', 32),
  key('linode', 'hex', 64),
  key('linkedin', 'lower', 14, 16),
  key('lob', 'word', 40, 41),
  key('looker', 'lower', 20, 24),
  key('mailchimp', 'hex', 32),
  key('mattermost', 'lower', 26),
  key('mailgun', 'dashed', 36, 50),
  key('maxmind', 'word', 16, 40),
  key('messagebird', 'lower', 25),
  key('mistral', 'alnum', 32),
  key('netlify', 'loose', 40, 43, 46),
  key('newrelic', 'lower', 64),
  key('mollie', 'word', 35),
  key('nytimes', 'loose', 32),
  key('okta', 'base64url', 42),
  key('openweather', 'hex', 32),
  key('pagerduty', 'base64url', 20),
  key('plaid', 'lower', 24, 30),
  key('postmark', 'dashed', 36),
  key('privateai', 'lower', 32),
  key('pusher', 'lower', 20),
  key('rapidapi', 'base64url', 50),
  key('rollbar', 'hex', 32),
  key('sanity', 'alnum', 80, 180),
  key('segment', 'alnum', 32),
  key('sendbird', 'hex', 40),
  key('sentry', 'hex', 64),
  key('snyk', 'dashed', 36),
  key('sonar', 'loose', 40),
  key('splunk', 'dashed', 36),
  key('squarespace', 'dashed', 36),
  key('sumologic', 'lower', 64),
  key('sumo', 'alnum', 14, 64),
  key('travis', 'lower', 22),
  key('trello', 'alnum', 32, 64, 76),
  key('twilio', 'hex', 32),
  key('twitch', 'lower', 30),
  key('twitter', 'alnum', 25, 50),
  key('vercel', 'alnum', 24),
  key('wakatime', 'dashed', 36),
  key('wandb', 'hex', 40),
  key('yandex', 'base64url', 40),
  key('zendesk', 'lower', 40),
]

const BY_VENDOR = new Map<string, readonly VendorKey[]>()
for (const row of VENDOR_KEYS)
  BY_VENDOR.set(row.vendor, [...(BY_VENDOR.get(row.vendor) ?? []), row])

/** The vendor's key that a value of this shape under a name of these segments is. */
export function vendorKeyOf(segments: readonly string[], value: string): VendorKey | undefined {
  for (let at = 0; at < segments.length; at++) {
    const one = segments[at] ?? ''
    const rows = BY_VENDOR.get(one) ?? BY_VENDOR.get(one + (segments[at + 1] ?? ''))
    const row = rows?.find(
      ({ lengths, alphabet }) =>
        lengths.includes(value.length) &&
        runOf(ALPHABETS[alphabet], value, 0, value.length) === value.length,
    )
    if (row !== undefined) return row
  }
  return undefined
}
