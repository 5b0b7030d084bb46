import { colorVariable, type TextBlock, type TextRun } from '@realtime/resources'
import { type CSSProperties, Fragment, type ReactNode } from 'react'

interface StaticTextProps {
  blocks: TextBlock[]
  /** Whether links can be followed. */
  links: boolean
}

/** Text as the editing box shows it, without an editor; inside an element with `themeVariables`. */
export function StaticText({ blocks, links }: StaticTextProps) {
  return <>{rowsOf(blocks, 0, links)}</>
}

/** Blocks from a depth of lists on; deeper ones become lists in the item before them. */
function rowsOf(blocks: TextBlock[], depth: number, links: boolean): ReactNode[] {
  const rows: ReactNode[] = []
  let at = 0
  while (at < blocks.length) {
    const block = blocks[at] as TextBlock
    const from = at
    if (depthOf(block) < depth) {
      rows.push(<ParagraphView key={from} block={block} links={links} />)
      at++
      continue
    }
    // One list: all that is as deep, of one sort; deeper blocks are inside its items.
    const ordered = block.list?.ordered ?? false
    const items: TextBlock[][] = []
    while (at < blocks.length) {
      const next = blocks[at] as TextBlock
      const deep = depthOf(next)
      if (deep < depth || (deep === depth && next.list?.ordered !== ordered)) break
      const begins = deep === depth && next.list?.number !== null
      if (begins || items.length === 0) items.push([])
      items.at(-1)?.push(next)
      at++
    }
    const views = items.map((item, index) => (
      // What is shown has no state: its place is its identity.
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <li key={index}>{rowsOf(item, depth + 1, links)}</li>
    ))
    if (ordered)
      rows.push(
        <ol key={from} start={block.list?.number ?? 1}>
          {views}
        </ol>,
      )
    else rows.push(<ul key={from}>{views}</ul>)
  }
  return rows
}

/** -1 outside of lists. */
function depthOf(block: TextBlock): number {
  return block.list ? block.list.depth : -1
}

function ParagraphView({ block, links }: { block: TextBlock; links: boolean }) {
  const { runs } = block
  return (
    <p>
      {runs.map((run, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what is shown has no state
        <Fragment key={index}>{runView(run, links)}</Fragment>
      ))}
      {/* An empty line is as high as one with words, and a break at the end opens one. */}
      {runs.every((run) => run.text === '') || runs.at(-1)?.text.endsWith('\n') ? <br /> : null}
    </p>
  )
}

function runView(run: TextRun, links: boolean): ReactNode {
  const lines = [run.underline ? 'underline' : '', run.strike ? 'line-through' : ''].filter(Boolean).join(' ')
  const style: CSSProperties = {
    ...(run.color ? { color: colorVariable(run.color) } : {}),
    ...(lines ? { textDecorationLine: lines } : {}),
  }
  let view: ReactNode = Object.keys(style).length > 0 ? <span style={style}>{run.text}</span> : run.text
  if (run.italic) view = <em>{view}</em>
  if (run.bold) view = <strong>{view}</strong>
  if (!run.link) return view
  return links ? (
    <a href={run.link} target="_blank" rel="noopener noreferrer nofollow">
      {view}
    </a>
  ) : (
    <span className="slide-link">{view}</span>
  )
}
