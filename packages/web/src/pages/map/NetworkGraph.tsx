import { useMantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { NetworkMap } from '@wardkeeper/contract'
import { DirectedGraph } from 'graphology'
import { useEffect, useRef, useState } from 'react'
import Sigma from 'sigma'
import { layoutSegments } from './network-layout.ts'
import { lookOf, type Paint } from './paint.ts'

/** Of a large network only the strongest lines are drawn at once; a device under the pointer shows all of its own. */
const MOST_LINES = 4000

/** The network as a picture: segments as discs, lines where devices talk. The table below it says the same. */
export function NetworkGraph({ map, paint }: { readonly map: NetworkMap; readonly paint: Paint }) {
  const place = useRef<HTMLDivElement>(null)
  const navigate = useNavigate()
  const { colorScheme } = useMantineColorScheme()
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    if (place.current === null) return undefined
    try {
      return draw(
        place.current,
        map,
        paint,
        (id) => void navigate({ to: '/assets/$id', params: { id } }),
      )
    } catch {
      setProblem(
        'This browser cannot draw the picture (it has no WebGL). The table below says the same.',
      )
      return undefined
    }
  }, [map, paint, navigate, colorScheme])
  if (problem !== undefined) return <p className="quiet">{problem}</p>
  return (
    <div
      ref={place}
      className="graph"
      role="img"
      aria-label={`Network map of ${map.nodes.length} devices; the tables below say the same`}
    />
  )
}

function draw(
  container: HTMLDivElement,
  map: NetworkMap,
  paint: Paint,
  open: (id: string) => void,
): () => void {
  const style = getComputedStyle(container)
  const line = style.getPropertyValue('--line').trim() || '#888888'
  const graph = makeGraph(map, paint, line)
  let hovered: string | undefined
  const near = new Set<string>()
  const renderer = new Sigma(graph, container, {
    allowInvalidContainer: true,
    labelColor: { color: style.color },
    labelDensity: 0.4,
    labelRenderedSizeThreshold: 9,
    hideEdgesOnMove: map.edges.length > 2000,
    zIndex: true,
    nodeReducer: (node, data) =>
      hovered === undefined || near.has(node)
        ? data
        : { ...data, color: line, label: '', zIndex: 0 },
    edgeReducer: (edge, data) => {
      if (hovered === undefined) return { ...data, hidden: data['isWeak'] === true }
      return graph.hasExtremity(edge, hovered)
        ? { ...data, hidden: false, color: style.color }
        : { ...data, hidden: true }
    },
  })
  const point = (node: string | undefined) => {
    hovered = node
    near.clear()
    if (node !== undefined) for (const one of [node, ...graph.neighbors(node)]) near.add(one)
    renderer.refresh({ skipIndexation: true })
  }
  renderer.on('enterNode', ({ node }) => point(node))
  renderer.on('leaveNode', () => point(undefined))
  renderer.on('clickNode', ({ node }) => open(node))
  return () => renderer.kill()
}

function makeGraph({ nodes, edges }: NetworkMap, paint: Paint, line: string) {
  const { places } = layoutSegments(nodes)
  const graph = new DirectedGraph()
  for (const node of nodes) {
    const at = places.get(node.id)
    if (at === undefined) continue
    const size = nodes.length > 2000 ? 3 : 6
    graph.addNode(node.id, { ...at, size, label: node.label, color: lookOf(node, paint).colour })
  }
  for (const [rank, { from, to, bytes }] of edges.entries()) {
    if (!graph.hasNode(from) || !graph.hasNode(to) || graph.hasEdge(from, to)) continue
    const size = Math.max(0.5, Math.min(4, Math.log10(bytes + 1) / 2))
    graph.addEdge(from, to, { size, color: line, isWeak: rank >= MOST_LINES })
  }
  return graph
}
