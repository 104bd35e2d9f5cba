import { allowedTexts, objectSchema, targetOf } from '../config.ts'
import { type ConstraintKind, INSIDE, type Judgement, OUTSIDE, UNSURE } from '../constraint.ts'
import { type Budget, ENTRY_STEPS, spend, TOO_MUCH } from '../support/budget.ts'
import { embedsIpv4, type IpRange, isInRange, parseIp, parseRange } from '../support/ip-address.ts'
import { textConstraint } from '../support/per-value.ts'

const ALIASES = [
  'ip',
  'ips',
  'ip_address',
  'ip_addresses',
  'ip_addr',
  'address',
  'addresses',
  'host',
  'hosts',
  'host_ip',
  'target',
  'targets',
  'target_ip',
  'source_ip',
  'src_ip',
  'destination_ip',
  'dest_ip',
  'dst_ip',
  'client_ip',
  'server_ip',
  'remote_ip',
  'remote_address',
  'peer',
]

const WORDS = ['ip', 'ips', 'ip_address', 'ip_addresses', 'ip_addr', 'host', 'hosts']

const RANGE_ITEM = {
  type: 'string',
  minLength: 1,
  description: 'A network such as `10.0.0.0/8` or `2001:db8::/32`, or one address.',
}

/** IP addresses within networks. */
export const cidr: ConstraintKind = {
  kind: 'cidr',
  summary: 'The argument is one IP address within the listed networks.',
  aliases: ALIASES,
  words: WORDS,
  listItems: RANGE_ITEM,
  schema: objectSchema({ allow: { type: 'array', minItems: 1, items: RANGE_ITEM } }, ['allow']),
  check(config, report) {
    for (const { text, way } of allowedTexts(config))
      if (parseRange(text) === undefined)
        report(
          'bad_cidr',
          way,
          `\`${text}\` is not a network`,
          'write an address whose host bits are 0, and a length: `10.0.0.0/8`',
        )
  },
  compile(config) {
    const target = targetOf(config, ALIASES, WORDS)
    const ranges = allowedTexts(config).flatMap(({ text }) => parseRange(text) ?? [])
    return textConstraint('cidr', target, (text, budget) => judgeAddress(text, ranges, budget))
  },
}

function judgeAddress(text: string, ranges: readonly IpRange[], budget: Budget): Judgement {
  if (!spend(budget, ENTRY_STEPS * ranges.length)) return TOO_MUCH
  const address = parseIp(text)
  if (address === undefined)
    return { standing: UNSURE, detail: 'is not one IP address in its usual form' }
  if (embedsIpv4(address))
    return { standing: UNSURE, detail: 'is an IPv6 address that stands for an IPv4 address' }
  return ranges.some((range) => isInRange(address, range))
    ? { standing: INSIDE, detail: 'is in a listed network' }
    : { standing: OUTSIDE, detail: 'is in none of the listed networks' }
}
