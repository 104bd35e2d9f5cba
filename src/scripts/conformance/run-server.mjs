// Starts a server of this folder, has something done with it, and ends it.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const START_MS = 60_000
const END_MS = 10_000

/**
 * @param {string} file the server's
 * @param {string} mode `bare` or `wrapped`
 * @param {(url: string) => Promise<void>} use
 * @returns how many records its audit trail got
 */
export async function withServer(file, mode, use) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL(file, import.meta.url)), mode],
    { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] },
  )
  // What it is told when it has ended already is of no interest.
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  try {
    const { port } = await said(lines, START_MS, file)
    await use(`http://127.0.0.1:${port}/mcp`)
    child.stdin.end()
    const { recorded } = await said(lines, END_MS, file)
    return recorded
  } finally {
    child.kill('SIGKILL')
  }
}

async function said(lines, timeoutMs, file) {
  let timer
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${file} has said nothing for ${timeoutMs / 1000} s`)),
      timeoutMs,
    )
  })
  try {
    const { done, value } = await Promise.race([lines.next(), late])
    if (done) throw new Error(`${file} has ended`)
    return JSON.parse(value)
  } finally {
    clearTimeout(timer)
  }
}
