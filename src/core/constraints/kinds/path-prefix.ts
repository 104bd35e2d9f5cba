import type { RealPath } from '../../model/ports.ts'
import {
  type AllowedText,
  allowedTexts,
  objectSchema,
  option,
  targetOf,
  textOption,
} from '../config.ts'
import {
  type ConstraintConfig,
  type ConstraintKind,
  INSIDE,
  type Judgement,
  type ReportFault,
  type Standing,
  UNSURE,
} from '../constraint.ts'
import { type Budget, ENTRY_STEPS, spend, TOO_MUCH } from '../support/budget.ts'
import { standingUnder } from '../support/path-compare.ts'
import { createLook, type Look, targetOfPath } from '../support/path-target.ts'
import {
  isPlainPath,
  type PathPlace,
  type PathPlatform,
  pathDoubt,
  placeOf,
  withoutDots,
} from '../support/path-text.ts'
import { judgeTexts } from '../support/per-value.ts'

const ALIASES = [
  'path',
  'paths',
  'file',
  'files',
  'filepath',
  'filepaths',
  'filename',
  'filenames',
  'file_uri',
  'source',
  'sources',
  'src',
  'source_path',
  'src_path',
  'source_file',
  'destination',
  'destinations',
  'dest',
  'dst',
  'destination_path',
  'dest_path',
  'dst_path',
  'destination_file',
  'dir',
  'dirs',
  'directory',
  'directories',
  'dir_path',
  'directory_path',
  'folder',
  'folders',
  'folder_path',
  'root',
  'root_path',
  'root_dir',
  'base_path',
  'base_dir',
  'cwd',
  'working_directory',
  'working_dir',
  'workdir',
  'target',
  'target_path',
  'target_file',
  'old_path',
  'new_path',
  'from_path',
  'to_path',
  'input_path',
  'input_file',
  'output_path',
  'output_file',
  'output_dir',
  'out_file',
  'save_path',
  'local_path',
  'absolute_path',
  'relative_path',
  'full_path',
  'attachment',
  'attachments',
  'notebook_path',
  'link_path',
  'symlink',
  'location',
]

const WORDS = [
  'path',
  'paths',
  'file',
  'files',
  'filepath',
  'filepaths',
  'filename',
  'filenames',
  'dir',
  'dirs',
  'directory',
  'directories',
  'folder',
  'folders',
  'root',
  'cwd',
  'workdir',
  'symlink',
]

const PREFIX_ITEM = {
  type: 'string',
  minLength: 1,
  description: 'An absolute, normalised path: it and all below it.',
}

const SCHEMA = objectSchema(
  {
    allow: { type: 'array', minItems: 1, items: PREFIX_ITEM },
    platform: {
      description: 'How paths are read. Default: `posix`. `darwin`: as posix, compared as written.',
      enum: ['posix', 'win32', 'darwin'],
    },
    base: {
      description: 'Absolute directory from which relative paths lead. Without it they are unsure.',
      type: 'string',
      minLength: 1,
    },
    follow: {
      description: 'Whether symbolic links are followed before a path is judged. Default: true.',
      type: 'boolean',
    },
  },
  ['allow'],
)

/** How one configured constraint judges. */
interface Judge {
  readonly platform: PathPlatform
  readonly prefixes: readonly PathPlace[]
  readonly base: PathPlace | undefined
  readonly follow: boolean
}

/** Where links lead, for the paths of one call. */
interface Following {
  readonly look: Look
  /** The prefixes, as far as they can be followed. */
  readonly prefixes: () => readonly PathPlace[]
}

// Steps to compare a path with one prefix where names are folded before.
const FOLDED_ENTRY_STEPS = 200

/** Paths under prefixes. */
export const pathPrefix: ConstraintKind = {
  kind: 'path_prefix',
  summary: 'The argument is a path that leads to a listed directory or below it.',
  aliases: ALIASES,
  words: WORDS,
  listItems: PREFIX_ITEM,
  schema: SCHEMA,
  check(config, report) {
    const platform = platformOf(config)
    const base = textOption(config, 'base')
    const given: AllowedText[] = base === undefined ? [] : [{ text: base, way: ['base'] }]
    for (const one of [...allowedTexts(config), ...given]) checkPrefix(one, platform, report)
  },
  compile(config) {
    const target = targetOf(config, ALIASES, WORDS)
    const platform = platformOf(config)
    const base = textOption(config, 'base')
    const judge: Judge = {
      platform,
      prefixes: allowedTexts(config).map(({ text }) => placeOf(text, platform)),
      base: base === undefined ? undefined : placeOf(base, platform),
      follow: option(config, 'follow') !== false,
    }
    return {
      kind: 'path_prefix',
      judge: (input) => {
        const realpath = judge.follow ? input.ports.realpath : undefined
        let following: Following | undefined
        return judgeTexts(target, input, (text, budget) => {
          // One for the call: what has been looked at is known to its other paths.
          if (realpath !== undefined) following ??= followingOf(judge, realpath, budget)
          return judgePath(text, judge, following, budget)
        })
      },
    }
  },
}

