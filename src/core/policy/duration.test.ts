import { expect, it } from 'vitest'
import { durationMs } from './duration.ts'

it.each([
  ['0s', 0],
  ['250ms', 250],
  ['90s', 90_000],
  ['5m', 300_000],
  ['1h30m', 5_400_000],
  ['2d', 172_800_000],
  ['1w', 604_800_000],
  ['PT15M', 900_000],
  ['PT1H30M', 5_400_000],
  ['P1DT12H', 129_600_000],
  ['P2W', 1_209_600_000],
  ['pt5s', 5_000],
])('`%s` is as many milliseconds', (text, milliseconds) => {
  expect(durationMs(text)).toBe(milliseconds)
})
