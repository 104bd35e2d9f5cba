import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PolicyProblem, ProblemKind } from '../core/model/errors.ts'
import { type Checked, checkSources } from '../core/policy/check/check-sources.ts'
import { isForeign, withoutWords } from '../core/policy/check/foreign.ts'
import { listOf } from '../core/policy/check/lenient.ts'
import { problemAt } from '../core/policy/check/report.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { POLICY_LIMITS, type PolicyLimits } from '../core/policy/limits.ts'
import { type CheckedPolicy, compileChecked, describeChecked } from '../core/policy/parse.ts'
import { readSourceBytes } from '../core/policy/read/read-source.ts'
import { NOWHERE, objectSource, type Source } from '../core/policy/read/source.ts'

/** Files one policy may be made of, with everything they extend. */
const MAX_FILES = 1000

/**
 * Reads a policy from files and folders, merged, with the layers they extend. A folder stands for its
 * `.yaml`, `.yml` and `.json` files in order of their names, without folders in it, hidden files and
 * `*.policytest.*`. A layer must lie in the folder of a path given here, or in the working folder, or
 * below them. Throws `PolicyError` with every problem at once.
 */
export async function loadPolicy(...paths: readonly (string | URL)[]): Promise<CompiledPolicy> {
  return compileChecked(await check(paths))
}

/** The same without throwing: problems, warnings and, where all is well, the digest. */
export async function checkPolicyFiles(
  ...paths: readonly (string | URL)[]
): Promise<CheckedPolicy> {
  return describeChecked(await check(paths))
}

/**
 * The texts a policy is made of, lowest layer first, with their problems: to say where a part of it
 * stands. What only the whole policy shows is not among the problems.
 */
export async function readPolicyFiles(
  ...paths: readonly (string | URL)[]
): Promise<readonly Source[]> {
  const roots = new Set(await workingFolder())
  const loading: Loading = { limits: POLICY_LIMITS, sources: [], done: new Set(), roots }
  if (paths.length === 0) loading.sources.push(faulty(null, 'bad_path', 'no policy file is named'))
  for (const path of paths) await loadPath(loading, path)
  return loading.sources
}

async function check(paths: readonly (string | URL)[]): Promise<Checked> {
  const sources = await readPolicyFiles(...paths)
  return checkSources(sources, { limits: POLICY_LIMITS, hasFiles: true })
}

interface Loading {
  readonly limits: PolicyLimits
  /** Lowest layer first. */
  readonly sources: Source[]
  /** Real paths: a file that two layers extend counts once. */
  readonly done: Set<string>
  /** Folders that layers may lie in, as they are written and as they really are. */
  readonly roots: Set<string>
}

/** The root of a file system, where services are often started, is no one's project. */
async function workingFolder(): Promise<readonly string[]> {
  const folder = process.cwd()
  return folder === parse(folder).root ? [] : bothNames(folder)
}

async function bothNames(folder: string): Promise<readonly string[]> {
  return [resolve(folder), await realpath(folder)]
}

function faulty(file: string | null, kind: ProblemKind, message: string): Source {
  return objectSource(file, undefined, [problemOf(file, kind, message)], [])
}

function problemOf(file: string | null, kind: ProblemKind, message: string): PolicyProblem {
  return { kind, message, file, ...NOWHERE, path: '', hint: null }
}

async function loadPath(loading: Loading, path: string | URL): Promise<void> {
  const label = String(path)
  try {
    const file = typeof path === 'string' ? path : fileURLToPath(path)
    const isFolder = (await stat(file)).isDirectory()
    for (const root of await bothNames(isFolder ? file : dirname(file))) loading.roots.add(root)
    if (!isFolder) return await loadFile(loading, file, [])
    const names = (await readdir(file)).filter(isPolicyName).sort()
    if (names.length === 0)
      loading.sources.push(faulty(label, 'empty', 'the folder has no policy files'))
    for (const name of names) await loadFile(loading, join(file, name), [])
  } catch (error) {
    loading.sources.push(faulty(label, 'bad_path', reasonOf(error)))
  }
}

const POLICY_ENDING = /\.(?:ya?ml|json)$/i

function isPolicyName(name: string): boolean {
  return POLICY_ENDING.test(name) && !name.startsWith('.') && !/\.policytest\./i.test(name)
}

