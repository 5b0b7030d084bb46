import type { DeckElement } from '@realtime/resources'

/** Frames around elements that are selected but cannot be dragged now. */
export function Outlines({ elements, scale }: { elements: readonly DeckElement[]; scale: number }) {
  return elements
    .filter(({ type }) => type !== 'line')
    .map(({ id, x, y, width, height, rotation }) => (
      <div
        key={id}
        className="pointer-events-none absolute rounded-[1px] ring-2 ring-primary"
        style={{
          left: x * scale,
          top: y * scale,
          width: width * scale,
          height: height * scale,
          transform: rotation ? `rotate(${rotation}deg)` : undefined,
        }}
      />
    ))
}
