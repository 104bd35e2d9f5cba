import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coversResource } from '../policy/selectors.ts'
import { referenceRoute, type WrittenRouter } from './evaluate-route.reference.ts'
import { evaluateRoute, needsClassifying } from './evaluate-route.ts'
import {
  catalogArbitrary,
  classificationArbitrary,
  routeArbitrary,
  routesOf,
  sectionArbitrary,
  viewArbitrary,
} from './view.fixture.ts'

// CALLGATE_CASES=100000 in CI; every section meets a list of views.
const VIEWS = 20
const RUNS = { numRuns: Math.ceil(Number(process.env['CALLGATE_CASES'] ?? 10_000) / (VIEWS / 2)) }
const views = fc.array(viewArbitrary, { minLength: 1, maxLength: VIEWS, size: 'max' })

/** The models in order; none where nothing may answer. */
function modelsOf(choice: ReturnType<typeof evaluateRoute>): readonly string[] {
  return choice.target === undefined ? [] : [choice.target, ...choice.fallbacks]
}

describe('evaluateRoute, for any policy, request and catalogue', () => {
  it('chooses what its naive twin chooses', () => {
    fc.assert(
      fc.property(sectionArbitrary, views, catalogArbitrary, (section, all, catalog) => {
        const routes = routesOf(section)
        for (const view of all) {
          const choice = evaluateRoute(routes, view, catalog)
          const twin = referenceRoute(section as unknown as WrittenRouter, view, catalog) // as the arbitrary writes it
          expect(modelsOf(choice)).toEqual(twin.models)
          if (choice.target !== undefined) expect(choice.route).toBe(twin.route)
        }
      }),
      RUNS,
    )
  })

  it('names no model twice, and none outside the list to a session with restricted data', () => {
    fc.assert(
      fc.property(sectionArbitrary, views, catalogArbitrary, (section, all, catalog) => {
        const routes = routesOf(section)
        for (const view of all) {
          const models = modelsOf(evaluateRoute(routes, view, catalog))
          expect(new Set(models).size).toBe(models.length)
          const { restricted } = routes
          if (restricted === undefined || !view.session.tainted) continue
          for (const model of models) {
            const resource = { name: `model:${model}`, server: undefined }
            expect(restricted.some((selector) => coversResource(selector, resource))).toBe(true)
          }
        }
      }),
      RUNS,
    )
  })

  it('chooses the same whatever stands behind the route that is taken', () => {
    fc.assert(
      fc.property(
        fc.tuple(sectionArbitrary, routeArbitrary),
        views,
        catalogArbitrary,
        ([section, added], all, catalog) => {
          const { routes: list } = section as unknown as WrittenRouter // as the arbitrary writes it
          const routes = routesOf(section)
          const more = routesOf({ ...section, routes: [...list, added] } as typeof section) // the same form
          for (const view of all) {
            const choice = evaluateRoute(routes, view, catalog)
            const taken = choice.considered.findIndex(({ matched }) => matched)
            if (taken < 0 || taken >= list.length) continue
            expect(evaluateRoute(more, view, catalog)).toEqual(choice)
          }
        },
      ),
      RUNS,
    )
  })

  it('needs no classification where none would change the models', () => {
    let settled = 0
    fc.assert(
      fc.property(
        sectionArbitrary,
        views,
        fc.tuple(catalogArbitrary, fc.array(classificationArbitrary, { minLength: 5 })),
        (section, all, [catalog, classifications]) => {
          const routes = routesOf(section)
          for (const view of all) {
            if (needsClassifying(routes, view)) continue
            const models = modelsOf(evaluateRoute(routes, view, catalog))
            for (const classification of classifications) {
              const other = evaluateRoute(routes, { ...view, classification }, catalog)
              expect(modelsOf(other)).toEqual(models)
              settled++
            }
          }
        },
      ),
      RUNS,
    )
    expect(settled).toBeGreaterThan(RUNS.numRuns)
  })
})
