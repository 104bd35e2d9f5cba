// What the conformance tool has written of a run, and how two runs differ.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Scenarios by name, each with its checks as they were written. */
export function readResults(folder) {
  const scenarios = new Map()
  for (const entry of readdirSync(folder).sort()) {
    const [, name] = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(entry) ?? []
    if (name === undefined) throw new Error(`\`${entry}\` is not the folder of a scenario`)
    const checks = JSON.parse(readFileSync(join(folder, entry, 'checks.json'), 'utf8'))
    scenarios.set(name, [...(scenarios.get(name) ?? []), ...checks])
  }
  return scenarios
}

export function countResults(scenarios) {
  const all = [...scenarios.values()]
  const counted = (status) => all.flat().filter((check) => check.status === status).length
  const has = (checks, status) => checks.some((check) => check.status === status)
  return {
    scenarios: all.length,
    // A scenario that could check nothing has not passed.
    scenariosPassed: all.filter((checks) => !has(checks, 'FAILURE') && has(checks, 'SUCCESS'))
      .length,
    passed: counted('SUCCESS'),
    failed: counted('FAILURE'),
    warned: counted('WARNING'),
  }
}

/**
 * One text for each check that is not the same in both runs. What servers have said is compared too:
 * some checks pass an answer that is an error.
 */
export function differencesOf(bare, wrapped) {
  const differences = []
  for (const name of new Set([...bare.keys(), ...wrapped.keys()])) {
    const left = (bare.get(name) ?? []).map(written)
    const right = (wrapped.get(name) ?? []).map(written)
    for (let at = 0; at < Math.max(left.length, right.length); at++)
      if (left[at] !== right[at])
        differences.push(`${name}, check ${at + 1}:\n${around(left[at], right[at])}`)
  }
  return differences
}

// What no two runs have in common, besides the time of a check: in all that servers have said.
const OWN = [
  [/\b127\.0\.0\.1:\d+/g, '<host>'],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>'],
  [/"date":"[^"]*"/g, '"date":"<date>"'],
  [/"requestState":"v1\.[\w.-]+"/g, '"requestState":"<state>"'],
  // The tool numbers its requests by the clock.
  [/((?:subscriptionId|"id")":?)\d{13}/g, '$1<number>'],
]

function written({ timestamp: _at, ...check }) {
  return OWN.reduce((text, [own, shared]) => text.replace(own, shared), JSON.stringify(check))
}

const BEFORE = 80
const AFTER = 240

/** Both from shortly before where they part. */
function around(left = '(missing)', right = '(missing)') {
  let at = 0
  while (at < left.length && left[at] === right[at]) at++
  const cut = (text) => text.slice(Math.max(0, at - BEFORE), at + AFTER)
  const statusOf = (text) => /"status":"(\w+)"/.exec(text)?.[1] ?? ''
  return `  bare    ${statusOf(left)} …${cut(left)}\n  wrapped ${statusOf(right)} …${cut(right)}`
}
