import type { Guarded } from './guarded.ts'

/**
 * Says where the server listens, for who has started it. It ends with its standard input, and says
 * then how much was recorded.
 */
export function sayWhere(port: number, guard: Guarded | undefined): void {
  console.log(JSON.stringify({ port }))
  process.stdin.resume()
  process.stdin.once('end', () => {
    process.stdout.write(`${JSON.stringify({ recorded: guard?.recorded() ?? 0 })}\n`, () =>
      process.exit(0),
    )
  })
}
