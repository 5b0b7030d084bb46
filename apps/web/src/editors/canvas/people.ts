import type { Awareness } from 'y-protocols/awareness'
import type { Stage, StagePerson } from './excalidraw.tsx'
import { canvasPeople } from './presence.ts'

/** Shows on a stage what others select, and their laser. @returns a function that ends it */
export function followPeople(awareness: Awareness, stage: Stage): () => void {
  let last = '[]'
  function changed(): void {
    const people = canvasPeople(awareness).map(
      ({ clientId, identity, pointer, down, selected }): StagePerson => ({
        key: String(clientId),
        name: identity.name,
        color: identity.color,
        selected,
        laser: pointer?.tool === 'laser' ? { x: pointer.x, y: pointer.y, down } : null,
      }),
    )
    const now = JSON.stringify(people)
    // Pointers move many times a second; the stage need not be drawn again for them.
    if (now === last) return
    last = now
    stage.setPeople(people)
  }
  changed()
  awareness.on('change', changed)
  return () => awareness.off('change', changed)
}
