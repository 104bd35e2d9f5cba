import { option, textOption } from '../config.ts'
import {
  type ConstraintConfig,
  type ConstraintKind,
  INSIDE,
  type Judgement,
  OUTSIDE,
} from '../constraint.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
type Day = (typeof DAYS)[number]

const MINUTES_OF_DAY = 24 * 60
const TIME = /^(\d\d):([0-5]\d)$/

interface Window {
  readonly days: ReadonlySet<string>
  /** Minutes after midnight; `to` is outside. Where `to` is not after `from` it is on the next day. */
  readonly from: number
  readonly to: number
}

/** Times of the week, by the clock of a place. */
export const timeWindow: ConstraintKind = {
  kind: 'time_window',
  summary: 'The call is made on one of the days, between two times of the day, by a local clock.',
  aliases: [],
  listItems: undefined,
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['from', 'to'],
    properties: {
      days: {
        description: 'Days on which the window opens. Default: every day.',
        type: 'array',
        minItems: 1,
        items: { enum: DAYS },
      },
      from: { description: 'When it opens, `HH:MM`.', type: 'string' },
      to: {
        description:
          'When it closes, `HH:MM` up to `24:00`, itself outside. Before `from`: on the next day.',
        type: 'string',
      },
      timezone: { description: 'IANA name, `Europe/Berlin`. Default: `UTC`.', type: 'string' },
    },
  },
  check(config, report) {
    for (const key of ['from', 'to']) {
      const text = textOption(config, key)
      const minutes = minutesOf(text)
      if (minutes === undefined || (key === 'from' && minutes === MINUTES_OF_DAY))
        report('bad_duration', [key], `\`${text}\` is not a time of the day`, 'write `09:00`')
    }
    if (textOption(config, 'from') === textOption(config, 'to'))
      report(
        'bad_duration',
        ['to'],
        'the window closes as it opens',
        'a whole day is 00:00 to 24:00',
      )
    const timezone = textOption(config, 'timezone')
    if (timezone !== undefined && clockOf(timezone) === undefined)
      report(
        'bad_name',
        ['timezone'],
        `\`${timezone}\` is not a time zone`,
        'write `Europe/Berlin`',
      )
  },
  compile(config) {
    const isOpenAt = compileWindow(config)
    return { kind: 'time_window', judge: (input) => (isOpenAt(input.at) ? WITHIN : BEYOND) }
  },
}

const WITHIN: Judgement = { standing: INSIDE, detail: 'the call is made within the time window' }
const BEYOND: Judgement = { standing: OUTSIDE, detail: 'the call is made outside the time window' }

/**
 * Tells of a time, in epoch milliseconds, whether the window is open then.
 * @throws {RangeError} for a time zone that is none
 */
export function compileWindow(config: ConstraintConfig): (at: number) => boolean {
  const window = windowOf(config)
  const timezone = textOption(config, 'timezone') ?? 'UTC'
  const clock = clockOf(timezone)
  if (clock === undefined) throw new RangeError(`\`${timezone}\` is not a time zone`)
  return (at) => isOpen(clock(at), window)
}

/** What a clock on the wall shows. */
interface WallTime {
  readonly day: number
  readonly minutes: number
}

function windowOf(config: ConstraintConfig): Window {
  const days = option(config, 'days')
  return {
    days: new Set(Array.isArray(days) ? days : DAYS),
    from: minutesOf(textOption(config, 'from')) ?? 0,
    to: minutesOf(textOption(config, 'to')) ?? 0,
  }
}

function minutesOf(text: string | undefined): number | undefined {
  const parts = TIME.exec(text ?? '')
  if (parts === null) return undefined
  const minutes = Number(parts[1]) * 60 + Number(parts[2])
  return minutes <= MINUTES_OF_DAY ? minutes : undefined
}

// From an instant to a wall clock is one way only, so a time that a change of clocks repeats or
// leaves out needs no rule of its own.
function clockOf(timezone: string): ((at: number) => WallTime) | undefined {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    return (at) => wallTime(format.formatToParts(at))
  } catch {
    return undefined // RangeError: no such zone
  }
}

function wallTime(parts: readonly Intl.DateTimeFormatPart[]): WallTime {
  const textOf = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  const day = DAYS.indexOf(textOf('weekday').toLowerCase() as Day) // one of the seven by the format
  return { day, minutes: Number(textOf('hour')) * 60 + Number(textOf('minute')) }
}

function isOpen({ day, minutes }: WallTime, { days, from, to }: Window): boolean {
  const today = DAYS[day] ?? ''
  const yesterday = DAYS[(day + 6) % 7] ?? ''
  if (from < to) return days.has(today) && minutes >= from && minutes < to
  return (days.has(today) && minutes >= from) || (days.has(yesterday) && minutes < to)
}
