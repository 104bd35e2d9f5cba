import { COLUMNS } from './columns.ts'
import type { Names } from './names.ts'

/** What the function takes, in order. */
export const APPEND_PARAMETERS: readonly string[] = [
  'in_chain text',
  'by_writer text',
  'after_position bigint',
  'head_position bigint',
  'head_hash text',
  'hashes text',
  'lines text',
  ...COLUMNS.map(({ name }) => `of_${name} text`),
]

/**
 * Moves the chain and adds its rows: both or, where somebody else has moved it, neither. A function, since
 * PostgreSQL then keeps the plan whatever the client is. It has no rights but those of who calls it.
 */
export function appendOf({ append, chains, records }: Names): string {
  const columns = COLUMNS.map(({ name }) => `"${name}"`).join(', ')
  const values = COLUMNS.map(({ name }) => `r."${name}"`).join(', ')
  const arrays = COLUMNS.map(({ name, type }) => `of_${name}::${type}[]`).join(', ')
  return `create function ${append}(${APPEND_PARAMETERS.join(', ')})
  returns boolean language plpgsql as $append$
begin
  update ${chains} set position = head_position, hash = head_hash, writer = null
  where chain = in_chain and position = after_position and (writer is null or writer = by_writer);
  if not found then
    return false;
  end if;
  insert into ${records} (chain, position, prev, hash, line, ${columns})
  select in_chain, after_position + r.n, nullif(r.prev, ''), r.hash, r.line, ${values}
  from unnest(
    string_to_array(hashes, e'\\n'), (string_to_array(hashes, e'\\n'))[2:], string_to_array(lines, e'\\n'),
    ${arrays}
  ) with ordinality as r (prev, hash, line, ${columns}, n)
  where r.n <= head_position - after_position;
  return true;
end
$append$`
}
