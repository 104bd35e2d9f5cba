import type { BindingDocument, EntityDocument, PolicyDocument, RoleDocument } from './document.ts'

/**
 * Allowances and denials for one user, group or agent, as roles and bindings of their own: the one
 * evaluator judges them, so a denial wins over every role, and an allowance over none.
 */
export function withEntities(document: PolicyDocument): PolicyDocument {
  const { entities } = document
  if (entities === undefined || entities.length === 0) return document
  const roles: RoleDocument[] = [...(document.roles ?? [])]
  const bindings: BindingDocument[] = [...(document.bindings ?? [])]
  entities.forEach((entity, index) => {
    const name = `entities[${index}]`
    roles.push({ name, rules: [ruleOf(entity)] })
    bindings.push({ ...whomOf(entity.for), roles: [name] })
  })
  return { ...document, roles, bindings }
}

/** Names that `withEntities` gives to roles: no policy may use them. */
export const ENTITY_ROLE = /^entities\[\d+\]$/

/** A denial hides too; an allowance is for calling, and for no more. */
function ruleOf({ effect, on }: EntityDocument): NonNullable<RoleDocument['rules']>[number] {
  return effect === 'deny'
    ? { effect, resources: on, verbs: ['discover'] }
    : { resources: on, verbs: ['invoke'] }
}

function whomOf(text: string): Pick<BindingDocument, 'user' | 'group' | 'agent'> {
  const colon = text.indexOf(':')
  const name = text.slice(colon + 1)
  switch (text.slice(0, colon)) {
    case 'user':
      return { user: name }
    case 'group':
      return { group: name }
    default:
      return { agent: name }
  }
}
