import { type IncomingRequest, isObject } from '../host.ts'
import { paramsOf } from '../server/server-guard.ts'

type Params = Readonly<Record<string, unknown>>

/**
 * True where params have the form that the protocol wants. SDKs refuse all others, each in words of its
 * own: what is hidden would be told from what is not there by them.
 */
export function isWellFormed(request: IncomingRequest): boolean {
  const params = paramsOf(request)
  return FORMS.get(request.method)?.(params) !== false
}

const isText = (value: unknown): value is string => typeof value === 'string'

function isRecord(value: unknown): value is Params {
  return isObject(value) && !Array.isArray(value)
}

const isAbsentOr = (is: (value: unknown) => boolean) => (value: unknown) =>
  value === undefined || value === null || is(value)

const hasTexts = (value: unknown): boolean => isRecord(value) && Object.values(value).every(isText)

const ofUri = ({ uri }: Params): boolean => isText(uri)

const FORMS: ReadonlyMap<string, (params: Params) => boolean> = new Map([
  [
    'tools/call',
    ({ name, arguments: args, task }: Params) =>
      isText(name) && isAbsentOr(isRecord)(args) && (task === undefined || isRecord(task)),
  ],
  [
    'prompts/get',
    ({ name, arguments: args }: Params) => isText(name) && isAbsentOr(hasTexts)(args),
  ],
  ['resources/read', ofUri],
  ['resources/subscribe', ofUri],
  ['resources/unsubscribe', ofUri],
  [
    'completion/complete',
    ({ ref, argument, context }: Params) =>
      isReference(ref) &&
      isRecord(argument) &&
      isText(argument['name']) &&
      isText(argument['value']) &&
      isAbsentOr(isContext)(context),
  ],
])

function isReference(ref: unknown): boolean {
  if (!isRecord(ref)) return false
  return ref['type'] === 'ref/prompt'
    ? isText(ref['name'])
    : ref['type'] === 'ref/resource' && isText(ref['uri'])
}

function isContext(context: unknown): boolean {
  return isRecord(context) && isAbsentOr(hasTexts)(context['arguments'])
}
