import type { ScanClass } from '../detection/match.ts'
import { textsIn } from '../json-kind.ts'
import type { JsonObject } from '../model/json.ts'
import { coversResource, parseSelector, type Selector } from '../policy/selectors.ts'

/** What stands in the place of what is taken out. */
export type Replacement = 'mask' | 'label' | 'remove' | 'hash' | 'token'

/** Which text is taken out. */
export interface Redaction {
  readonly classes: readonly ScanClass[]
  /** Undefined: every kind of the classes. */
  readonly kinds: ReadonlySet<string> | undefined
  /** Names of fields whose values are taken out whatever they hold; lower case. */
  readonly fields: ReadonlySet<string>
  readonly action: Replacement
}

/** The policy's `redaction` section, ready to be asked. */
export interface RedactionSettings extends Redaction {
  readonly on: ReadonlySet<'request' | 'response' | 'record'>
  covers(resource: ResourceName): boolean
  /** True where tokens are turned back into what they stand for. */
  reveals(resource: ResourceName): boolean
}

type ResourceName = { readonly name: string; readonly server: string | undefined }

const CLASSES: readonly ScanClass[] = ['secret', 'pii']

/** Undefined where the policy has no section, or switches it off. */
export function redactionSettings(section: JsonObject | undefined): RedactionSettings | undefined {
  if (section === undefined || section['enabled'] === false) return undefined
  const kinds = textsIn(section['kinds'])
  const only = textsIn(section['resources']).map(parseSelector)
  const except = textsIn(section['except']).map(parseSelector)
  const reveal = textsIn(section['reveal']).map(parseSelector)
  const on = textsIn(section['on'])
  return Object.freeze({
    // The schema has checked the words.
    classes:
      section['classes'] === undefined ? CLASSES : (textsIn(section['classes']) as ScanClass[]),
    kinds: kinds.length === 0 ? undefined : new Set(kinds),
    fields: new Set(textsIn(section['fields']).map((name) => name.toLowerCase())),
    action: (section['action'] as Replacement | undefined) ?? 'mask',
    on: new Set((on.length === 0 ? ['response', 'record'] : on) as ('response' | 'record')[]),
    covers: (resource: ResourceName) =>
      (only.length === 0 || covered(only, resource)) && !covered(except, resource),
    reveals: (resource: ResourceName) => covered(reveal, resource),
  })
}

function covered(selectors: readonly Selector[], resource: ResourceName): boolean {
  return selectors.some((selector) => coversResource(selector, resource))
}
