import { type ResourceKind, seed } from '../kind.ts'
import { revertMap } from '../revert.ts'
import { deckRoots } from './deck.ts'

/** A deck of slides. */
export const slides: ResourceKind = {
  create: () => seed((doc) => doc.getMap(deckRoots.deck).set('theme', 'paper')),
  check: () => null,
  text: () => '',
  revert(doc, past) {
    for (const root of Object.values(deckRoots)) revertMap(doc.getMap(root), past.getMap(root))
  },
}
