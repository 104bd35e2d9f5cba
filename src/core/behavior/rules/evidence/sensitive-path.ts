import { wordSet } from './words.ts'

/** What kind of thing a sensitive path holds. */
export type SensitivePath = 'credentials' | 'system' | 'persistence'

/**
 * Names a path that holds credentials or the system's own data, or that something put there would be
 * run from (`persistence`: only writing there matters). Public keys, samples and certificates are none.
 * `names` are those of the path in lower case, without `.` and `..`.
 * @see https://attack.mitre.org/techniques/T1552/001/ credentials in files
 * @see https://attack.mitre.org/techniques/T1546/ event triggered execution
 */
export function sensitivePath(names: readonly string[]): SensitivePath | undefined {
  const name = names.at(-1)
  if (name === undefined || isHarmless(name)) return undefined
  const folder = names.at(-2) ?? ''
  if (isCredentialFile(name, folder, names))
    return names.some((part) => MADE_UP.has(part)) ? undefined : 'credentials'
  if (isSystemFile(name, names)) return 'system'
  return isStartFile(name, folder, names) ? 'persistence' : undefined
}

function isHarmless(name: string): boolean {
  if (name.endsWith('.pub') || name === 'known_hosts') return true
  return /(?:^|[._-])(?:example|sample|template|dist|defaults?|schema|stub|fixture)s?(?:$|[._-])/.test(
    name,
  )
}

// What stands in these was written for a test or as a pattern.
const MADE_UP = wordSet(
  'fixtures __fixtures__ fixture testdata test-data snapshots __snapshots__ examples samples templates',
)

const CREDENTIAL_FILES = wordSet(
  '.env .envrc .netrc _netrc .pgpass pgpass.conf .my.cnf .npmrc .pypirc .git-credentials ' +
    '.dockercfg .htpasswd .vault-token .credentials credentials.json credentials.csv ' +
    'application_default_credentials.json service-account.json service_account.json ' +
    'serviceaccountkey.json accesstokens.json azureprofile.json msal_token_cache.json ' +
    'terraform.tfstate terraform.tfstate.backup terraform.tfvars .terraformrc wallet.dat ' +
    'login.keychain login.keychain-db key4.db key3.db logins.json signons.sqlite kubeconfig ' +
    'kube.config secrets.yml secrets.yaml secrets.json secrets.toml .secrets master.key ' +
    'wp-config.php shadow- .bash_history .zsh_history .mysql_history .psql_history .python_history ' +
    'id_rsa id_dsa id_ecdsa id_ed25519 id_ecdsa_sk id_ed25519_sk identity.pem ntds.dit ' +
    'unattend.xml sysprep.xml rootkey.csv .s3cfg .boto',
)

const KEY_ENDINGS = [
  '.p12',
  '.pfx',
  '.jks',
  '.keystore',
  '.kdbx',
  '.ppk',
  '.keychain',
  '.keytab',
  '.ovpn',
]

/** A file of this name in this folder. */
const IN_FOLDER: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['.aws', wordSet('credentials config')],
  ['.kube', wordSet('config')],
  ['.docker', wordSet('config.json')],
  ['.config', wordSet('gcloud')],
  ['gcloud', wordSet('credentials.db access_tokens.db legacy_credentials')],
  ['gh', wordSet('hosts.yml')],
  ['.cargo', wordSet('credentials credentials.toml')],
  ['.gem', wordSet('credentials')],
  ['.m2', wordSet('settings.xml settings-security.xml')],
  ['.gradle', wordSet('gradle.properties')],
  ['.azure', wordSet('accesstokens.json azureprofile.json msal_token_cache.bin')],
  ['serviceaccount', wordSet('token')],
  ['secrets', wordSet('token password')],
])

const CREDENTIAL_FOLDERS = wordSet(
  '.gnupg .electrum .ethereum keychains .password-store .1password',
)
const BROWSERS = wordSet('chrome chromium brave-browser edge firefox google-chrome opera vivaldi')
const BROWSER_FILES = wordSet('cookies cookies.sqlite')

