import { bytesOf, type StoredAnswer } from '../stored-answer.ts'
import type { Features } from './guards.ts'

/** A question that was asked, and the answer to it from the second time on. */
export interface AskedQuestion {
  readonly id: string
  readonly partition: string
  readonly vector: Float32Array
  readonly features: Features
  readonly answer: StoredAnswer | undefined
  /** Epoch milliseconds: when it was asked, and from when on it counts no more. */
  readonly at: number
  readonly until: number
}

/** Questions by partition. Where they are kept decides how long: this only finds them. */
export interface AskedQuestions {
  of(partition: string): Iterable<AskedQuestion>
  keep(question: AskedQuestion): void
  /** One that is no longer kept. */
  forget(question: AskedQuestion): void
}

export interface KeepingQuestions {
  /** Most of one partition. */
  readonly most: number
  put(question: AskedQuestion, bytes: number): void
  drop(id: string): void
}

export function createAskedQuestions({ most, put, drop }: KeepingQuestions): AskedQuestions {
  const byPartition = new Map<string, Map<string, AskedQuestion>>()
  return {
    of: (partition) => byPartition.get(partition)?.values() ?? [],
    keep(question) {
      const list = byPartition.get(question.partition) ?? new Map<string, AskedQuestion>()
      byPartition.set(question.partition, list)
      list.set(question.id, question)
      put(question, sizeOf(question))
      for (const oldest of list.keys()) {
        if (list.size <= most) break
        drop(oldest)
      }
    },
    forget(question) {
      const list = byPartition.get(question.partition)
      if (list?.get(question.id) !== question) return
      list.delete(question.id)
      if (list.size === 0) byPartition.delete(question.partition)
    },
  }
}

/** Roughly. The words of a question are kept several times over. */
function sizeOf({ vector, features, answer }: AskedQuestion): number {
  const words = 8 * features.length + 512
  return vector.byteLength + words + (answer === undefined ? 0 : bytesOf(answer))
}
