import type { Mark, Node } from '@tiptap/pm/model'
import type { ReactNode } from 'react'

/**
 * An answer as it would look in the document, but inert: links lead nowhere and show where they would, and nothing is
 * fetched. Elements are made one by one, so no markup of the answer is ever taken for ours.
 */
export function AnswerView({ answer }: { answer: Node }) {
  return <>{childrenOf(answer)}</>
}

function childrenOf(node: Node): ReactNode[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: blocks of an answer have no names, and only grow
  return node.children.map((child, index) => <Block key={index} node={child} />)
}

function Block({ node }: { node: Node }): ReactNode {
  switch (node.type.name) {
    case 'text':
      return node.marks.reduce<ReactNode>((inner, mark) => marked(mark, inner, node.text ?? ''), node.text)
    case 'paragraph':
      return <p>{childrenOf(node)}</p>
    case 'heading':
      // Not a heading of this page.
      return <Heading level={Number(node.attrs.level)}>{childrenOf(node)}</Heading>
    case 'bulletList':
      return <ul>{childrenOf(node)}</ul>
    case 'orderedList':
      return <ol start={Number(node.attrs.start ?? 1)}>{childrenOf(node)}</ol>
    case 'taskList':
      return <ul data-type="taskList">{childrenOf(node)}</ul>
    case 'listItem':
      return <li>{childrenOf(node)}</li>
    case 'taskItem':
      return (
        <li data-checked={String(node.attrs.checked === true)}>
          <label>
            <input
              type="checkbox"
              disabled
              checked={node.attrs.checked === true}
              readOnly
              aria-label={node.textContent}
            />
          </label>
          <div>{childrenOf(node)}</div>
        </li>
      )
    case 'blockquote':
      return <blockquote>{childrenOf(node)}</blockquote>
    case 'codeBlock':
      return (
        <pre>
          <code>{node.textContent}</code>
        </pre>
      )
    case 'horizontalRule':
      return <hr />
    case 'hardBreak':
      return <br />
    default:
      return node.isTextblock ? <p>{childrenOf(node)}</p> : <div>{childrenOf(node)}</div>
  }
}

function Heading({ level, children }: { level: number; children: ReactNode }) {
  const sizes = ['text-[1.35rem]', 'text-[1.15rem]', 'text-[1.02rem]']
  return <p className={`ai-heading ${sizes[level - 1] ?? sizes[2]}`}>{children}</p>
}

function marked(mark: Mark, inner: ReactNode, text: string): ReactNode {
  switch (mark.type.name) {
    case 'bold':
      return <strong>{inner}</strong>
    case 'italic':
      return <em>{inner}</em>
    case 'underline':
      return <u>{inner}</u>
    case 'strike':
      return <s>{inner}</s>
    case 'code':
      return <code>{inner}</code>
    case 'link': {
      const href = String(mark.attrs.href ?? '')
      return (
        <>
          <span className="ai-link">{inner}</span>
          {text === href ? null : <span className="ai-address"> ({href})</span>}
        </>
      )
    }
    default:
      return inner
  }
}
