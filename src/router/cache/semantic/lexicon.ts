/** Words by which two questions that look alike ask for different things. */

/** Words that a question has for its grammar: which of them it has says little of what it asks. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a an the this that these those is are was were be been being am do does did done have has had ' +
    'can could will would shall should may might must i you he she it we they me him her us them my ' +
    'your his its our their and or but if then so as of in on at to for with by about into from than ' +
    'there here what which how please tell give show me just also very some any s t re ve ll d m'
  ).split(' '),
)

/** Also as `n't` at the end of a word. */
export const NEGATIONS: ReadonlySet<string> = new Set(
  (
    'not no never none nothing nobody nowhere neither nor without cannot cant wont dont doesnt didnt ' +
    'isnt arent wasnt werent hasnt havent hadnt shouldnt wouldnt couldnt except unless non ' +
    'nicht kein keine keinen nie niemals ohne pas jamais sans aucun nunca sin ningun ninguna não sem'
  ).split(' '),
)

/** What a question asks for, where another word would ask for something else. */
export const QUESTION_WORDS: Readonly<Record<string, string>> = {
  who: 'who',
  whom: 'who',
  whose: 'who',
  when: 'when',
  where: 'where',
  why: 'why',
}
/** After `how`. */
export const AMOUNTS: ReadonlySet<string> = new Set(
  'many much long far old often big tall fast'.split(' '),
)

const PAIRS =
  'accept/reject approve/deny approve/reject allow/deny allow/block grant/revoke enable/disable open/close ' +
  'start/stop begin/end add/remove create/delete insert/delete install/uninstall increase/decrease ' +
  'raise/lower up/down in/out left/right before/after above/below over/under first/last min/max ' +
  'minimum/maximum least/most more/less most/fewest highest/lowest largest/smallest biggest/smallest ' +
  'best/worst better/worse good/bad pros/cons advantages/disadvantages benefits/risks buy/sell ' +
  'deposit/withdraw credit/debit send/receive upload/download import/export encrypt/decrypt ' +
  'encode/decode lock/unlock login/logout subscribe/unsubscribe follow/unfollow upgrade/downgrade ' +
  'activate/deactivate connect/disconnect include/exclude true/false right/wrong correct/incorrect ' +
  'legal/illegal possible/impossible safe/unsafe safe/dangerous win/lose success/failure pass/fail ' +
  'male/female man/woman husband/wife father/mother son/daughter brother/sister old/new young/old ' +
  'hot/cold warm/cold high/low fast/slow early/late long/short big/small large/small heavy/light ' +
  'cheap/expensive free/paid public/private internal/external input/output source/target ' +
  'north/south east/west morning/evening day/night summer/winter arrive/depart arrival/departure ' +
  'domestic/international gain/loss gain/lose profit/loss hire/fire push/pull ascending/descending ' +
  'refund/charge cancel/confirm cancel/renew read/write always/sometimes all/some front/back ' +
  'indoor/outdoor single/married positive/negative inside/outside'

/** Each word with its opposites. */
export const OPPOSITES: ReadonlyMap<string, ReadonlySet<string>> = oppositesOf(PAIRS)

function oppositesOf(pairs: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const pair of pairs.split(' ')) {
    const [one = '', other = ''] = pair.split('/')
    found.set(one, (found.get(one) ?? new Set()).add(other))
    found.set(other, (found.get(other) ?? new Set()).add(one))
  }
  return found
}

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen ' +
  'sixteen seventeen eighteen nineteen twenty'
const ORDINALS = 'zeroth first second third fourth fifth sixth seventh eighth ninth tenth'
const CALENDAR =
  'january february march april june july august september october november december monday tuesday ' +
  'wednesday thursday friday saturday sunday today tomorrow yesterday tonight'

/** Words that stand for a number or a day, each with what it stands for. */
export const VALUES: ReadonlyMap<string, string> = new Map([
  ...SMALL.split(' ').map((word, value): [string, string] => [word, String(value)]),
  ...ORDINALS.split(' ').map((word, value): [string, string] => [word, String(value)]),
  ...CALENDAR.split(' ').map((word): [string, string] => [word, word]),
  ...['hundred', 'thousand', 'million', 'billion', 'half', 'twice', 'double'].map(
    (word): [string, string] => [word, word],
  ),
])
