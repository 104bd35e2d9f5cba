import type { ResponseEvent } from '../../rule.ts'

/**
 * True where the answer says that the caller may not: access denied, a wrong PIN, an amount over the
 * limit. What is missing, malformed, too often asked for or broken is no refusal.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15.5 401 and 403
 */
export function isRefusal({ leaves, isError }: ResponseEvent): boolean {
  const looked = Math.min(leaves.length, MOST_LEAVES)
  for (let index = 0; index < looked; index++) {
    const leaf = leaves[index]
    if (leaf === undefined) continue
    if (STATUS_KEY.test(leaf.key) && STATUS.test(leaf.text)) return true
    if (!isError && !ERROR_KEY.test(leaf.key) && !STATUS_HEAD.test(leaf.text)) continue
    if (saysNo(leaf.text)) return true
  }
  return false
}

/** An error begins with what is wrong. */
const MOST_LEAVES = 8
const LONGEST = 400

const STATUS_KEY = /^(?:http_?)?(?:status|code|status_?code|error_?code)$/i
const STATUS = /^\s{0,4}(?:401|403)\s{0,4}$/
const ERROR_KEY = /^(?:error|errors|error_?message|exception|fault|denied)$/i
/** `403 Forbidden`, `HTTP 401`, `Error: 403`: where the answer is not marked as an error. */
const STATUS_HEAD = /^\s{0,4}(?:(?:http|error|status)[\s:/]{1,3}(?:1\.1 |2 )?)?(?:401|403)\b/i

function saysNo(text: string): boolean {
  const said = text.slice(0, LONGEST).toLowerCase()
  return !TOO_OFTEN.test(said) && (NO_ENGLISH.test(said) || NO_OTHER.test(said))
}

/** Too much at a time, not too much to be allowed. */
const TOO_OFTEN =
  /\b429\b|rate[\s_-]{0,2}limit|too many requests|quota|throttl|size limit|length limit|time limit/

const NO_ENGLISH =
  /^\s{0,4}(?:401|403)\b|\b(?:http|status|code|error)[ :=/]{1,3}(?:401|403)\b|\b(?:permission|access|authori[sz]ation|request|operation|privileges?) (?:was |is |has been |to .{1,60} )?(?:denied|refused|rejected|revoked)\b|\bforbidden\b|\bunauthori[sz]ed\b|\bnot (?:allowed|permitted|authori[sz]ed|entitled)\b|\b(?:no|insufficient|missing|lacks?|without) (?:the )?(?:required |sufficient )?(?:permissions?|privileges?|access|rights|authori[sz]ation|scopes?)\b|\b(?:wrong|invalid|incorrect|bad) (?:pin|password|passwd|passphrase|passcode|code|otp|credentials?|login|user ?name|secret|combination|answer|(?:access|auth|api|bearer) (?:token|key))\b|\b(?:pin|password|passcode|passphrase|otp|code) (?:is |was )?(?:wrong|incorrect|not correct|does not match)\b|\bauthentication failed\b|\bover (?:the|your|its|this) (?:\w{1,20} ){0,2}limit\b|\b(?:exceeds?|above|beyond) (?:the |your |its |this )?(?:\w{1,20} ){0,2}limit\b|\beacces\b|\beperm\b|\baccess[_ ]?denied\b|\bpermission[_ ]denied\b/

const NO_OTHER =
  /zugriff (?:wurde |ist )?verweigert|keine (?:berechtigung|rechte)|nicht (?:berechtigt|erlaubt|autorisiert|zulässig)|verboten|falsche[rs]? (?:pin|passwort|kennwort|code)|(?:pin|passwort|kennwort|code) (?:ist )?falsch|accès (?:refusé|interdit)|non autorisée?|interdit\b|mot de passe (?:incorrect|erroné|invalide)|code (?:pin )?(?:incorrect|erroné|invalide)|(?:acceso|permiso) denegado|no (?:autorizado|permitido|tiene permiso)|prohibido|(?:contraseña|clave) (?:incorrecta|inválida)|(?:pin|código) (?:incorrecto|inválido)|acesso negado|permissão negada|não (?:autorizado|permitido)|proibido|senha (?:incorreta|inválida)|accesso negato|non (?:autorizzato|consentito|permesso)|vietato|(?:password|pin) (?:errat[ao]|non valid[ao])|toegang geweigerd|geen toegang|niet toegestaan|onjuist (?:wachtwoord|pincode)|odmowa dostępu|brak uprawnień|(?:nieprawidłowe|błędne) hasło|(?:nieprawidłowy|błędny) (?:pin|kod)|доступ запрещ|нет (?:доступа|прав)|недостаточно прав|отказано|невер(?:ный|ен) (?:пин|код|пароль)|erişim (?:reddedildi|engellendi)|yetki(?:siz|niz yok)|yanlış (?:parola|şifre|pin)|拒绝访问|权限不足|无权|密码错误|アクセスが拒否|権限がありません|許可されていません|パスワードが(?:違|正しく)|액세스 거부|접근이 거부|권한이 없|비밀번호가 (?:틀|일치하지)/
