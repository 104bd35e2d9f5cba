import type { Finding } from '../../core/model/finding.ts'
import type { Definition } from './definition.ts'
import { definitionFinding } from './finding.ts'
import { createMentions, type Mention } from './mentions.ts'
import { createNearNames, type NamedTool, type Near, type Nearness } from './near-names.ts'
import { findInTexts } from './poisoned-texts.ts'

/** What is wrong with a definition, alone and beside those of other tools. */
export interface DefinitionFindings {
  of(named: NamedTool, definition: Definition): readonly Finding[]
  forget(named: NamedTool): void
}

export function createFindings(): DefinitionFindings {
  const names = createNearNames()
  const mentions = createMentions()
  const known = new Set<string>()
  return {
    of(named, definition) {
      const key = full(named)
      const near = known.has(key) ? [] : names.add(named)
      known.add(key)
      return [
        ...findInTexts(key, definition),
        ...near.map((one) => shadowing(named, one)),
        ...mentions.add(named, definition).map(mentioning),
      ]
    },
    forget(named) {
      known.delete(full(named))
      names.delete(named)
      mentions.delete(named)
    },
  }
}

function full({ server, tool }: NamedTool): string {
  return `${server}.${tool}`
}

/** How sure it is that one is meant to be taken for the other. */
const SURENESS: Readonly<Record<Nearness, number>> = {
  'same name': 0.3,
  'same but for case and separators': 0.5,
  'one letter off': 0.6,
  'looks alike': 0.8,
}

function shadowing(named: NamedTool, { nearness, ...other }: Near): Finding {
  const confidence = SURENESS[nearness]
  return definitionFinding(
    'tool_poisoning_indicator',
    confidence < 0.6 ? 'low' : 'medium',
    confidence,
    `\`${full(named)}\` may be taken for \`${full(other)}\`: ${nearness}`,
  )
}

function mentioning({ by, of }: Mention): Finding {
  return definitionFinding(
    'tool_poisoning_indicator',
    'medium',
    0.6,
    `the description of \`${full(by)}\` names \`${full(of)}\`, a tool of another server`,
  )
}
