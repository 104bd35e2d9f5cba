import { medianNs, row } from '../../../scripts/measure.ts'
import { classifyLocally } from './classify-locally.ts'
import { asking } from './requests.fixture.ts'

export function run(print: (line: string) => void): void {
  print('What a request is about, by the local classifier, median')
  const line = 'Write a function in Python that reads a file and counts the words of each line. '
  for (const [name, length] of [
    ['80 characters', 80],
    ['480 characters', 480],
    ['3,000 characters', 3_000],
    ['1 MB', 1_000_000],
  ] as const) {
    const request = asking(line.repeat(Math.ceil(length / line.length)).slice(0, length))
    print(
      row(
        name,
        medianNs(() => classifyLocally(request)),
        'ns',
      ),
    )
  }
}
