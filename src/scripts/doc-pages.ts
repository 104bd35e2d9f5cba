/** Which pages there are, and what each must read like now. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { COMMANDS } from '../cli/commands/index.ts'
import { renderReference } from '../cli/reference.ts'
import { renderDetectorsPage, renderRulesPage } from './doc-behavior.ts'
import { withSection } from './doc-blocks.ts'
import { renderRecordFields } from './doc-record.ts'
import {
  renderConstraintOptions,
  renderConstraintTable,
  renderPolicyPage,
} from './doc-reference.ts'
import { refreshPage } from './doc-runner.ts'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Pages that are written whole. */
const WRITTEN: Readonly<Record<string, () => string>> = {
  'docs/reference/policy.md': renderPolicyPage,
  'docs/reference/behavior-rules.md': renderRulesPage,
  'docs/reference/detectors.md': renderDetectorsPage,
  'docs/reference/command-line.md': () => renderReference(COMMANDS),
}

/** Every page, relative to the repository, in order. */
export function pagePaths(): readonly string[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.split(sep).join('/')}`)
  const top = readdirSync(ROOT).filter((name) => name.endsWith('.md'))
  return [...new Set([...top, ...docs, ...Object.keys(WRITTEN)])].sort()
}

export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** True where nobody edits the page by hand. */
export function isWritten(path: string): boolean {
  return Object.hasOwn(WRITTEN, path)
}

/** The page as it must be: its generated parts and the outputs it shows, made anew. */
export async function currentPage(path: string): Promise<string> {
  const written = WRITTEN[path]
  if (written !== undefined) return written()
  let text = readPage(path)
  if (path === 'docs/reference/constraints.md') {
    text = withSection(text, 'constraints', renderConstraintTable())
    text = withSection(text, 'options', renderConstraintOptions())
  }
  if (path === 'docs/reference/audit-record.md')
    text = withSection(text, 'fields', renderRecordFields())
  return refreshPage(text)
}

/** Relative links of a page that lead nowhere, with `#anchors` of headings checked too. */
export function deadLinks(path: string, pages: ReadonlyMap<string, string>): readonly string[] {
  const text = (pages.get(path) ?? '').replaceAll(/^```[\s\S]*?^```/gm, '')
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((link) => !/^[a-z]+:/.test(link) && !isAlive(path, link, pages))
}

function isAlive(path: string, link: string, pages: ReadonlyMap<string, string>): boolean {
  const [file = '', anchor] = link.split('#')
  const target =
    file === ''
      ? path
      : relative(ROOT, join(ROOT, path, '..', file))
          .split(sep)
          .join('/')
  const page = pages.get(target)
  if (anchor !== undefined) return page !== undefined && anchorsOf(page).has(anchor)
  return page !== undefined || existsHere(target)
}

function existsHere(path: string): boolean {
  try {
    readdirSync(join(ROOT, path))
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOTDIR'
  }
}

/** As GitHub makes them: lower case, blanks to dashes, punctuation gone. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1] ?? '')
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}
