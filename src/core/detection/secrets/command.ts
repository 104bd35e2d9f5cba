import type { Detector, FunctionDetector, PatternDetector } from '../detector.ts'
import { isPlaceholder } from './placeholder.ts'

const LONGEST_COMMAND = 400
const USER = /^["']?([^\s"':]{0,128}):["']?([^\s"']{3,128})/

/** `curl -u user:password` and its like. */
const REQUEST: FunctionDetector = {
  class: 'secret',
  kind: 'command_line_password',
  keywords: [' -u ', ' --user ', ' --user=', ' -u"', " -u'", ' --proxy-user '],
  find(text, start, end, report) {
    const found = USER.exec(text.slice(end, end + 260))
    if (found === null) return end
    const command = text.slice(Math.max(0, start - LONGEST_COMMAND), start)
    if (!/\b(?:curl|wget|https?|httpie|xh)\b/.test(command)) return end
    const password = found[2] ?? ''
    const stop = end + found[0].length
    if (!isPlaceholder(password)) report(stop - password.length, stop, 0.85)
    return stop
  },
}

function command(keywords: readonly string[], pattern: RegExp): PatternDetector {
  return {
    class: 'secret',
    kind: 'command_line_password',
    keywords,
    pattern,
    check: (value) => (isPlaceholder(value) ? 0 : 0.8),
  }
}

/** Passwords that commands take behind `-p`, and those of netrc files. */
export const COMMAND_DETECTORS: readonly Detector[] = [
  REQUEST,
  command(['sshpass -p'], /sshpass -p {0,4}["']?([^\s"'$]{4,128})/dy),
  command(
    ['mysql -', 'mysqldump -'],
    /mysql(?:dump)? (?:-\S{1,64} [^\s-]\S{0,64} ){0,6}-p["']?([^\s"'$]{4,128})/dy,
  ),
  // @see https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html
  command(
    ['machine '],
    /machine\s{1,4}\S{1,128}\s{1,8}login\s{1,4}\S{1,128}\s{1,8}password\s{1,4}(\S{3,128})/diy,
  ),
]
