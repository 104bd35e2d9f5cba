// Runs the official conformance tool of the Model Context Protocol against a server of each major of
// the SDK, bare and wrapped under a policy that allows everything, and compares every check:
//
//     node src/scripts/conformance.mjs
//
// Fetches exact versions of the tool, and the Node it needs, into a temporary folder.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countResults, differencesOf, readResults } from './conformance/compare.mjs'
import { withServer } from './conformance/run-server.mjs'

const NODE = '22.23.3'
const V1 = { sdk: '@modelcontextprotocol/sdk', server: './server-v1.ts', tool: '0.1.16' }
const V2 = { sdk: '@modelcontextprotocol/server', server: './server-v2.ts', tool: '0.2.0-alpha.12' }
const RUNS = [
  { ...V1, revision: undefined },
  { ...V1, tool: V2.tool, revision: '2025-11-25' },
  { ...V2, revision: undefined },
  { ...V2, revision: '2026-07-28' },
]

const RUN_MS = 300_000
// Of the scenarios, bare: fewer, and the servers of these runs prove too little. The extension for
// tasks is served by none.
const LEAST_PASSED = 0.8

const folder = mkdtempSync(join(tmpdir(), 'callgate-conformance-'))
try {
  process.exitCode = (await main()) ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function main() {
  const node = fetchNode()
  const rows = []
  const faults = []
  for (const run of RUNS) {
    const entry = fetchTool(run.tool)
    const bare = await results({ ...run, node, entry, mode: 'bare' })
    const wrapped = await results({ ...run, node, entry, mode: 'wrapped' })
    const title = titleOf(run)
    const differences = differencesOf(bare.scenarios, wrapped.scenarios)
    faults.push(...differences.map((difference) => `${title}: ${difference}`))
    faults.push(...weaknesses(bare, wrapped).map((weakness) => `${title}: ${weakness}`))
    rows.push(...rowsOf(title, { bare, wrapped }, differences.length))
  }
  printTable(rows)
  for (const fault of faults) console.error(`\n${fault}`)
  console.log(faults.length === 0 ? '\nbare and wrapped are the same' : '')
  return faults.length === 0
}

function titleOf({ sdk, tool, revision }) {
  const { version } = JSON.parse(
    readFileSync(new URL(`../../node_modules/${sdk}/package.json`, import.meta.url), 'utf8'),
  )
  return `${sdk.split('/')[1]} ${version}, tool ${tool}${revision === undefined ? '' : `, ${revision}`}`
}

/** Why nothing would be proven by runs that do not differ. */
function weaknesses(bare, wrapped) {
  const found = []
  const { scenarios, scenariosPassed } = countResults(bare.scenarios)
  if (scenariosPassed < LEAST_PASSED * scenarios)
    found.push(`the bare server passes ${scenariosPassed} of ${scenarios} scenarios only`)
  if (wrapped.recorded === 0) found.push('nothing has gone through the wrap')
  if (bare.recorded !== 0) found.push('the bare server is wrapped')
  return found
}

async function results({ server, node, entry, mode, revision }) {
  const out = join(folder, 'results')
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out)
  let total = ''
  const recorded = await withServer(server, mode, async (url) => {
    const about = revision === undefined ? [] : ['--spec-version', revision]
    const args = [entry, 'server', '--url', url, '--suite', 'all', '-o', out, ...about]
    const said = await outputOf(node, args)
    total = /^Total: .*$/m.exec(said)?.[0] ?? said.slice(-2_000)
  })
  const scenarios = readResults(out)
  const { passed, failed } = countResults(scenarios)
  if (!total.startsWith(`Total: ${passed} passed, ${failed} failed`))
    throw new Error(`the tool has written ${passed} passed, ${failed} failed, and said: ${total}`)
  return { scenarios, recorded }
}

/** What it has printed, however it ended: it ends with 1 where anything has failed. */
function outputOf(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: RUN_MS,
      killSignal: 'SIGKILL',
    })
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.once('error', reject)
    child.once('close', () => resolve(text))
  })
}

function rowsOf(title, runs, differences) {
  return Object.entries(runs).map(([mode, { scenarios, recorded }]) => {
    const counts = countResults(scenarios)
    return {
      run: title,
      server: mode,
      scenarios: `${counts.scenariosPassed}/${counts.scenarios}`,
      passed: counts.passed,
      failed: counts.failed,
      warnings: counts.warned,
      records: recorded,
      differences: mode === 'bare' ? '' : differences,
    }
  })
}

function printTable(rows) {
  const lines = [Object.keys(rows[0]), ...rows.map((row) => Object.values(row).map(String))]
  const widths = lines[0].map((_cell, column) =>
    Math.max(...lines.map((line) => line[column].length)),
  )
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
}

/** The tool needs Node 22 or later. */
function fetchNode() {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath
  const isWindows = process.platform === 'win32'
  const platform = `node-${isWindows ? 'win' : process.platform}-${process.arch}`
  const home = install('node', `node-binary@npm:${platform}@${NODE}`)
  return join(home, 'node_modules', 'node-binary', 'bin', isWindows ? 'node.exe' : 'node')
}

function fetchTool(version) {
  const name = '@modelcontextprotocol/conformance'
  const home = join(folder, `tool-${version}`)
  if (!existsSync(home)) install(`tool-${version}`, `${name}@${version}`)
  return join(home, 'node_modules', name, 'dist', 'index.js')
}

function install(name, wanted) {
  const home = join(folder, name)
  mkdirSync(home)
  writeFileSync(join(home, 'package.json'), '{"private":true}\n')
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  const got = spawnSync('npm', ['install', ...options, wanted], {
    cwd: home,
    stdio: ['ignore', 2, 2],
    timeout: RUN_MS,
    shell: process.platform === 'win32',
  })
  if (got.status !== 0) throw new Error(`npm could not install ${wanted}`)
  return home
}
