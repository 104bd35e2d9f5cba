import type { Format } from '../shape.ts'

/**
 * Payment, banking, shops, crypto exchanges. Publishable keys (`pk_live_`) are no secrets.
 *
 * @see https://docs.stripe.com/keys
 * @see https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens
 * @see https://developer.squareup.com/docs/build-basics/access-tokens
 */
export const PAYMENT_FORMATS: readonly Format[] = [
  ['paystack_secret_key', ['sk_live_{hex:40}', 'sk_test_{hex:40}']],
  [
    'stripe_secret_key',
    ['sk_live_{alnum:16-247}', 'sk_test_{alnum:16-247}', 'sk_prod_{alnum:16-247}'],
  ],
  [
    'stripe_restricted_key',
    ['rk_live_{alnum:16-247}', 'rk_test_{alnum:16-247}', 'rk_prod_{alnum:16-247}'],
  ],
  // As many services write theirs.
  [
    'dashed_secret_key',
    ['live', 'test', 'prod'].flatMap((stage) => [
      `sk-${stage}-{alnum:16-247}-{alnum:1-64}`,
      `sk-${stage}-{alnum:16-247}`,
      `sk-${stage}-{alnum:1-64}-{alnum:16-247}`,
    ]),
    { confidence: 0.9, noWords: true },
  ],
  ['stripe_webhook_secret', ['whsec_{padded:32-64}']],
  [
    'square_access_token',
    ['EAAA{base64url:60}', 'EAAA{base64url:22-60}', 'sq0atp-{base64url:22}'],
    { confidence: 0.85 },
  ],
  ['square_oauth_secret', ['sq0csp-{base64url:43}', 'sq0csb-{base64url:43}']],
  [
    'paypal_access_token',
    ['production', 'sandbox'].map((stage) =>
      ['access_token', stage, '{lower:16}', '{hex:32}'].join('$'),
    ),
  ],
  ['adyen_api_key', ['AQE{padded:100-260}'], { confidence: 0.85 }],
  ['razorpay_key', ['rzp_live_{alnum:14}', 'rzp_test_{alnum:14}']],
  [
    'flutterwave_secret_key',
    ['FLWSECK-{hex:32}-X', 'FLWSECK_TEST-{anyhex:32}-X', 'FLWSECK_TEST-{lower:12}'],
  ],
  [
    'checkout_secret_key',
    [
      'sk_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
      'sk_test_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
      'sk_sbox_{lower:27}',
    ],
  ],
  [
    'plaid_access_token',
    [
      'access-production-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
      'access-sandbox-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
      'access-development-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
    ],
  ],
  ['duffel_token', ['duffel_live_{loose:43}', 'duffel_test_{loose:43}']],
  ['shippo_token', ['shippo_live_{anyhex:40}', 'shippo_test_{anyhex:40}']],
  ['easypost_key', ['EZAK{alnum:54}', 'EZTK{alnum:54}']],
  ['shopify_access_token', ['shpat_{anyhex:32}', 'shppa_{anyhex:32}', 'shpca_{anyhex:32}']],
  ['shopify_shared_secret', ['shpss_{anyhex:32}']],
  ['shopify_partner_token', ['prtapi_{anyhex:32}', 'shptka_{anyhex:32}', 'shpua_{anyhex:32}']],
  ['woocommerce_secret', ['cs_{hex:40}', 'ck_{hex:40}']],
  [
    'paddle_key',
    [
      'pdl_live_apikey_01{lower:24}_{alnum:22}_{alnum:3}',
      'pdl_sdbx_apikey_01{lower:24}_{alnum:22}_{alnum:3}',
      'pdl_ntfset_01{lower:24}_{base64:32}',
    ],
  ],
  ['polar_token', ['polar_oat_{alnum:40+}', 'polar_pat_{alnum:40+}']],
  [
    'ebay_production_key',
    [
      'PRD-{hex:12}-{hex:8}-{hex:4}-{hex:4}-{hex:4}',
      'SBX-{hex:12}-{hex:8}-{hex:4}-{hex:4}-{hex:4}',
    ],
  ],
]