/** Adds what the file extends, then the file. Throws where it cannot be read. */
async function loadFile(loading: Loading, file: string, trail: readonly string[]): Promise<void> {
  const real = await realpath(file)
  if (loading.done.has(real)) return
  if (loading.done.size >= MAX_FILES) throw new Error(`a policy has at most ${MAX_FILES} files`)
  loading.done.add(real)
  const bytes = await readBounded(real, loading.limits.maxBytes)
  const source = sourceOfLayer(readSourceBytes(bytes, { file, limits: loading.limits }), trail)
  const problems: PolicyProblem[] = []
  const layers = listOf(source.value, 'extends')
  for (const [index, layer] of layers.entries()) {
    if (typeof layer !== 'string' || layer.startsWith('pack:')) continue
    const fault = await loadLayer(loading, dirname(file), layer, [...trail, real])
    if (fault !== undefined)
      problems.push(
        problemAt(source, fault.kind, ['extends', index], fault.message, {
          hint: fault.hint ?? null,
        }),
      )
  }
  loading.sources.push({ ...source, problems: [...source.problems, ...problems] })
}

/**
 * INVARIANT: who writes `extends` learns nothing of a file that is no policy, for problems may be
 * shown to others than those who may read it.
 */
function sourceOfLayer(source: Source, trail: readonly string[]): Source {
  if (trail.length === 0) return source
  if (source.value === undefined) return withoutWords(source)
  if (isForeign(source.value)) throw new Error('it is no policy file')
  return source
}

interface LayerFault {
  readonly kind: ProblemKind
  readonly message: string
  readonly hint?: string
}

async function loadLayer(
  loading: Loading,
  folder: string,
  layer: string,
  trail: readonly string[],
): Promise<LayerFault | undefined> {
  if (layer === '' || /^[a-z][a-z0-9+.-]+:/i.test(layer))
    return {
      kind: 'bad_path',
      message: `\`${layer}\` is no file: layers are files or \`pack:NAME\``,
    }
  const file = isAbsolute(layer) ? layer : join(folder, layer)
  try {
    const fault = await placeFault(loading, layer, file)
    if (fault !== undefined) return fault
    if (trail.includes(await realpath(file)))
      return { kind: 'cycle', message: `\`${layer}\` extends this file, which extends it` }
    await loadFile(loading, file, trail)
    return undefined
  } catch (error) {
    const kind = codeOf(error) === 'ENOENT' ? 'unknown_ref' : 'bad_path'
    return { kind, message: `\`${layer}\` cannot be read: ${reasonOf(error)}` }
  }
}

/** A file elsewhere answers as if it were not there: whether it is, is nobody's business. */
async function placeFault(
  { roots }: Loading,
  layer: string,
  file: string,
): Promise<LayerFault | undefined> {
  const real = await realpath(file).catch(() => resolve(file))
  if (![...roots].some((root) => isInside(root, real)))
    return {
      kind: 'bad_path',
      message: `\`${layer}\` lies outside of the policy’s folder and of the working folder`,
      hint: 'name that file, or its folder, beside this one where the policy is loaded',
    }
  if (!POLICY_ENDING.test(real))
    return {
      kind: 'bad_path',
      message: `\`${layer}\` is no policy file: those end with \`.yaml\`, \`.yml\` or \`.json\``,
    }
  return undefined
}

function isInside(root: string, file: string): boolean {
  const way = relative(root, file)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** At most one byte more than allowed. Never waits for a pipe, never reads a device. */
async function readBounded(file: string, maxBytes: number): Promise<Uint8Array> {
  assertFile(await stat(file))
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    // The file may have been replaced since.
    assertFile(await handle.stat())
    return await readHead(handle, maxBytes + 1)
  } finally {
    await handle.close()
  }
}

async function readHead(handle: FileHandle, size: number): Promise<Uint8Array> {
  const { size: known } = await handle.stat()
  const bytes = new Uint8Array(Math.min(size, known + 1))
  let length = 0
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  // Of a file that grows, or whose size is not known (`/proc`), this is a part.
  if (length > known && length < size) throw new Error('it grew while it was read')
  return bytes.subarray(0, length)
}

function assertFile(stats: Stats): void {
  if (stats.isDirectory()) throw new Error('it is a folder')
  if (!stats.isFile()) throw new Error('it is no ordinary file')
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function reasonOf(error: unknown): string {
  const code = codeOf(error)
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read'
  if (code === 'ELOOP') return 'its links lead in a circle'
  return error instanceof Error ? error.message : String(error)
}
