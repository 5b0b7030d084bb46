import { type ResourceKind, seed } from '../kind.ts'
import { revertMap } from '../revert.ts'

/** The root map of a canvas: element id → the parts of an element. */
export const canvasElements = 'elements'

/** A canvas of shapes, as Excalidraw draws them. */
export const canvas: ResourceKind = {
  create: () => seed((doc) => doc.getMap('canvas').set('version', 1)),
  check: () => null,
  text: () => '',
  revert: (doc, past) => revertMap(doc.getMap(canvasElements), past.getMap(canvasElements)),
}
