import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import { faults, standing } from '../probe.fixture.ts'

const at = (config: JsonObject, time: string) =>
  standing('time_window', config, {}, { at: Date.parse(time) })

describe('time_window', () => {
  const office = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' }

  it.each([
    ['2026-03-02T09:00:00Z', 'inside'], // a Monday
    ['2026-03-02T08:59:59.999Z', 'outside'],
    ['2026-03-02T16:59:59.999Z', 'inside'],
    ['2026-03-02T17:00:00Z', 'outside'],
    ['2026-03-01T12:00:00Z', 'outside'], // a Sunday
  ])('in UTC, %s is %s', (time, wanted) => {
    expect(at(office, time)).toBe(wanted)
  })

  it.each([
    ['2026-03-06T22:00:00Z', 'inside'], // Friday night
    ['2026-03-07T05:59:00Z', 'inside'], // Saturday morning, of Friday's window
    ['2026-03-07T06:00:00Z', 'outside'],
    ['2026-03-07T22:00:00Z', 'outside'], // Saturday night
    ['2026-03-06T05:00:00Z', 'outside'], // Friday morning, of Thursday's
    ['2026-03-08T23:30:00Z', 'outside'],
  ])('over midnight on Fridays, %s is %s', (time, wanted) => {
    expect(at({ days: ['fri'], from: '22:00', to: '06:00' }, time)).toBe(wanted)
  })

  it.each([
    // Berlin goes from 02:00 to 03:00 on 2026-03-29, and from 03:00 back to 02:00 on 2026-10-25.
    ['2026-03-29T00:59:00Z', 'inside'], // 01:59
    ['2026-03-29T01:00:00Z', 'outside'], // 03:00
    ['2026-10-25T00:30:00Z', 'inside'], // 02:30 in summer time
    ['2026-10-25T01:30:00Z', 'inside'], // 02:30 again
    ['2026-10-25T02:00:00Z', 'outside'], // 03:00
  ])('by the clock of Berlin, %s is %s', (time, wanted) => {
    expect(at({ from: '01:00', to: '03:00', timezone: 'Europe/Berlin' }, time)).toBe(wanted)
  })

  it('takes the day of the place, not of UTC', () => {
    const monday = { days: ['mon'], from: '00:00', to: '24:00', timezone: 'Asia/Tokyo' }
    expect([at(monday, '2026-03-01T15:00:00Z'), at(monday, '2026-03-02T15:00:00Z')]).toEqual([
      'inside',
      'outside',
    ])
  })

  it('is open all day from 00:00 to 24:00', () => {
    const always = { from: '00:00', to: '24:00' }
    expect([at(always, '2026-03-01T00:00:00Z'), at(always, '2026-03-01T23:59:59Z')]).toEqual([
      'inside',
      'inside',
    ])
  })

  it.each<[JsonObject, string[]]>([
    [{ from: '9:00', to: '17:00' }, ['bad_duration from']],
    [{ from: '09:00', to: '25:00' }, ['bad_duration to']],
    [{ from: '24:00', to: '10:00' }, ['bad_duration from']],
    [{ from: '09:60', to: '10:00' }, ['bad_duration from']],
    [{ from: '09:00', to: '09:00' }, ['bad_duration to']],
    [{ from: '09:00', to: '10:00', timezone: 'Mars/Olympus' }, ['bad_name timezone']],
    [{ from: '09:00', to: '24:00', timezone: 'America/New_York' }, []],
  ])('finds the faults of %j', (config, wanted) => {
    expect(faults('time_window', config)).toEqual(wanted)
  })

  it('does not compile a zone that is none', () => {
    expect(() => at({ from: '09:00', to: '10:00', timezone: 'x' }, '2026-03-01')).toThrow(
      'not a time zone',
    )
  })
})
