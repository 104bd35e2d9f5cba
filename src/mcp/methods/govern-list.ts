import { andThen, type MaybePromise } from '../../core/model/json.ts'
import { copyWith } from '../answers/hidden-links.ts'
import { keep } from '../connection.ts'
import { hearTools, learnTools } from '../definitions/hear-tools.ts'
import type { Head } from '../guard.ts'
import { isObject } from '../host.ts'
import { readAsJson } from '../server/read-as-json.ts'
import { type Incoming, paramsOf } from '../server/server-guard.ts'
import { listFailed } from './list-failed.ts'
import { type ListKind, uriNames } from './names.ts'
import { runHandler } from './run-handler.ts'
import { visibleOf } from './visible.ts'

/**
 * A list shows what the caller may use, and nothing else: the same decision answers for lists and for
 * calls. The same result comes back where all of it may be seen.
 */
export function governList(incoming: Incoming, kind: ListKind): MaybePromise<unknown> {
  const { guard, context } = incoming
  const filter = (result: unknown): MaybePromise<unknown> =>
    andThen(guard.headOf(context), (head) => filterList(incoming, head, kind, result))
  const failed = (error: unknown): MaybePromise<never> => listFailed(incoming, error)
  return runHandler(incoming, filter, failed)
}

function filterList(
  { guard, request }: Incoming,
  head: Head,
  kind: ListKind,
  result: unknown,
): MaybePromise<unknown> {
  const listed = isObject(result) ? result[kind.field] : undefined
  // What is no list of the kind has no names that anybody could be allowed to see.
  if (!isObject(result) || !Array.isArray(listed))
    return guard.engine.context().enforces ? { [kind.field]: [] } : result
  const items = listed.map(readAsJson)
  const isTools = kind.field === 'tools' && guard.learnsLists
  if (isTools) keepSchemas(guard, items)
  const findings = isTools ? learnTools(guard, paramsOf(request), result, items) : []
  const visible = visibleOf(guard, head, items, (item) => kind.namesOf(guard.server, item))
  return andThen(visible, (kept) =>
    andThen(withoutHiddenViews(guard, head, kept), (shown) => {
      const isWhole =
        shown.length === listed.length && shown.every((one, index) => one === listed[index])
      const given = isWhole ? result : copyWith(result, kind.field, shown)
      return isTools ? andThen(hearTools(guard, head, shown, findings), () => given) : given
    }),
  )
}

/** What results must be like. */
function keepSchemas({ outputSchemas }: Incoming['guard'], tools: readonly unknown[]): void {
  for (const tool of tools)
    if (isObject(tool) && typeof tool['name'] === 'string')
      keep(outputSchemas, tool['name'], tool['outputSchema'])
}

/** A tool may name a resource that shows its results: where that is hidden, so is its name. */
function withoutHiddenViews(
  guard: Incoming['guard'],
  head: Head,
  items: readonly unknown[],
): MaybePromise<readonly unknown[]> {
  const views = items.flatMap((item) => viewOf(item) ?? [])
  if (views.length === 0) return items
  const visible = visibleOf(guard, head, views, (uri) => uriNames(guard.server, uri))
  return andThen(visible, (kept) => {
    const shown = new Set(kept)
    return items.map((item) => {
      const view = viewOf(item)
      return view === undefined || shown.has(view) ? item : withoutView(item as Tool)
    })
  })
}

interface Tool extends Record<string, unknown> {
  readonly _meta: Record<string, unknown>
}

const VIEW = 'resourceUri'
const FLAT_VIEW = 'ui/resourceUri'

/** @see https://github.com/modelcontextprotocol/ext-apps */
function viewOf(item: unknown): string | undefined {
  const meta = isObject(item) ? item['_meta'] : undefined
  if (!isObject(meta)) return undefined
  const { ui } = meta
  const uri = (isObject(ui) ? ui[VIEW] : undefined) ?? meta[FLAT_VIEW]
  return typeof uri === 'string' ? uri : undefined
}

function withoutView(tool: Tool): object {
  const { ui, [FLAT_VIEW]: _, ...meta } = tool._meta
  if (!isObject(ui)) return copyWith(tool, '_meta', meta)
  const { [VIEW]: _also, ...rest } = ui
  return copyWith(tool, '_meta', Object.keys(rest).length === 0 ? meta : { ...meta, ui: rest })
}