function followingOf(judge: Judge, realpath: RealPath, budget: Budget): Following {
  const look = createLook(judge.platform, realpath, budget)
  let prefixes: readonly PathPlace[] | undefined
  return {
    look,
    prefixes() {
      prefixes ??= judge.prefixes.flatMap(
        (prefix) => targetOfPath(prefix, judge.platform, look) ?? [],
      )
      return prefixes
    },
  }
}

function platformOf(config: ConstraintConfig): PathPlatform {
  const platform = textOption(config, 'platform')
  return platform === 'win32' || platform === 'darwin' ? platform : 'posix'
}

function checkPrefix(one: AllowedText, platform: PathPlatform, report: ReportFault): void {
  const { text, way } = one
  const place = placeOf(text, platform)
  const separators = platform === 'win32' ? /[\\/]/ : /\//
  const isNormal = text
    .replace(platform === 'win32' ? /^(?:[A-Za-z]:|[\\/]{2}[^\\/]+)[\\/]|[\\/]$/g : /^\/|\/$/g, '')
    .split(separators)
    .every((part, _, all) => part !== '.' && part !== '..' && (part !== '' || all.length === 1))
  if (text.trim() === '') report('bad_path', way, 'the path is empty')
  else if (place.root === undefined)
    report('bad_path', way, `\`${text}\` is not absolute`, absoluteHint(text, platform))
  else if (!isNormal)
    report('bad_path', way, `\`${text}\` is not normalised`, 'leave out `.`, `..`')
  else if (/[\p{Cc}\p{Cs}]/u.test(text)) report('bad_path', way, 'the path has a control character')
}

function absoluteHint(text: string, platform: PathPlatform): string {
  return platform !== 'win32' && /^[A-Za-z]:[\\/]|^\\\\/.test(text)
    ? 'say `platform: win32`'
    : 'write the whole path, from its root'
}

function judgePath(
  text: string,
  judge: Judge,
  following: Following | undefined,
  budget: Budget,
): Judgement {
  if (!spend(budget, stepsFor(text, judge))) return TOO_MUCH
  const doubt = pathDoubt(text, judge.platform)
  if (doubt !== undefined) return { standing: UNSURE, detail: doubt }
  const place = fromBase(placeOf(text, judge.platform), judge.base)
  if (place === undefined)
    return { standing: UNSURE, detail: 'is relative, and no `base` is set; write the whole path' }
  const plain = { ...place, parts: withoutDots(place.parts) }
  const written = standingUnder(plain, judge.prefixes, judge.platform)
  if (following === undefined) return described(written)
  const target = targetOfPath(place, judge.platform, following.look)
  if (budget.left < 0) return TOO_MUCH
  if (target === undefined)
    return { standing: UNSURE, detail: 'leads where its links cannot be followed' }
  const real = followedStanding(target, judge, following)
  // A link out of a prefix is inside by its own place and outside by where it leads: it is both.
  return described(real === INSIDE ? INSIDE : real | written)
}

// Names that are not plain ASCII are folded in several ways, and compared so on some platforms.
function stepsFor(text: string, { platform, prefixes }: Judge): number {
  const isPlain = isPlainPath(text)
  const perEntry = platform === 'posix' ? ENTRY_STEPS : FOLDED_ENTRY_STEPS
  return text.length * (isPlain ? 2 : 25) + prefixes.length * perEntry
}

function fromBase(place: PathPlace, base: PathPlace | undefined): PathPlace | undefined {
  if (place.root !== undefined) return place
  return base === undefined
    ? undefined
    : { root: base.root, parts: [...base.parts, ...place.parts] }
}

// The prefixes may be links themselves, as /var is on macOS.
function followedStanding(target: PathPlace, judge: Judge, following: Following): Standing {
  const standing = standingUnder(target, judge.prefixes, judge.platform)
  if (standing === INSIDE) return INSIDE
  const prefixes = following.prefixes()
  const followed = standingUnder(target, prefixes, judge.platform)
  if (followed === INSIDE) return INSIDE
  return prefixes.length < judge.prefixes.length ? UNSURE : standing | followed
}

function described(standing: Standing): Judgement {
  if (standing === INSIDE) return { standing, detail: 'is under a listed prefix' }
  if ((standing & INSIDE) !== 0)
    return { standing, detail: 'is under a listed prefix and leads out of it' }
  return (standing & UNSURE) === 0
    ? { standing, detail: 'is not under a listed prefix' }
    : { standing, detail: 'may be under a listed prefix by another spelling or link' }
}
