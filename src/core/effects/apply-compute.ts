import type { ConstraintPorts } from '../constraints/constraint.ts'
import { isParsed } from '../constraints/sql/parsers.ts'
import type { ResourceEntry, SqlDialect } from '../model/call.ts'
import { andThen, type JsonObject, type MaybePromise } from '../model/json.ts'
import { EffectFault } from './fault.ts'
import { parserNeeded } from './limit-rows.ts'
import { type PatchOperation, patchOf } from './patch.ts'
import { type Plan, planOf } from './plan.ts'

/** What is made safe, and what that may need from outside. */
export interface ComputeContext {
  readonly arguments: JsonObject
  readonly resource: ResourceEntry
  readonly ports: ConstraintPorts
}

/** A call made safe, or why it cannot be. */
export type Computed =
  | {
      /** The same object where nothing had to change. */
      readonly arguments: JsonObject
      /** From the arguments that came to these. @see RFC 6902 */
      readonly patch: readonly PatchOperation[]
      /** Columns to mask in the response. */
      readonly mask: readonly string[]
      readonly fault?: undefined
    }
  | { readonly fault: string }

// A section is read once for all calls that its rule decides.
const plans = new WeakMap<JsonObject, Plan | EffectFault>()

/**
 * Applies the `compute` section of a rule, in this order: `remove`, `set`, `dry_run`, `clamp`,
 * `truncate`, `root`, `recipients`, `limit_rows`. Applied to its own result it changes nothing, and
 * no effect is lost by a later one: where that cannot be, there is a fault. At once, unless the SQL
 * parser is yet to be loaded.
 */
export function applyCompute(compute: JsonObject, context: ComputeContext): MaybePromise<Computed> {
  const plan = knownPlan(compute)
  if (plan instanceof EffectFault) return { fault: plan.message }
  const loading = plan.needsParser ? parserNeeded(context) : undefined
  if (loading === undefined) return applyPlan(plan, context)
  // What could not be loaded is missed by the effect that needs it.
  return andThen(
    loading.catch(() => undefined),
    () => applyPlan(plan, context),
  )
}

/** What is wrong with a section whatever the call, for the check of a policy; undefined: nothing. */
export function computeProblem(compute: JsonObject): string | undefined {
  const plan = knownPlan(compute)
  return plan instanceof EffectFault ? plan.message : undefined
}

/** The SQL parser that the section will need for a tool, so that it can be loaded beforehand. */
export function computeNeeds(
  compute: JsonObject,
  resource: ResourceEntry | undefined,
): readonly SqlDialect[] {
  const dialect = resource?.sql_dialect
  const isNeeded = compute['limit_rows'] !== undefined && dialect !== undefined && isParsed(dialect)
  return isNeeded ? [dialect] : []
}

function knownPlan(compute: JsonObject): Plan | EffectFault {
  const known = plans.get(compute)
  if (known !== undefined) return known
  const plan = orFault(() => planOf(compute))
  plans.set(compute, plan)
  return plan
}

function applyPlan(plan: Plan, context: ComputeContext): Computed {
  const computed = orFault((): Computed => {
    const next = applied(plan, context.arguments, context)
    // Where no effect did anything, each of them holds.
    if (next !== context.arguments) confirm(plan, next, context)
    const patch = patchOf(context.arguments, next)
    const isSame = patch.length === 0
    return { arguments: isSame ? context.arguments : next, patch, mask: plan.mask }
  })
  return Object.freeze(computed instanceof EffectFault ? { fault: computed.message } : computed)
}

function applied(plan: Plan, args: JsonObject, context: ComputeContext): JsonObject {
  return [...plan.fixing, ...plan.narrowing].reduce(
    (current, effect) => effect(current, context),
    args,
  )
}

// INVARIANT: what goes out is what each narrowing effect by itself, and all together, would leave
// as it is. A path that was cut after it was put below a folder may be outside again.
function confirm(plan: Plan, args: JsonObject, context: ComputeContext): void {
  if (plan.fixing.length + plan.narrowing.length < 2) return
  const isNarrow = plan.narrowing.every((effect) => effect(args, context) === args)
  const isFixed =
    plan.fixing.length === 0 || patchOf(args, applied(plan, args, context)).length === 0
  if (!isNarrow || !isFixed)
    throw new EffectFault('the effects of `compute` undo one another: the policy must be mended')
}

function orFault<T>(make: () => T): T | EffectFault {
  try {
    return make()
  } catch (error) {
    if (error instanceof EffectFault) return error
    throw error
  }
}
