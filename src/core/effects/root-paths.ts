import { type CompiledConstraint, INSIDE } from '../constraints/constraint.ts'
import { pathPrefix } from '../constraints/kinds/path-prefix.ts'
import { standingUnder } from '../constraints/support/path-compare.ts'
import {
  type PathPlace,
  type PathPlatform,
  pathDoubt,
  placeOf,
  withoutDots,
} from '../constraints/support/path-text.ts'
import type { JsonValue } from '../model/json.ts'
import type { Effect, EffectContext } from './effect.ts'
import { EffectFault } from './fault.ts'
import { judgeNow } from './judge-now.ts'
import { placesOrAliases, rewriteMembers } from './places.ts'

interface Root {
  readonly text: string
  readonly place: PathPlace
  readonly platform: PathPlatform
}

/**
 * Takes every path as one below a folder, as if the folder were the root of all. `..` ends there.
 * What comes out is judged as the `path_prefix` constraint would, links included.
 */
export function rootPaths(text: string, fields: readonly string[]): Effect {
  const places = placesOrAliases(fields, pathPrefix)
  const root = readRoot(text)
  const judge = pathPrefix.compile({ allow: [text], platform: root.platform })
  return (args, context) => {
    const paths: string[] = []
    const next = rewriteMembers(args, places, (value) => {
      if (value === null) return value
      const path = belowRoot(value, root)
      paths.push(path)
      return path
    })
    if (paths.length === 0)
      throw new EffectFault('there is no argument that names a path: give one, such as `path`')
    confirm(judge, paths, context)
    return next
  }
}

function readRoot(text: string): Root {
  const platform = /^[A-Za-z]:[\\/]|^\\\\/.test(text) ? 'win32' : 'posix'
  const place = placeOf(text, platform)
  const isSound = place.root !== undefined && !place.parts.includes('..')
  if (!isSound || pathDoubt(text, platform) !== undefined)
    throw new EffectFault('the policy’s `root` is not an absolute, normalised path')
  return { text, place, platform }
}

function belowRoot(value: JsonValue, root: Root): string {
  if (typeof value !== 'string') throw new EffectFault('is not a path: give one text')
  const doubt = pathDoubt(value, root.platform)
  if (doubt !== undefined) throw new EffectFault(`${doubt}: give a plain path`)
  const place = placeOf(value, root.platform)
  const parts = withoutDots(place.parts)
  const plain: PathPlace = { root: place.root, parts }
  const isBelow =
    place.root !== undefined && standingUnder(plain, [root.place], root.platform) === INSIDE
  // By the text alone `..` says nothing where a link stands before it: it is resolved here.
  if (isBelow && !place.parts.includes('..')) return value
  const rest = isBelow ? parts.slice(root.place.parts.length) : parts
  return joined(root, rest, /[\\/]$/.test(value))
}

function joined(root: Root, rest: readonly string[], isDirectory: boolean): string {
  if (rest.length === 0) return root.text
  const separator = root.platform === 'win32' && root.text.includes('\\') ? '\\' : '/'
  const base = root.text.replace(/[\\/]$/, '')
  return [base, ...rest].join(separator) + (isDirectory ? separator : '')
}

function confirm(
  judge: CompiledConstraint,
  paths: readonly string[],
  context: EffectContext,
): void {
  const judged = judgeNow(judge, { path: paths }, context)
  if (judged.standing === INSIDE) return
  const why = judged.detail.replace(/^`[^`]*` /, '')
  throw new EffectFault(`a path, taken as below the policy’s folder, ${why}: give another one`)
}
