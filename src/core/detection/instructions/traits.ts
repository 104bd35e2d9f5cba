/** What the order of the words in a sentence shows, one bit each. */
export const Trait = {
  /** Ignore, and behind it what is to be ignored. */
  override: 1 << 0,
  /** The sentence begins with it. */
  overrideLeads: 1 << 1,
  /** Begins with an order of any kind. */
  order: 1 << 2,
  sendOrder: 1 << 3,
  sayOrder: 1 << 4,
  actOrder: 1 << 5,
  /** The model is spoken to: "you, GPT", "Assistant,". */
  spoken: 1 << 6,
  /** A role label at the start of a line. */
  label: 1 << 7,
  /** Not, then tell. */
  keepSecret: 1 << 8,
  /** Not, then follow. */
  notFollow: 1 << 9,
  /** Begins as talk about something: explain, what is. */
  talk: 1 << 10,
  question: 1 << 11,
  /** Send, then a secret, then where to. */
  sendsSecret: 1 << 12,
  /** Send, then goods, then where to. */
  sendsGoods: 1 << 13,
  /** The task is said to be complete behind a label or a ruler. */
  doneLabel: 1 << 14,
  /** Ends with a verb that orders, as in languages that put it last. */
  orderLast: 1 << 15,
  /** What is to be ignored stands close behind. */
  overrideNear: 1 << 16,
} as const
