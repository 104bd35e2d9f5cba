import type { Detector } from '../detector.ts'
import { BASIC_DETECTOR, BEARER_DETECTOR } from './authorization.ts'
import { AWS_SECRET_DETECTOR } from './aws-secret.ts'
import { COMMAND_DETECTORS } from './command.ts'
import { DISCORD_DETECTOR } from './discord.ts'
import { FIELD_DETECTOR } from './field.ts'
import { CLOUD_FORMATS } from './formats/cloud.ts'
import { CODE_HOSTING_FORMATS } from './formats/code-hosting.ts'
import { INFRASTRUCTURE_FORMATS } from './formats/infrastructure.ts'
import { MESSAGING_FORMATS } from './formats/messaging.ts'
import { MODEL_PROVIDER_FORMATS } from './formats/model-provider.ts'
import { PAYMENT_FORMATS } from './formats/payment.ts'
import { SERVICE_FORMATS } from './formats/service.ts'
import { JWT_DETECTOR } from './jwt.ts'
import { KEY_BLOCK_DETECTOR, PUTTY_KEY_DETECTOR } from './key-block.ts'
import { type Format, formatDetectors } from './shape.ts'
import { WEB_ADDRESS_DETECTOR } from './web-address.ts'

/** Formats that a prefix or another literal gives away. */
export const SECRET_FORMATS: readonly Format[] = [
  ...CLOUD_FORMATS,
  ...CODE_HOSTING_FORMATS,
  ...INFRASTRUCTURE_FORMATS,
  ...PAYMENT_FORMATS,
  ...MODEL_PROVIDER_FORMATS,
  ...MESSAGING_FORMATS,
  ...SERVICE_FORMATS,
]

let built: readonly Detector[] | undefined

/** Built when first asked for, and immutable from then on. */
export function secretDetectors(): readonly Detector[] {
  built ??= [
    ...formatDetectors(SECRET_FORMATS),
    AWS_SECRET_DETECTOR,
    JWT_DETECTOR,
    KEY_BLOCK_DETECTOR,
    PUTTY_KEY_DETECTOR,
    WEB_ADDRESS_DETECTOR,
    DISCORD_DETECTOR,
    BEARER_DETECTOR,
    BASIC_DETECTOR,
    ...COMMAND_DETECTORS,
    FIELD_DETECTOR,
  ]
  return built
}
