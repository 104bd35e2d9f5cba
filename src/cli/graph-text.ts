import { edgeLabel, type GraphNode, labelOf, type SessionGraph } from './graph-model.ts'

/** @see https://graphviz.org/doc/info/lang.html */
export function asDot(graphs: readonly SessionGraph[]): string {
  return graphs
    .map((graph) => {
      const lines = [
        `digraph ${quoted(graph.title)} {`,
        '  rankdir=TB; node [shape=box, style="rounded,filled", fillcolor=white, fontname="sans-serif"];',
        `  label=${quoted(`${graph.title}: ${graph.disposition}`)}; labelloc=t;`,
        ...graph.nodes.map(
          (node) => `  e${node.seq} [label=${quoted(fullLabel(node))}${dotColour(node)}];`,
        ),
        ...inOrder(graph).map(
          ([one, other]) => `  e${one} -> e${other} [style=dotted, arrowhead=none];`,
        ),
        ...graph.edges.map(
          (edge) =>
            `  e${edge.from} -> e${edge.to} [label=${quoted(edgeLabel(edge))}, color=${edge.kind === 'secret' ? 'crimson' : 'darkorange'}, penwidth=${(1 + 2 * edge.confidence).toFixed(1)}, constraint=false];`,
        ),
        '}',
      ]
      return `${lines.join('\n')}\n`
    })
    .join('\n')
}

/** @see https://mermaid.js.org/syntax/flowchart.html */
export function asMermaid(graphs: readonly SessionGraph[]): string {
  return graphs
    .map((graph) => {
      const lines = [
        '---',
        `title: ${JSON.stringify(`${graph.title}: ${graph.disposition}`)}`,
        '---',
        'flowchart TB',
        ...graph.nodes.map((node) => `  e${node.seq}["${escaped(fullLabel(node))}"]`),
        ...inOrder(graph).map(([one, other]) => `  e${one} -.- e${other}`),
        ...graph.edges.map(
          (edge) => `  e${edge.from} ==>|"${escaped(edgeLabel(edge))}"| e${edge.to}`,
        ),
        ...graph.nodes
          .filter(({ rules }) => rules.length > 0)
          .map(({ seq }) => `  style e${seq} stroke:#c0143c,stroke-width:3px`),
      ]
      return `${lines.join('\n')}\n`
    })
    .join('\n')
}

function fullLabel(node: GraphNode): string {
  return [labelOf(node), ...node.rules].join('\n')
}

function dotColour({ rules, isStop, isQuestion }: GraphNode): string {
  if (isStop) return ', fillcolor="#f9d5dc", color=crimson'
  if (isQuestion) return ', fillcolor="#fdebd0", color=darkorange'
  return rules.length > 0 ? ', color=crimson' : ''
}

/** Neighbours in the order of the session. */
function inOrder({ nodes }: SessionGraph): readonly (readonly [number, number])[] {
  return nodes.slice(1).map((node, index) => [nodes[index]?.seq ?? 0, node.seq] as const)
}

function quoted(text: string): string {
  return `"${plain(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

function escaped(text: string): string {
  return plain(text)
    .replaceAll('&', '#amp;')
    .replaceAll('"', '#quot;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;')
    .replaceAll('\n', '<br/>')
}

/** Names come from recordings: no control characters get into a picture. */
function plain(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, '?')
}
