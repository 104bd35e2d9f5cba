/** Milliseconds of a checked duration: `90s`, `1h30m`, `2d`, or ISO 8601 such as `PT15M`. */
export function durationMs(text: string): number {
  let total = 0
  // In ISO 8601 `M` after the `T` is minutes, and months are refused by the schema.
  for (const [, count = '0', unit = ''] of text.toLowerCase().matchAll(/([0-9]{1,9})(ms|[smhdw])/g))
    total += Number(count) * (MS[unit] ?? 0)
  return total
}

const MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}
