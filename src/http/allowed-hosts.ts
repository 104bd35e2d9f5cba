import type { IncomingHttpHeaders } from 'node:http'

/** What a browser may have been led to: who is asked for, and who asks. */
export interface HostCheck {
  /** Host names, with a port where only that one is meant. */
  readonly hosts: readonly string[]
  /** Origins, such as `http://localhost:7475`. */
  readonly origins: readonly string[]
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'] as const

/** The names under which this machine reaches itself, and the one that was given, each with the port. */
export function defaultHosts(host: string, port: number): readonly string[] {
  const names = new Set<string>([...LOOPBACK_NAMES, hostInUrl(host)])
  return [...names].map((name) => `${name}:${port}`)
}

/** An IPv6 address stands in brackets there. */
export function hostInUrl(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}

/** True where nobody but this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

/** True for what stands for every address of this machine. */
export function isWildcard(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::' || host === '[::]'
}

/**
 * Why a request is refused, or undefined. A page of the web may let its own name lead to this machine
 * (DNS rebinding): then Host or Origin gives it away.
 */
export function hostFault(headers: IncomingHttpHeaders, check: HostCheck): string | undefined {
  const host = headers.host?.toLowerCase()
  if (host === undefined || !isListed(host, check.hosts)) return 'this host is not served here'
  const { origin } = headers
  if (origin !== undefined && !check.origins.includes(origin.toLowerCase()))
    return 'this origin is not served here'
  return undefined
}

const HOST = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/

/** A name without a port stands for every port of it; port 80 is not written. */
function isListed(host: string, hosts: readonly string[]): boolean {
  const [, name, port = '80'] = HOST.exec(host) ?? []
  if (name === undefined) return false
  return hosts.some((listed) => listed === name || listed === `${name}:${port}`)
}

/** What is wrong with a name or an origin that is to be allowed, or undefined. */
export function listFault(check: Partial<HostCheck>): string | undefined {
  const host = check.hosts?.find((one) => !HOST.test(one.toLowerCase()))
  if (host !== undefined)
    return `\`${host}\` is no host: write a name as \`gateway.example\` or \`gateway.example:8443\``
  const origin = check.origins?.find((one) => !isOrigin(one))
  if (origin !== undefined)
    return `\`${origin}\` is no origin: write one as \`https://app.example\`, without a path`
  return undefined
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text.toLowerCase()
}
