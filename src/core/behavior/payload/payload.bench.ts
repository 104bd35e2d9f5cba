import { median, medianNs, row } from '../../../scripts/measure.ts'
import { canonical, viewsOf } from '../views/views-of.ts'
import { readArguments } from './read-arguments.ts'
import { readLeaves } from './read-leaves.ts'

const UNITS = 2048
const ROUNDS = { calls: 2000, rounds: 15 }

/** Records of a customer service, as JSON of about two kilobytes. */
function records(): readonly object[] {
  return Array.from({ length: 12 }, (_, index) => ({
    id: 4100 + index,
    name: `Customer Number ${index}`,
    email: `customer${index}@harbor.test`,
    city: 'Eastmere',
    open: index % 2 === 0,
    note: 'Called on Monday about the delivery',
  }))
}

const SENTENCE =
  'Thank you for your message about the report, we will look into it by Tuesday and come back to you. '

/** The same text for each run, as one flat string. */
function flat(text: string): string {
  return JSON.parse(JSON.stringify(text.slice(0, UNITS)))
}

export async function run(print: (line: string) => void): Promise<void> {
  const json = JSON.stringify(records())
  const yaml = records()
    .map((record) =>
      Object.entries(record)
        .map(([key, value], place) => `${place === 0 ? '- ' : '  '}${key}: ${value}`)
        .join('\n'),
    )
    .join('\n')
  const python = json.replaceAll('"', "'").replaceAll('true', 'True').replaceAll('false', 'False')
  const prose = flat(SENTENCE.repeat(25))
  const coded = flat(`${SENTENCE}token=${btoa(SENTENCE)}; `.repeat(10))
  const request = {
    to: 'ida@fjord.test',
    subject: 'The report',
    body: prose,
    url: 'https://a.test/?q=1',
  }
  print('Payloads of 2 KB, median')
  const time = (what: string, goal: string, call: () => unknown): void =>
    print(row(what, medianNs(call, ROUNDS) / 1000, 'us', goal))
  time('readLeaves, JSON text', '<= 10', () => readLeaves({ text: json }))
  time('  JSON.parse of it alone', '', () => JSON.parse(json))
  time('readLeaves, YAML-like', '', () => readLeaves({ text: yaml }))
  time('readLeaves, Python literal', '', () => readLeaves({ text: python }))
  time('readLeaves, prose', '', () => readLeaves({ text: prose }))
  time('readArguments, a mail', '', () => readArguments(request, 'mail.send_email'))
  time('canonical, prose', '', () => canonical(prose))
  time('viewsOf, prose', '<= 6', () => viewsOf(prose))
  time('viewsOf, ten stretches of base64', '', () => viewsOf(coded))
  print(row('viewsOf, 64 KB of prose', hostileMs(SENTENCE) * 1000, 'us'))
  for (const piece of [
    'QUJD',
    '%41',
    '&#65;',
    '=41',
    '\\x41',
    '65,',
    '.- ',
    '<~9jq',
    'seven ',
    '\u0430',
  ])
    print(row(`viewsOf, 64 KB of ${JSON.stringify(piece)}`, hostileMs(piece) * 1000, 'us'))
}

function hostileMs(piece: string): number {
  const text = piece.repeat(Math.ceil(65_536 / piece.length))
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now()
    viewsOf(text)
    return performance.now() - started
  })
  return median(times)
}
