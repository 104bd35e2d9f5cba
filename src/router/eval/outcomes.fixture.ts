import type { OutcomeRow } from './read-rows.ts'

/** Two models, each good at half of the prompts; the small one costs a tenth. */
export function complementary(count: number): OutcomeRow[] {
  return Array.from({ length: count }, (_, index) => {
    const isHard = index % 5 < 3
    return {
      prompt: isHard ? `integrate the function number ${index}` : `greet guest number ${index}`,
      task: undefined,
      models: {
        'vendor/large': { quality: isHard ? 1 : 0.5, cost: 0.01 },
        'vendor/small': { quality: isHard ? 0 : 1, cost: 0.001 },
      },
    }
  })
}
