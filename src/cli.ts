#!/usr/bin/env node
import { EXIT } from './cli/command.ts'
import { main } from './cli/main.ts'

// A reader that went away (`callgate replay ... | head`) must not turn the answer into a crash:
// what cannot be written any more is dropped, and the exit code is still the answer.
const isGone = (error: NodeJS.ErrnoException): boolean => error.code === 'EPIPE'
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => {
    if (!isGone(error)) process.exit(EXIT.fault)
  })

const io = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
}
void main(process.argv.slice(2), io).then((code) => {
  process.exitCode = code
})
