import { allowedTexts, objectSchema, option, targetOf } from '../config.ts'
import {
  type ConstraintConfig,
  type ConstraintKind,
  INSIDE,
  type Judgement,
  OUTSIDE,
  UNSURE,
} from '../constraint.ts'
import { type Budget, ENTRY_STEPS, spend, TOO_MUCH } from '../support/budget.ts'
import { type HostPattern, hostOf, matchesHost, parseHostPattern } from '../support/host-name.ts'
import { embedsIpv4, parseIp } from '../support/ip-address.ts'
import { textConstraint } from '../support/per-value.ts'

const ALIASES = [
  'url',
  'urls',
  'uri',
  'uris',
  'href',
  'link',
  'links',
  'endpoint',
  'endpoints',
  'base_url',
  'api_url',
  'target_url',
  'source_url',
  'destination_url',
  'image_url',
  'file_url',
  'page_url',
  'website',
  'site',
  'web_page',
  'webhook',
  'webhook_url',
  'callback',
  'callback_url',
  'redirect_url',
  'redirect_uri',
  'origin',
  'host',
  'hosts',
  'hostname',
  'domain',
  'domains',
]

// `origin`, `site` and `callback` are none: a country of origin and a mounting site name no host.
const WORDS = [
  'url',
  'urls',
  'uri',
  'uris',
  'href',
  'hrefs',
  'links',
  'endpoint',
  'endpoints',
  'website',
  'webhook',
  'webhooks',
  'proxy',
  'proxies',
  'host',
  'hosts',
  'hostname',
  'hostnames',
  'domain',
  'domains',
]

const HOST_ITEM = {
  type: 'string',
  minLength: 1,
  description:
    'A host (`example.com`), all hosts below one (`*.example.com`), with a port (`example.com:8443`, `example.com:*`) or an origin (`https://example.com:8443`). Without a port: the default port of the scheme.',
}

const SCHEMA = objectSchema(
  {
    allow: { type: 'array', minItems: 1, items: HOST_ITEM },
    schemes: {
      description: 'Schemes of a URL. Default: `http` and `https`.',
      type: 'array',
      minItems: 1,
      items: { type: 'string', pattern: '^[a-z][a-z0-9+.-]*$' },
    },
  },
  ['allow'],
)

const LONGEST_URL = 65_536
const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
  ['ws', '80'],
  ['wss', '443'],
  ['ftp', '21'],
])
const BARE_HOST = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+$/
const PARTS = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]+)/
const AUTHORITY = /^(\[[^\]]*\]|[^:[\]]*)(?::([1-9]\d{0,4}))?$/
// Readers drop, trim or turn these into `/`; a second URL after a list separator is another host.
const UNEVEN =
  /[\s\\]|[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]|[,;|][A-Za-z][A-Za-z0-9+.-]*:\/\//u

interface OriginPattern extends HostPattern {
  readonly scheme: string | undefined
  readonly port: string | undefined
}

/** What one configured constraint lists. */
interface Listed {
  readonly patterns: readonly OriginPattern[]
  readonly schemes: ReadonlySet<string>
}

interface Origin {
  readonly scheme: string
  readonly host: string
  readonly port: string
}

/** URLs by their host. */
export const urlHost: ConstraintKind = {
  kind: 'url_host',
  summary: 'The argument is a URL (or a bare host name) whose host is listed.',
  aliases: ALIASES,
  words: WORDS,
  listItems: HOST_ITEM,
  schema: SCHEMA,
  check(config, report) {
    for (const { text, way } of allowedTexts(config)) {
      if (parsePattern(text) !== undefined) continue
      const kind = text.includes('*') ? 'bad_glob' : 'bad_name'
      report(kind, way, `\`${text}\` names no host`, 'write `example.com` or `*.example.com`')
    }
  },
  compile(config) {
    const target = targetOf(config, ALIASES, WORDS)
    const listed: Listed = {
      patterns: allowedTexts(config).flatMap(({ text }) => parsePattern(text) ?? []),
      schemes: schemesOf(config),
    }
    return textConstraint('url_host', target, (text, budget) => judgeUrl(text, listed, budget))
  },
}

function schemesOf(config: ConstraintConfig): ReadonlySet<string> {
  const schemes = option(config, 'schemes')
  const given = Array.isArray(schemes) ? schemes.filter((one) => typeof one === 'string') : []
  return new Set(given.length === 0 ? ['http', 'https'] : given)
}

function parsePattern(text: string): OriginPattern | undefined {
  const split =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\[[^\]]*\]|[^:[\]/]*)(?::([1-9]\d{0,4}|\*))?\/?$/.exec(text)
  const pattern = parseHostPattern(split?.[2] ?? '')
  if (split === null || pattern === undefined || Number(split[3] ?? 0) > 65_535) return undefined
  return { ...pattern, scheme: split[1], port: split[3] }
}

function judgeUrl(text: string, { patterns, schemes }: Listed, budget: Budget): Judgement {
  if (!spend(budget, ENTRY_STEPS * patterns.length)) return TOO_MUCH
  const origin = originOf(text)
  if (typeof origin === 'string') return { standing: UNSURE, detail: origin }
  if (origin.host.startsWith('[') && isIpv4InIpv6(origin.host))
    return { standing: UNSURE, detail: 'has an IPv6 host that stands for an IPv4 address' }
  const fits = patterns.map((pattern) => fitOf(pattern, origin, schemes))
  if (fits.includes('whole')) return { standing: INSIDE, detail: 'has a listed host' }
  return fits.includes('host')
    ? { standing: INSIDE | OUTSIDE, detail: 'has a listed host, with a port or scheme that is not' }
    : { standing: OUTSIDE, detail: 'has a host, or a port, that is not listed' }
}

// What an entry does not say (scheme, port) keeps an allow rule from passing when it is unusual, and
// does not keep a deny rule from firing.
function fitOf(
  pattern: OriginPattern,
  origin: Origin,
  schemes: ReadonlySet<string>,
): 'none' | 'host' | 'whole' {
  if (!matchesHost(pattern, origin.host)) return 'none'
  if (pattern.scheme !== undefined && pattern.scheme !== origin.scheme) return 'none'
  const isAnyPort = pattern.port === '*'
  if (pattern.port !== undefined && !isAnyPort && pattern.port !== origin.port) return 'none'
  const isSchemeListed = pattern.scheme !== undefined || schemes.has(origin.scheme)
  const isUsualPort = origin.port === (DEFAULT_PORTS.get(origin.scheme) ?? '')
  return isSchemeListed && (pattern.port !== undefined || isUsualPort) ? 'whole' : 'host'
}

function originOf(text: string): Origin | string {
  if (text.length > LONGEST_URL) return 'is longer than 65,536 characters'
  if (UNEVEN.test(text))
    return 'has a blank, backslash, invisible character or second URL that programs read differently'
  const parts = PARTS.exec(BARE_HOST.test(text) ? `https://${text}` : text)
  if (parts === null) return 'is not a URL of the form `scheme://host/path`'
  const [, scheme = '', authority = ''] = parts
  if (authority.includes('@')) return 'has user information before its host'
  const [, rawHost = '', port] = AUTHORITY.exec(authority) ?? []
  const host = hostOf(rawHost)
  if (host === undefined || Number(port ?? 0) > 65_535)
    return 'has a host or port that programs read differently'
  const lower = scheme.toLowerCase()
  return { scheme: lower, host, port: port ?? DEFAULT_PORTS.get(lower) ?? '' }
}

function isIpv4InIpv6(host: string): boolean {
  const address = parseIp(host.slice(1, -1))
  return address === undefined || embedsIpv4(address)
}
