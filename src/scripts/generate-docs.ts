/**
 * Writes what the documentation takes from the code: whole reference pages, tables within pages, and
 * the outputs of the commands and programs that pages show.
 * `tsx src/scripts/generate-docs.ts [--check]`; with `--check` it only compares, and exits 1 where a
 * page is not what it would write.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { currentPage, pagePaths, ROOT, readPage } from './doc-pages.ts'

const check = process.argv.includes('--check')
let stale = 0
for (const path of pagePaths()) {
  const wanted = await currentPage(path)
  if (existsSync(join(ROOT, path)) && readPage(path) === wanted) continue
  if (check) {
    stale++
    console.error(`${path} is not up to date: run \`tsx src/scripts/generate-docs.ts\``)
  } else {
    writeFileSync(join(ROOT, path), wanted)
    console.log(`wrote ${path}`)
  }
}
process.exitCode = stale === 0 ? 0 : 1
