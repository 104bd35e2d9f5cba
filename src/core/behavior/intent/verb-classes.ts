/**
 * What people ask to be done, in classes of words that mean about the same. Every list holds the
 * whole class as a thesaurus has it, not the words of any one text. A word may be in several.
 */
export const VERB_CLASSES = [
  'send',
  'pay',
  'delete',
  'create',
  'update',
  'share',
  'hand_over',
  'move',
  'visit',
  'download',
  'buy',
  'reserve',
  'post',
  'rate',
  'log_in',
  'execute',
  'read',
  'cancel',
  'install',
  'upload',
  'accept',
  'enter',
  'control',
  'expel',
  'add',
  'disregard',
] as const
export type VerbClass = (typeof VERB_CLASSES)[number]

/** One bit of a mask. */
export function verbBit(name: VerbClass): number {
  return 1 << VERB_CLASSES.indexOf(name)
}

/** Base forms; their endings are made. What follows a `|` are nouns and irregular forms. */
export const VERBS: Readonly<Record<VerbClass, string>> = {
  send:
    'send mail email forward deliver message notify dispatch transmit relay reply respond text fax ' +
    'cc bcc dm inform contact write exfiltrate leak resend redirect broadcast ping | sent written ' +
    'wrote delivery transmission notification told',
  pay:
    'pay transfer wire remit reimburse refund deposit transact settle donate repay prepay withdraw ' +
    'disburse credit debit tip charge compensate spend | paid payment payments transaction ' +
    'transactions remittance reimbursement donation deposit withdrawal settlement payout payouts spent',
  delete:
    'delete remove erase wipe purge drop destroy clear trash discard unlink rm truncate uninstall ' +
    'eliminate del rmdir unset empty scrub shred | deletion removal erasure deleting',
  create:
    'create make generate register schedule open propose raise draft compose insert establish build ' +
    'launch write plan arrange setup prepare mkdir touch initialize init organize set fork | ' +
    'made creation registration built written arrangement',
  update:
    'update change modify edit alter replace rename reset adjust amend correct revise switch enable ' +
    'disable configure overwrite set rewrite fix convert increase decrease raise lower extend redirect ' +
    'reschedule postpone turn toggle rotate override patch upgrade downgrade renew refresh | modification adjustment alteration ' +
    'amendment correction rewritten',
  share:
    'share invite grant give permit authorize authorise allow assign promote expose disclose provide ' +
    'elevate empower delegate show release | given invitation invitations invite permission access ' +
    'authorization shared',
  hand_over:
    'transfer migrate convey cede relinquish surrender assign donate handover | ownership handover ' +
    'migration',
  move: 'move copy mv cp relocate archive duplicate clone backup restore export | backup replication',
  visit:
    'visit browse navigate render open go click follow access load goto surf tap view see check explore ' +
    'press scan fetch | visiting link went seen',
  download: 'download fetch curl wget save pull clone retrieve import grab | downloading retrieval',
  buy:
    'buy order purchase checkout acquire procure subscribe get obtain restock reorder shop trade ' +
    'invest sell add | bought got purchase purchases order orders subscription acquisition sold cart',
  reserve:
    'reserve book rent hire charter schedule | reservation reservations booking bookings rental',
  post:
    'post comment publish tweet announce review propose submit blog reply share write praise say ' +
    'retweet annotate endorse advertise open raise report release | publication announcement posting ' +
    'written praising feedback',
  rate: 'star like rate vote upvote follow unfollow unstar unlike downvote favorite favourite favour rank review recommend watch endorse react | rating vote',
  log_in:
    'login authenticate verify logon signin logout identify validate | log sign signed logged otp ' +
    'authentication verification',
  execute:
    'run execute invoke call launch start trigger perform use exec eval evaluate spawn employ utilize ' +
    'apply operate activate boot restart reboot bash shell | execution invocation ran',
  read: 'read get view list show retrieve check find search look query lookup display print cat open inspect review examine browse summarize summarise explain translate compare analyze analyse describe count calculate fetch tell extract collect gather | reading found',
  cancel:
    'cancel revoke lift waive unsubscribe terminate stop abort close deactivate suspend decline reject withdraw ' +
    'end discontinue undo rescind annul retract dismiss void | cancellation termination revocation ' +
    'deactivation suspension',
  install: 'install deploy provision setup mount npm pip apt brew | installation deployment',
  upload:
    'upload push commit attach import submit sync synchronize put publish merge | attachment upload',
  accept:
    'accept approve confirm agree sign join merge acknowledge consent enroll enrol register authorize ' +
    'authorise endorse | acceptance approval confirmation agreement',
  enter: 'enter input type fill submit insert paste provide supply complete key put | entry filled',
  control:
    'turn switch lock unlock arm disarm start stop activate deactivate enable disable open close set ' +
    'press shut power reboot restart play pause mute unmute dial call ring | activation shutdown',
  expel:
    'kick ban block expel remove mute evict dismiss fire banish blacklist exclude suspend | expulsion',
  disregard: 'ignore disregard neglect bypass skip omit overlook forget circumvent | omission',
  add: 'add append attach include insert put register join enroll enrol enlist introduce link connect associate | addition adding',
}

/**
 * Classes that a call of the first may be asked for with. `send_money` is asked for with "pay", a
 * booking tool with "make a reservation".
 */
export const RELATED: Readonly<Partial<Record<VerbClass, readonly VerbClass[]>>> = {
  send: ['share', 'post'],
  pay: ['buy', 'hand_over', 'send'],
  delete: ['expel', 'cancel'],
  create: ['add', 'reserve', 'post'],
  update: ['control', 'add'],
  share: ['add', 'send'],
  hand_over: ['share', 'move'],
  move: ['upload', 'download'],
  visit: ['enter', 'accept'],
  download: ['visit', 'install'],
  buy: ['reserve', 'pay', 'add'],
  reserve: ['buy', 'create'],
  post: ['create', 'add'],
  rate: ['post', 'add'],
  execute: ['install', 'control'],
  cancel: ['delete', 'control'],
  install: ['download', 'execute', 'add'],
  upload: ['move', 'add', 'send'],
  accept: ['visit', 'enter'],
  enter: ['visit', 'add', 'post'],
  control: ['update', 'execute'],
  expel: ['delete'],
  add: ['create', 'share'],
}
