import * as Y from 'yjs'
import { copyOf, keyOf } from '../content.ts'
import { type ResourceKind, seed } from '../kind.ts'
import { revertMap } from '../revert.ts'
import { canvasElements, readCanvas } from './reading.ts'

/** A canvas of shapes, as Excalidraw draws them; see `element.ts` for its shape in Yjs. */
export const canvas: ResourceKind = {
  create: () => seed((doc) => doc.getMap('canvas').set('version', 1)),
  check(doc) {
    const shared = doc.share.get(canvasElements)
    if (shared === undefined) return null
    // A list or text under the same name: Yjs would read it as an empty map.
    if (shared._start !== null) return 'the elements are not a map'
    const stray = [...doc.getMap(canvasElements).values()].find((value) => !(value instanceof Y.Map))
    return stray === undefined ? null : 'an element is not a map'
  },
  text(doc) {
    const lines: string[] = []
    for (const element of readCanvas(doc)) {
      const words = element.type === 'text' ? element.originalText || element.text : element.name
      if (typeof words === 'string' && words.trim()) lines.push(words)
    }
    return lines.join('\n')
  },
  // What came later is marked as deleted, as if a person had done it: nothing ever leaves the map.
  revert(doc, past) {
    const live = doc.getMap(canvasElements)
    const was = past.getMap(canvasElements)
    for (const [id, value] of live) {
      if (was.has(id)) continue
      if (!(value instanceof Y.Map)) live.delete(id)
      else if (value.get('deleted') !== true) value.set('deleted', true)
    }
    for (const [id, before] of was) {
      const now = live.get(id)
      if (now instanceof Y.Map && before instanceof Y.Map) {
        // Deleted then and now: what else differs is nobody's to see.
        if (now.get('deleted') !== true || before.get('deleted') !== true) revertMap(now, before)
      } else if (keyOf(now) !== keyOf(before)) live.set(id, copyOf(before))
    }
  },
}
