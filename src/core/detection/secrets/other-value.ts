/** Values that stand under a secret's name and are plainly something else. */

const NAMES = String.raw`[A-Za-z_$][\w$]*`
/** `f(…`, `a[…`, `a.b(…`, `a->b`, `a.b`: code that fetches the value from elsewhere. */
const CODE = new RegExp(
  String.raw`^(?:${NAMES}(?:(?:\.|->|::|\?\.)${NAMES})*[([]|${NAMES}(?:(?:->|::|\?\.)${NAMES})+$|[a-z_$][a-zA-Z_$]*(?:\.[a-z_$][a-zA-Z_$]*)+$)`,
)
const PATH = /^(?:[A-Za-z]:\\|[.~]{0,2}\/)[\w.@+\\/-]+$/

/** An address, a version, a date, a mailbox, a hash with its name, a call, a public key. */
const OTHER = new RegExp(
  [
    String.raw`^[a-z][a-z\d+.-]{1,20}://`,
    String.raw`^[v^~>=<]*\d{1,4}(?:\.\d{1,6}){1,3}(?:[-+][\w.]{0,40})?$`,
    String.raw`^\d{4}-\d\d-\d\d(?:[T ][\d:.Z+-]{0,30})?$`,
    String.raw`^[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+$`,
    String.raw`^(?:sha\d{1,3}|md5)[-:]`,
    String.raw`^[a-z_$][\w$.]{0,80}\([^()]{0,80}\)$`,
    String.raw`^ssh-(?:rsa|ed25519|dss)|^ecdsa-|^-----BEGIN (?:\w{1,20} )?(?:PUBLIC|CERT)|^pk_(?:live|test)_`,
  ].join('|'),
  'i',
)

export function isSomethingElse(value: string, isQuoted: boolean): boolean {
  if (!isQuoted && CODE.test(value)) return true
  return OTHER.test(value) || (PATH.test(value) && isWordy(value.replaceAll('\\', '/')))
}

const WORD = /^(?:[a-z]{0,24}|[A-Z]{1,24}|[A-Z][a-z]{1,24})\d{0,3}$/

/** Words, each perhaps with a short number, put together: `real_secret`, `db-password-2`, `userId1`. */
export function isWordy(value: string): boolean {
  const parts = value.replace(/([a-z])([A-Z])/g, '$1-$2').split(/[-_.:/ ,]+/)
  return parts.every((part) => WORD.test(part) && isSpeakable(part))
}

/** Vowels where a word has them: hexadecimal and random letters seldom do. */
function isSpeakable(part: string): boolean {
  const letters = part.replace(/\d+$/, '').toLowerCase()
  if (letters.length < 4) return true
  return /[aeiouy]/.test(letters) && !/[bcdfghjklmnpqrstvwxz]{5}/.test(letters)
}
