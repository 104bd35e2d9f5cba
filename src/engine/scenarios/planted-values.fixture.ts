/** Made-up secrets of every kind that the scanner knows. */
import { SECRET_FORMATS } from '../../core/detection/secrets/detectors.ts'
import { sampleOf } from '../../core/detection/secrets/sample.fixture.ts'
import { VENDOR_KEYS } from '../../core/detection/secrets/vendor.ts'
import { hasSecret } from '../../core/redaction/without-secrets.ts'

export interface PlantedSecret {
  readonly kind: string
  /** As it is planted: with what tells that it is a secret, where it does not by itself. */
  readonly text: string
  /** What of it was drawn by lot, and so must be found nowhere. */
  readonly parts: readonly string[]
}

/** Text with runs as in `sampleOf`. */
interface Template {
  readonly kind: string
  readonly template: string
}

const SCHEMES: Readonly<Record<string, string>> = {
  amqp_connection_password: 'amqp',
  basic_auth_password: 'https',
  clickhouse_connection_password: 'clickhouse',
  cockroachdb_connection_password: 'cockroachdb',
  ftp_password: 'sftp',
  ldap_password: 'ldaps',
  mongodb_connection_password: 'mongodb+srv',
  mysql_connection_password: 'mysql',
  neo4j_connection_password: 'neo4j+s',
  postgres_connection_password: 'postgres',
  redis_connection_password: 'rediss',
  smtp_password: 'smtps',
  sqlserver_connection_password: 'mssql',
}

const ALG = 'eyJhbGciOiJIUzI1NiJ9'
const LINES = Array.from({ length: 4 }, () => '{base64:64}')

/** What names, places or signs tell. */
const OTHERS: readonly Template[] = [
  ...Object.entries(SCHEMES).map(([kind, scheme]) => ({
    kind,
    template: `${scheme}://svc:{alnum:24}@db.internal/app`,
  })),
  { kind: 'url_user_token', template: 'https://{alnum:32}@git.internal/app' },
  { kind: 'api_key', template: 'api_key={alnum:32}' },
  { kind: 'aws_secret_access_key', template: 'AKIA{base32:16} {base64:40}' },
  { kind: 'bearer_token', template: 'Bearer {alnum:40}' },
  { kind: 'client_secret', template: 'client_secret={alnum:32}' },
  { kind: 'command_line_password', template: 'curl -u svc:{alnum:20} https://h.internal' },
  { kind: 'command_line_password', template: 'sshpass -p {alnum:20} ssh h.internal' },
  { kind: 'discord_bot_token', template: 'MTAyNzQ4NjM1OTE3NDYyODM5.G{alnum:5}.{alnum:30}' },
  { kind: 'json_web_token', template: `${ALG}.eyJ{alnum:40}.{base64url:43}` },
  { kind: 'json_web_token', template: `${ALG}.eyJ{alnum:400}.{base64url:43}` },
  { kind: 'password', template: 'password={alnum:20}' },
  { kind: 'private_key', template: 'private_key={alnum:32}' },
  {
    kind: 'private_key_block',
    template: `-----BEGIN PRIVATE KEY-----\n${LINES.join('\n')}\n-----END PRIVATE KEY-----`,
  },
  { kind: 'putty_private_key', template: `Private-Lines: 4\n${LINES.join('\n')}` },
  { kind: 'secret_field', template: 'secret={alnum:32}' },
  { kind: 'token', template: 'token={alnum:32}' },
]

const TEMPLATES: readonly Template[] = [
  ...SECRET_FORMATS.flatMap(([kind, shapes, options]) =>
    shapes.map((shape) => ({
      kind,
      template: options?.context === undefined ? shape : `the key ${shape}`,
    })),
  ),
  ...VENDOR_KEYS.flatMap(({ vendor, kind, alphabet, lengths }) =>
    lengths.map((length) => ({ kind, template: `${vendor}_api_key="{${alphabet}:${length}}"` })),
  ),
  ...OTHERS,
]

/** How many templates there are: that many in a row are all of them. */
export const TEMPLATE_COUNT = TEMPLATES.length + 1

const RUN = /\{\w+:\d+\+?(?:-\d+)?\}/g
/** What is shorter may stand anywhere by chance. */
const SHORTEST_PART = 12

/** The secret of this number: templates go round, and no two numbers give the same value. */
export function plantedSecret(number: number): PlantedSecret {
  const { kind, template } = TEMPLATES[number % TEMPLATE_COUNT] ?? basicHeader(number)
  for (let draw = 0; ; draw++) {
    const secret = drawn(kind, template, 977 * number + 131 * draw + 7)
    // Now and then chance makes a value look like a filler, which no scanner takes for a secret.
    if (draw === MOST_DRAWS || hasSecret(secret.text)) return secret
  }
}

const MOST_DRAWS = 5

function drawn(kind: string, template: string, seed: number): PlantedSecret {
  const runs: string[] = []
  const text = template.replace(RUN, (run) => {
    const one = sampleOf(run, seed + 31 * runs.length)
    runs.push(one)
    return one
  })
  const parts = runs.filter((run) => run.length >= SHORTEST_PART)
  return { kind, text, parts: parts.length === 0 ? [text] : parts }
}

/** The only one that is encoded as a whole. */
function basicHeader(number: number): Template {
  const password = sampleOf('{alnum:24}', 977 * number)
  return { kind: 'basic_auth_header', template: `Basic ${btoa(`svc:${password}`)}` }
}
