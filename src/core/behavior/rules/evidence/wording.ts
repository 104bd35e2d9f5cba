import { withoutSecrets } from '../../../redaction/without-secrets.ts'
import type { Flow } from '../../flow.ts'

/** Words for messages. Names of resources and encodings only, never a value. */

const LONGEST_NAME = 80

/** A resource's name in backquotes, cut where it is long: a `resource:` name may be a whole URI. */
export function quoted(name: string): string {
  if (name.length <= LONGEST_NAME) return `\`${name}\``
  // Before it is cut: half a secret is known no more.
  const plain = withoutSecrets(name)
  return `\`${plain.length > LONGEST_NAME ? `${plain.slice(0, LONGEST_NAME)}…` : plain}\``
}

export function originWords(flow: Flow): string {
  const place = flow.from === 0 ? 'an earlier session' : `event ${flow.from}`
  return `${quoted(flow.origin.resource)} (${place})`
}

/** How a value travelled, such as `, hidden as base64 and gzip, over 2 calls`; empty: plainly. */
export function travelWords(flow: Flow): string {
  const hidden =
    flow.encoded.length > 0 ? `, hidden as ${flow.encoded.slice(0, 4).join(' in ')}` : ''
  const made = flow.kind === 'derived' ? ', as the output of a call that was given it' : ''
  const split = flow.kind === 'split' ? ', in pieces' : ''
  const hops = flow.hops > 1 ? `, over ${flow.hops} calls` : ''
  return hidden + split + made + hops
}

/** Every event of the chains but the last, each once, in order. */
export function sourcesOf(flows: readonly Flow[]): readonly number[] {
  const sources = new Set<number>()
  for (const flow of flows) {
    sources.add(flow.from)
    for (const event of flow.chain) if (event !== flow.to) sources.add(event)
  }
  return [...sources].sort((a, b) => a - b)
}
