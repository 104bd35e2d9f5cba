import { textsIn } from '../json-kind.ts'
import type { JsonObject } from '../model/json.ts'

/** What the policy says of probes, with what is known of them. */
export interface ScannerSettings {
  readonly paths: readonly string[]
  readonly extensions: ReadonlySet<string>
  readonly userAgents: readonly string[]
  readonly except: readonly string[]
  readonly maxAnonymousPerMinute: number
}

/** What an HTTP surface knows of a request before anything is read of it. */
export interface Probe {
  /** As it came: not decoded, with or without its query. */
  readonly path?: string | undefined
  /** Undefined where the surface knows of none; empty where the header was missing. */
  readonly userAgent?: string | undefined
}

/** Beginnings of paths that probes ask for; as the source documents have them. */
const PATHS =
  '/admin /wp-admin /wp-content /uploads /cgi-bin /phpmyadmin /xmlrpc /luci /ssi.cgi /internal_forms_authentication /identity /login.htm /manager/html /config/ /setup.cgi /eval-stdin.php /shell.php /c99.php'.split(
    ' ',
  )
const EXTENSIONS = 'php env git sql bak old zip gz db config cgi htm'.split(' ')
const USER_AGENTS = [
  ...'masscan nmap nikto sqlmap havij acunetix nessus openvas w3af metasploit burpsuite zap zgrab censys shodan'.split(
    ' ',
  ),
  'palo alto',
  ...'cortex xpanse probe-image-size libredtail httpclient httpunit java/ wp-http wp-cron'.split(
    ' ',
  ),
]

/** Tools whose own name says nothing, where no more than it is sent: the least length that is taken. */
const SHORT_AGENTS: readonly (readonly [name: string, length: number])[] = [
  ['curl', 20],
  ['wget', 20],
  ['python-requests', 30],
  ['go-http-client', 30],
  ['ruby', 25],
]
const SHORTEST_AGENT = 10
/** Browsers update themselves: a version as old as this is a claim, not a browser. */
const OLDEST_BROWSER = 120
const ANONYMOUS_PER_MINUTE = 30

/** Undefined where the policy has no section, or switches it off. */
export function scannerSettings(section: JsonObject | undefined): ScannerSettings | undefined {
  if (section === undefined || section['enabled'] === false) return undefined
  const most = section['max_anonymous_per_minute']
  return Object.freeze({
    paths: [...PATHS, ...textsIn(section['paths'])].map(fold),
    extensions: new Set([...EXTENSIONS, ...textsIn(section['extensions'])].map(fold)),
    userAgents: [...USER_AGENTS, ...textsIn(section['user_agents'])].map(fold),
    except: textsIn(section['except']).map(fold),
    maxAnonymousPerMinute: typeof most === 'number' ? most : ANONYMOUS_PER_MINUTE,
  })
}

/** Why a request looks like a probe, or undefined. No role is exempt: real callers do not ask so. */
export function probeFault(probe: Probe, settings: ScannerSettings): string | undefined {
  const path = probe.path === undefined ? undefined : pathFault(probe.path, settings)
  if (path !== undefined) return path
  return probe.userAgent === undefined ? undefined : agentFault(probe.userAgent, settings)
}

function pathFault(given: string, settings: ScannerSettings): string | undefined {
  const path = normalized(given)
  if (settings.except.some((prefix) => isBelow(path, prefix))) return undefined
  const known = settings.paths.find((prefix) => isBelow(path, prefix))
  if (known !== undefined) return `the path begins with \`${known}\`, which only probes ask for`
  for (const segment of path.split('/')) {
    const dot = segment.lastIndexOf('.')
    if (dot < 0) continue
    const extension = segment.slice(dot + 1)
    if (settings.extensions.has(extension))
      return `the path asks for a \`.${extension}\`, which only probes do`
  }
  return undefined
}

/** Decoded twice at most, for probes escape what they look for; one slash for many, no query. */
function normalized(given: string): string {
  let path = given.slice(0, MAX_PATH).split(/[?#]/, 1)[0] ?? ''
  for (let round = 0; round < 2 && path.includes('%'); round++) path = unescaped(path)
  return `/${fold(path)
    .replace(/[\\/]+/g, '/')
    .replace(/^\//, '')}`
}
const MAX_PATH = 8_192

function unescaped(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** `/admin` is itself, what is below it, and what it is a part of the name of: `/admin.php`. */
function isBelow(path: string, prefix: string): boolean {
  if (!path.startsWith(prefix)) return false
  const next = path.charAt(prefix.length)
  return prefix.endsWith('/') || next === '' || next === '/' || next === '.'
}

function agentFault(agent: string, settings: ScannerSettings): string | undefined {
  const text = fold(agent.trim())
  const known = settings.userAgents.find((part) => text.includes(part))
  if (known !== undefined) return `the user agent names \`${known}\``
  if (text.length < SHORTEST_AGENT) return 'the user agent is missing or says nothing'
  if (text === 'mozilla/5.0') return 'the user agent is `Mozilla/5.0` and nothing else'
  const short = SHORT_AGENTS.find(([name, length]) => text.startsWith(name) && text.length < length)
  if (short !== undefined) return `the user agent is no more than \`${short[0]}\``
  const browser = /(?:chrome|firefox)\/(\d{1,6})/.exec(text)
  if (browser !== null && Number(browser[1]) < OLDEST_BROWSER)
    return 'the user agent is of a browser that is years old'
  return undefined
}

function fold(text: string): string {
  return text.toLowerCase()
}
