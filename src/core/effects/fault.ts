/**
 * Why a call could not be made safe. It denies the call, so `message` says what was found and what
 * to do; never an argument's value.
 */
export class EffectFault extends Error {
  override readonly name = 'EffectFault'
}
