import {
  colorVariable,
  type DeckElement,
  type ImageElement,
  isBlank,
  type LineElement,
  promptOf,
  type ShapeElement,
  type TextElement,
} from '@realtime/resources'
import { ImageOff } from 'lucide-react'
import { type CSSProperties, memo, type ReactNode } from 'react'
import type { FileUrl, Images } from './file-links.ts'
import { lineGeometry } from './line.ts'
import { shapeGeometry } from './shape.ts'
import { StaticText } from './static-text.tsx'
import { textBoxStyle, textPadding } from './text-style.ts'
import { useText } from './use-text.ts'
import './slide-text.css'

export interface ElementViewProps {
  element: DeckElement
  /** Of the slide, for the words of empty boxes. */
  layout: string
  images: Images
  /** Whether links can be followed. */
  links: boolean
  /** Whether empty boxes say what they are for. */
  prompts: boolean
  /** Stands in the place of the text while somebody writes it here. */
  editing?: ReactNode
}

/** One element at its place on the stage. */
export const ElementView = memo(function ElementView(props: ElementViewProps) {
  const { element } = props
  return (
    <div data-element={element.id} data-type={element.type} style={boxStyle(element)}>
      {element.type === 'text' ? (
        <TextBox {...props} element={element} />
      ) : element.type === 'shape' ? (
        <ShapeBox {...props} element={element} />
      ) : element.type === 'image' ? (
        <ImageBox element={element} url={props.images(element.file)} />
      ) : (
        <LineBox element={element} />
      )}
    </div>
  )
})

/** Where an element stands. */
export function boxStyle(element: DeckElement): CSSProperties {
  return {
    position: 'absolute',
    left: element.x,
    top: element.y,
    width: element.width,
    height: element.height,
    ...(element.rotation ? { transform: `rotate(${element.rotation}deg)` } : {}),
    ...(element.opacity < 1 ? { opacity: element.opacity } : {}),
  }
}

function TextBox({
  element,
  layout,
  links,
  prompts,
  editing,
}: ElementViewProps & { element: TextElement | ShapeElement }) {
  const blocks = useText(element.text)
  const prompt = prompts && element.type === 'text' && isBlank(element.text) ? promptOf(layout, element.role) : null
  return (
    <div style={textBoxStyle(element)}>
      {editing ?? (
        <div className="slide-text" data-font={element.font}>
          {prompt === null ? (
            <StaticText blocks={blocks} links={links} />
          ) : (
            <p aria-hidden style={{ opacity: 0.45, fontWeight: element.bold ? 600 : undefined }}>
              {prompt}
            </p>
          )}
        </div>
      )}
    </div>
  )
}

function ShapeBox(props: ElementViewProps & { element: ShapeElement }) {
  const { element } = props
  const { width, height, strokeWidth } = element
  const { path, inset } = shapeGeometry(element.form, width, height)
  const stroked = element.stroke !== null && strokeWidth > 0
  const pad = textPadding(element)
  return (
    <>
      <svg aria-hidden width={width} height={height} style={{ position: 'absolute', inset: 0, overflow: 'visible' }}>
        <path
          d={path}
          style={{
            fill: element.fill === null ? 'none' : colorVariable(element.fill),
            stroke: stroked ? colorVariable(element.stroke) : 'none',
            strokeWidth,
            strokeLinejoin: 'round',
          }}
        />
      </svg>
      <div
        style={{
          position: 'absolute',
          left: inset.left + pad.x,
          top: inset.top + pad.y,
          right: inset.right + pad.x,
          bottom: inset.bottom + pad.y,
        }}
      >
        <TextBox {...props} />
      </div>
    </>
  )
}

function ImageBox({ element, url }: { element: ImageElement; url: FileUrl }) {
  if (url)
    return (
      // biome-ignore lint/performance/noImgElement: the address is signed and short-lived, nothing for an optimiser to keep
      <img
        src={url}
        alt={element.alt}
        draggable={false}
        decoding="async"
        style={{ display: 'block', width: '100%', height: '100%', maxWidth: 'none', objectFit: 'fill' }}
      />
    )
  const missing = url === null
  return (
    <div
      role="img"
      aria-label={element.alt || (missing ? 'Missing image' : 'Image')}
      style={{
        display: 'grid',
        placeItems: 'center',
        width: '100%',
        height: '100%',
        background: 'var(--deck-surface)',
        color: 'var(--deck-muted)',
      }}
    >
      {missing ? <ImageOff size={Math.max(12, Math.min(36, element.width / 3, element.height / 3))} /> : null}
    </div>
  )
}

function LineBox({ element }: { element: LineElement }) {
  const { from, to, heads } = lineGeometry(element)
  const color = colorVariable(element.stroke)
  const { width, height, strokeWidth } = element
  return (
    <svg
      aria-hidden
      width={Math.max(1, width)}
      height={Math.max(1, height)}
      style={{ position: 'absolute', inset: 0, overflow: 'visible' }}
    >
      <line
        x1={from[0]}
        y1={from[1]}
        x2={to[0]}
        y2={to[1]}
        style={{ stroke: color, strokeWidth }}
        strokeDasharray={element.dashed ? `${strokeWidth * 4} ${strokeWidth * 3}` : undefined}
      />
      {heads ? <path d={heads} style={{ fill: color }} /> : null}
    </svg>
  )
}