function isCredentialFile(name: string, folder: string, names: readonly string[]): boolean {
  if (CREDENTIAL_FILES.has(name) || IN_FOLDER.get(folder)?.has(name) === true) return true
  if (name.startsWith('.env.')) return true
  if (KEY_ENDINGS.some((ending) => name.endsWith(ending))) return true
  if (isPrivateKey(name, folder)) return true
  if (folder === '.ssh') return name !== 'config' && !START_FILES.has(name)
  if (names.some((part) => CREDENTIAL_FOLDERS.has(part))) return true
  return (
    names.length > 1 &&
    (BROWSER_FILES.has(name) || name === 'login data') &&
    names.some((part) => BROWSERS.has(part) || part.includes('firefox'))
  )
}

const PRIVATE_WORD =
  /(?:^|[._-])(?:id|rsa|ecdsa|ed25519|private|priv|privkey|server|client|host|tls|ssl|ca|root|master|keypair|key)(?:$|[._-]|\d)/
const KEY_FOLDERS = wordSet('private ssl tls certs pki keys letsencrypt live')

function isPrivateKey(name: string, folder: string): boolean {
  // A presentation may end in `.key` too, and a certificate in `.pem`.
  if (name.endsWith('.key')) return PRIVATE_WORD.test(name.slice(0, -4)) || KEY_FOLDERS.has(folder)
  if (!name.endsWith('.pem')) return false
  if (/(?:cert|chain|public|pub|bundle|root|ca)/.test(name)) return false
  return PRIVATE_WORD.test(name.slice(0, -4)) || folder === '.ssh' || folder === 'private'
}

/** By their last two names; a program finds them under any root it has been led out of. */
const SYSTEM_FILES = wordSet(
  'etc/passwd etc/shadow etc/gshadow etc/sudoers etc/master.passwd etc/crontab ' +
    'security/passwd config/sam config/system config/security ' +
    'repair/sam drivers/etc system32/cmd.exe windows/win.ini winnt/win.ini windows/system.ini ' +
    'inetpub/wwwroot self/environ self/cmdline self/mem self/maps proc/kcore ' +
    'log/auth.log log/secure etc/krb5.keytab web-inf/web.xml meta-inf/context.xml ' +
    'conf/tomcat-users.xml conf/httpd.conf apache2/apache2.conf httpd/httpd.conf mysql/my.cnf ' +
    'ssh/sshd_config kubernetes/admin.conf docker/daemon.json',
)
const SYSTEM_NAMES = wordSet('boot.ini win.ini docker.sock pagefile.sys hiberfil.sys autoexec.bat')

function isSystemFile(name: string, names: readonly string[]): boolean {
  if (SYSTEM_NAMES.has(name)) return true
  const folder = names.at(-2) ?? ''
  if (SYSTEM_FILES.has(`${folder}/${name}`)) return true
  if (names.includes('proc') && (name === 'environ' || name === 'mem')) return true
  if (folder === 'sudoers.d' || (folder === 'etc' && names.at(-3) === 'drivers')) return true
  return names.includes('system32') && (name === 'sam' || name === 'hosts' || name === 'cmd.exe')
}

const START_FILES = wordSet(
  'authorized_keys authorized_keys2 .bashrc .bash_profile .bash_login .profile .zshrc .zshenv ' +
    '.zprofile config.fish crontab rc.local sitecustomize.py usercustomize.py',
)
const START_FOLDERS = wordSet(
  'cron.d cron.daily cron.hourly cron.weekly launchagents launchdaemons autostart hooks startup ' +
    'profile.d init.d crontabs',
)

function isStartFile(name: string, folder: string, names: readonly string[]): boolean {
  // To look into the folder is no harm, to put something there is.
  if (START_FILES.has(name) || name === '.ssh') return true
  if (folder === 'hooks') return names.includes('.git') || names.includes('.husky')
  if (folder === 'system') return names.includes('systemd')
  return START_FOLDERS.has(folder)
}
