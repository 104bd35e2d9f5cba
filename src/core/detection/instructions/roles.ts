/**
 * What a word or a phrase does in a sentence, one bit each. The lexicons give words their roles;
 * the sentence rules look only at roles, so that a rule holds in every language.
 */
export const Role = {
  /** Drop, ignore, forget: the object follows. */
  ignore: 1 << 0,
  /** The same in languages whose object stands before the verb. */
  ignoreLast: 1 << 1,
  /** Previous, above, so far. */
  prior: 1 << 2,
  /** Instructions, prompt, rules. */
  rules: 1 << 3,
  /** All, everything. */
  everything: 1 << 4,
  /** A phrase that puts one task in place of another. */
  newTask: 1 << 5,
  /** Adhere, obey, follow. */
  follow: 1 << 6,
  /** A name of the model, or of what it is. */
  model: 1 << 7,
  /** You, your. */
  you: 1 << 8,
  /** Must, please, have to. */
  must: 1 << 9,
  /** Claims to come from somebody who may order. */
  authority: 1 << 10,
  /** Not, never. */
  not: 1 << 11,
  /** Tell, mention, reveal. */
  tell: 1 << 12,
  /** The person behind the agent. */
  user: 1 << 13,
  /** Silently, without asking. */
  secrecy: 1 << 14,
  /** Send, forward, transfer. */
  send: 1 << 15,
  /** Any other order that an agent can carry out. */
  act: 1 << 16,
  /** Passwords, keys, numbers of cards and passports. */
  secret: 1 << 17,
  /** Messages, files, money. */
  goods: 1 << 18,
  /** Where to: an address, a link, an account. */
  destination: 1 << 19,
  /** Another identity, limits gone. */
  persona: 1 << 20,
  /** The same, but also common in honest prompts. */
  personaWeak: 1 << 21,
  /** Say, print, answer. */
  say: 1 << 22,
  /** Exactly, only, verbatim. */
  exact: 1 << 23,
  /** "Reading this", "processing this page". */
  reader: 1 << 24,
  /** The task is complete. */
  done: 1 << 25,
  /** What may stand before an imperative. */
  filler: 1 << 26,
  /** Explain, what does, how do: talk about a thing, not an order. */
  discuss: 1 << 27,
  /** A file that holds secrets. */
  path: 1 << 28,
  /** Instead, first. */
  instead: 1 << 29,
  /** Who speaks in a transcript: counts where a colon follows at the start of a line. */
  label: 1 << 30,
  /** A word of an instruction in rot13 or spelled backwards. */
  cipher: 1 << 31,
} as const

export type RoleName = keyof typeof Role

/**
 * Words of one language by role. Entries are lower case without accents, separated by blanks;
 * `_` stands for the gap between two words, and a final `*` lets the word go on.
 */
export type Lexicon = Readonly<Partial<Record<RoleName, string>>>
