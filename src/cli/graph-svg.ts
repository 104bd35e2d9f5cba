import { xmlText } from './format/xml.ts'
import { edgeLabel, type GraphNode, labelOf, type SessionGraph } from './graph-model.ts'

const ROW = 44
const BOX = { left: 230, width: 380, height: 30 } as const
const MARGIN = { top: 64, bottom: 28 } as const
const WIDTH = 860

/** Events from top to bottom; data that went from one to another is an arc at the left. */
export function asSvg(graph: SessionGraph): string {
  const rowOf = new Map(graph.nodes.map(({ seq }, row) => [seq, row]))
  const height = MARGIN.top + Math.max(1, graph.nodes.length) * ROW + MARGIN.bottom
  const title = `${graph.title}: session ${graph.disposition}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>${xmlText(title)}</title>`,
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#b4232f"/></marker></defs>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="24" y="34" font-size="17" font-weight="600" fill="#1c2430">${xmlText(title)}</text>`,
    ...graph.nodes.map((node, row) => nodeOf(node, row)),
    ...graph.edges.map((edge) =>
      arcOf(edge, rowOf.get(edge.from) ?? 0, rowOf.get(edge.to) ?? 0, graph.nodes.length),
    ),
    graph.hidden === 0
      ? ''
      : `<text x="24" y="${height - 10}" fill="#68727f">${graph.hidden} events without an edge are not drawn</text>`,
    '</svg>',
    '',
  ].join('\n')
}

function middle(row: number): number {
  return MARGIN.top + row * ROW + BOX.height / 2
}

function nodeOf(node: GraphNode, row: number): string {
  const y = MARGIN.top + row * ROW
  const look = lookOf(node)
  const mark = node.isStop ? 'stopped ' : node.isQuestion ? 'asked ' : ''
  const note = mark + node.rules.join(', ')
  return [
    `<rect x="${BOX.left}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" fill="${look.fill}" stroke="${look.stroke}"/>`,
    `<text x="${BOX.left + 12}" y="${y + 20}" fill="#1c2430">${xmlText(cut(labelOf(node), 48))}</text>`,
    note === ''
      ? ''
      : `<text x="${BOX.left + BOX.width + 12}" y="${y + 20}" fill="#b4232f">${xmlText(cut(note, 34))}</text>`,
  ].join('')
}

function lookOf({ direction, rules, isStop, isQuestion }: GraphNode): {
  readonly fill: string
  readonly stroke: string
} {
  if (isStop) return { fill: '#fbe3e5', stroke: '#b4232f' }
  if (isQuestion) return { fill: '#fdf0dc', stroke: '#b86e00' }
  return {
    fill: direction === 'request' ? '#eef4fc' : '#f6f7f9',
    stroke: rules.length > 0 ? '#b4232f' : '#c3cad3',
  }
}

/** The further apart, the wider the arc, so that arcs of different lengths do not cover each other. */
function arcOf(
  edge: SessionGraph['edges'][number],
  from: number,
  to: number,
  rows: number,
): string {
  const [y1, y2] = [middle(from), middle(to)]
  const reach = 30 + (150 * Math.abs(to - from)) / Math.max(2, rows)
  const x = BOX.left - reach
  const colour = edge.kind === 'secret' ? '#b4232f' : '#b86e00'
  const dashed = edge.kind === 'derived' ? ' stroke-dasharray="5 4"' : ''
  return [
    `<path d="M${BOX.left} ${y1}C${x} ${y1} ${x} ${y2} ${BOX.left} ${y2}" fill="none" stroke="${colour}" stroke-width="${(1 + 1.5 * edge.confidence).toFixed(1)}"${dashed} marker-end="url(#arrow)"/>`,
    `<text x="${(BOX.left - reach * 0.76).toFixed(0)}" y="${((y1 + y2) / 2 + 4).toFixed(0)}" text-anchor="end" fill="${colour}" font-size="12">${xmlText(edgeLabel(edge))}</text>`,
  ].join('')
}

function cut(text: string, length: number): string {
  const units = [...text.replace(/\p{C}/gu, '?')]
  return units.length <= length ? units.join('') : `${units.slice(0, length - 1).join('')}…`
}
