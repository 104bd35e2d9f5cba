const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** What base64 makes of a value at one place in a group, and of its stand-in there. */
export interface Base64Form {
  /** Without the digits that are shared with what stands around the value. */
  readonly core: string
  readonly other: string
  /** The value's part of the digit before it, and of the one behind. */
  readonly before: Shared
  readonly behind: Shared
}

interface Shared {
  /** Which bits are the value's; 0: none are. */
  readonly mask: number
  readonly raw: number
  readonly made: number
}

const BEFORE = [0, 0b001111, 0b000011] as const
const BEHIND = [0, 0b110000, 0b111100] as const

/** The forms of two values of one length, at each place in a group, for both alphabets. */
export function base64Forms(raw: string, made: string): readonly Base64Form[] {
  return [0, 1, 2].flatMap((offset) => {
    const [one, two] = [encoded(raw, offset), encoded(made, offset)]
    if (one.length !== two.length) return []
    const rest = (offset + Buffer.byteLength(raw)) % 3
    const from = offset === 0 ? 0 : offset + 1
    const to = rest === 0 ? one.length : one.length - 1
    const form = {
      core: one.slice(from, to),
      other: two.slice(from, to),
      before: shared(BEFORE[offset] ?? 0, one.charAt(from - 1), two.charAt(from - 1)),
      behind: shared(BEHIND[rest] ?? 0, one.charAt(to), two.charAt(to)),
    }
    return [form, { ...form, core: forUrls(form.core), other: forUrls(form.other) }]
  })
}

/** The stand-in wherever the value stands, with its part of the digits on both sides. */
export function spreadBase64(text: string, { core, other, before, behind }: Base64Form): string {
  let at = text.indexOf(core)
  if (at < 0) return text
  let made = ''
  let from = 0
  for (; at >= 0; at = text.indexOf(core, from)) {
    const first = before.mask === 0 ? '' : digitFor(text.charAt(at - 1), before)
    const end = at + core.length
    const last = behind.mask === 0 ? '' : digitFor(text.charAt(end), behind)
    made += text.slice(from, Math.max(from, at - first.length)) + first + other + last
    from = end + last.length
  }
  return made + text.slice(from)
}

function encoded(value: string, offset: number): string {
  return Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
    .toString('base64')
    .replace(/=+$/, '')
}

function shared(mask: number, raw: string, made: string): Shared {
  return { mask, raw: DIGITS.indexOf(raw) & mask, made: DIGITS.indexOf(made) & mask }
}

/** The digit with the stand-in's bits for the value's; nothing where it is no such digit. */
function digitFor(digit: string, { mask, raw, made }: Shared): string {
  const isForUrls = digit === '-' || digit === '_'
  const place = digit === '' ? -1 : DIGITS.indexOf(digit.replace('-', '+').replace('_', '/'))
  if (place < 0) return ''
  // Bits that are not the value's belong to a text that only looks alike: they stay.
  const now = DIGITS.charAt((place & mask) === raw ? (place & ~mask) | made : place)
  return isForUrls ? forUrls(now) : now
}

function forUrls(text: string): string {
  return text.replaceAll('+', '-').replaceAll('/', '_')
}
