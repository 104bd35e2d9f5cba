/** What the forms say of where a record came from. */
export interface SiemOptions {
  /** The machine or service, in RFC 5424 and OCSF. @default none */
  readonly host?: string
  /** `source` of CloudEvents, a URI reference: with the id it makes an event unique. @default 'urn:callgate:audit' */
  readonly source?: string
  /**
   * Private enterprise number in the structured data of RFC 5424. The default is the one that RFC 5612
   * keeps for examples: take that of your organisation where others are on the same wire.
   * @default 32473
   */
  readonly enterpriseNumber?: number
  /** Facility of RFC 5424, 0 to 23. @default 13 (log audit) */
  readonly facility?: number
}
