import type { JsonObject } from '../../core/model/json.ts'
import type { ModelCatalog } from '../../core/routing/catalog.ts'
import { type Price, readPrice } from '../../core/routing/cost/price.ts'

// Catalogues hand out the same object for the same model.
const PRICES = new WeakMap<JsonObject, { readonly price: Price | null }>()

/** What a model costs by the catalogue; null where nobody says, or what is said is no price. */
export function priceOf(catalog: ModelCatalog | undefined, model: string): Price | null {
  const pricing = catalog?.get(model)?.pricing ?? undefined
  if (pricing === undefined) return null
  const known = PRICES.get(pricing)
  if (known !== undefined) return known.price
  const read = readPrice(pricing)
  const price = 'fault' in read ? null : read.price
  PRICES.set(pricing, { price })
  return price
}
