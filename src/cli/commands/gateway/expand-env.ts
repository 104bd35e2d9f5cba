/** A text with the environment's values in it, or what is wrong with it. Values are never shown. */
export type Expanded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string; readonly hint: string }

const REFERENCE = /\$(\$)?\{([^}]*)(\})?/g
const NAME = /^(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s

/**
 * Puts in what `${NAME}` stands for; `${NAME:-default}` gives the default where the variable is not
 * set or empty, `$${` stands for `${`. `${env:NAME}` is the spelling of some desktop clients.
 */
export function expandEnv(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): Expanded {
  let fault: Expanded | undefined
  const expanded = text.replace(REFERENCE, (whole: string, second, inner: string, end) => {
    if (second !== undefined) return whole.slice(1)
    const [, name, fallback] = end === undefined ? [] : (NAME.exec(inner) ?? [])
    if (name === undefined) {
      fault ??= {
        ok: false,
        message: `\`${whole}\` names no variable of the environment`,
        hint: `write \`\${NAME}\`, or \`$\${\` for the characters themselves`,
      }
      return whole
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (value !== undefined && (value !== '' || fallback === undefined)) return value
    if (fallback !== undefined) return fallback
    fault ??= {
      ok: false,
      message: `the environment has no variable \`${name}\``,
      hint: `set it, or write \`\${${name}:-default}\``,
    }
    return whole
  })
  return fault ?? { ok: true, text: expanded }
}
