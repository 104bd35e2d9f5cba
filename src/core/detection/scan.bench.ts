import { medianNs, row } from '../../scripts/measure.ts'
import { SCAN_CLASSES, type ScanClass } from './match.ts'
import { scan } from './scan.ts'
import { SECRET_FORMATS } from './secrets/detectors.ts'
import { VENDOR_KEYS } from './secrets/vendor.ts'

const CHUNK = 2048
const LARGE = 65_536

/** Flat, as text that was read or serialised is; a text that was joined is made flat once more. */
function flat(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text))
}

const JSON_TEXT = JSON.stringify(
  Array.from({ length: 400 }, (_, index) => ({
    id: index * 7919,
    customer: `Customer ${index}`,
    city: ['Berlin', 'Lisbon', 'Austin'][index % 3],
    note: 'Delivered on time; asked about the invoice and the opening hours.',
    price: index * 3.5,
    tags: ['alpha', 'beta'],
    active: index % 2 === 0,
    url: `https://shop.test/items/${index}`,
  })),
)

const CODE_TEXT = [scan, medianNs, row, flat].map(String).join('\n').repeat(8)

/** Texts of one piece repeated: what a keyword, an alphabet or a frame costs at its worst. */
const HOSTILE = [
  ...['a', '7', '.', ' ', 'eyJ', 'sk_live_', 'password=', 'password="', 'password: ', '-----BEGIN'],
  ...['-----BEGIN PRIVATE KEY-----', '://', 'a://b:', 'token', 'glpat-', 'ghp_ ', 'Bearer '],
]

const GOALS: Readonly<Record<string, string>> = {
  secret: 'goal 8 us',
  'secret and instruction': 'goal 9 us',
}

function chunksOf(text: string, size: number): readonly string[] {
  return Array.from({ length: Math.floor(text.length / size) }, (_, index) =>
    flat(text.slice(index * size, (index + 1) * size)),
  )
}

function repeated(piece: string): string {
  return flat(piece.repeat(Math.ceil(LARGE / piece.length)).slice(0, LARGE))
}

function microseconds(texts: readonly string[], classes: readonly ScanClass[], calls: number) {
  const options = { classes }
  const rounds = 21
  const scanNext = (index: number) => scan(texts[index % texts.length] ?? '', options)
  return medianNs(scanNext, { calls, rounds }) / 1000
}

/** Random units of Base64; the same in each run. */
function randomText(): string {
  const units = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  let state = 7
  return Array.from({ length: LARGE }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return units[(state >> 8) % units.length]
  }).join('')
}

export async function run(print: (line: string) => void): Promise<void> {
  const formats = SECRET_FORMATS.length + VENDOR_KEYS.length
  print(`Scan, median; ${formats} formats of secrets`)
  const response: readonly ScanClass[] = ['secret', 'instruction']
  for (const classes of [...SCAN_CLASSES.map((name) => [name]), response, SCAN_CLASSES]) {
    const name = classes.length === SCAN_CLASSES.length ? 'all classes' : classes.join(' and ')
    const goal = GOALS[name] ?? ''
    print(
      row(
        `2 KB of clean JSON, ${name}`,
        microseconds(chunksOf(JSON_TEXT, CHUNK), classes, 2000),
        'us',
        goal,
      ),
    )
    print(
      row(
        `2 KB of clean code, ${name}`,
        microseconds(chunksOf(CODE_TEXT, CHUNK), classes, 2000),
        'us',
        goal,
      ),
    )
  }
  const clean = microseconds([repeated(JSON_TEXT)], ['secret'], 20)
  print(row('64 KiB of clean JSON, secret', clean, 'us'))
  const hostile = [
    ...HOSTILE.map((piece) => [piece, repeated(piece)]),
    ['random Base64', randomText()],
  ]
  for (const [name = '', text = ''] of hostile) {
    const cost = microseconds([text], ['secret'], 10)
    print(
      row(`64 KiB of \`${name}\`, secret`, cost, 'us', `x${(cost / clean).toFixed(2)} of clean`),
    )
  }
}
