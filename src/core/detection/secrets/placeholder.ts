/** Values that stand where a secret goes: references, masks, and the words that documents use. */

const NAME = '[A-Za-z_]'

/** `${NAME}`, `$(…)`, `{{ name }}`, `<name>`, `%NAME%` and their like; what YAML and vaults write. */
const REFERENCE = new RegExp(
  [
    String.raw`\$\{${NAME}[\w.:?=$ -]{0,100}\}`,
    String.raw`^\$${NAME}|^\$[{(]`,
    String.raw`\$\([^()]{1,200}\)`,
    String.raw`\{\{\s?[\w.| $()"'-]{1,100}\}\}`,
    String.raw`^\{${NAME}[\w.:()[\]\\ -]{0,60}\}$`,
    '^<[^<>]{1,100}>$|<%',
    String.raw`#\{[\w.]{1,60}\}`,
    String.raw`^%\(?\w{1,60}\)?[sd%]?$`,
    String.raw`^\[[^[\]]{0,100}\]$`,
    '^__?[A-Z_]{2,60}__?$',
    String.raw`^@+${NAME}[\w.]{0,60}@*$`,
    String.raw`^!(?:secret|vault|ref|sub|env_var)\b`,
    String.raw`^(?:vault|ssm|arn|secretsmanager|op|keyring|env|file|ref\+\w{1,20}):`,
    '^`',
  ].join('|'),
)

const CODE =
  /^(?:process\.env|import\.meta|os\.(?:environ|getenv)|env(?:iron)?[.[(]|getenv|system\.getenv|config(?:uration)?[.[(]|settings[.[]|secrets?[.[]|vars?\.|local\.|data\.|self\.|this\.|req(?:uest)?[.[]|params?[.[]|options?\.|args?[.[]|props\.|state\.|input[.[(]|new |await |async |function|lambda|base64\.|crypto\.|random|uuid|generate)/i

const MASKS = /[*•·]{3}|\.{3}|…|x{4}|X{4}|_{4}|-{4}|#{4}|\?{3}|\[redacted|\(redacted/

const CONTAINED =
  /example|place_?holder|redacted|sanitized|change[-_ ]?(?:me|this|it)|your[-_ ]?(?:api|own|secret|token|password|pass|key|access|auth|client|private|db|user|name|value)|^your|dummy|replace[-_ ]?(?:me|with|this)|insert[-_ ]|(?:secret|token|password|key|value)[-_ ]?(?:here|goes)|my[-_ ]?(?:secret|token|password|passwd|pass|api|key)|to[-_ ]be[-_ ](?:set|filled)|not[-_ ]?(?:a[-_ ])?(?:real|secret)|fake|<[a-z]/i

const WORDS: ReadonlySet<string> = new Set(
  `password passwd pass pwd passphrase passcode secret secrets token tokens key apikey credential
  credentials auth authorization bearer basic none null nil undefined true false yes no on off string
  str text bytes byte bool boolean int integer number float double char varchar any object array list
  dict map optional required readonly hidden masked removed empty default unknown todo fixme tbd test
  testing tester sample demo foo bar baz qux foobar admin root user username name login guest value
  values void const public private protected internal static final new old current invalid valid
  missing wrong incorrect correct expired expires revoked encrypted hashed plain plaintext strong weak
  abc abcd qwerty asdf something anything nothing whatever here there this that field input output
  env environment variable prompt ask enabled disabled vault file path url uri uuid hash base64 hex
  random generated generate auto automatic manual never always session cookie jwt oauth oauth2 saml`.split(
    /\s+/,
  ),
)

/** Whether a value only stands for a secret. The value is at most some hundred units long. */
export function isPlaceholder(value: string): boolean {
  if (WORDS.has(value.toLowerCase().replace(/[\d!_.:=-]{1,4}$/, ''))) return true
  if (MASKS.test(value) || CONTAINED.test(value) || isOneUnit(value)) return true
  return REFERENCE.test(value) || CODE.test(value)
}

function isOneUnit(value: string): boolean {
  for (let at = 1; at < value.length; at++) if (value[at] !== value[0]) return false
  return true
}
