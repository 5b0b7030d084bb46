import { colorOf, presenceColors } from '@realtime/contracts'
import type { Session } from './session.ts'

/**
 * The colour of somebody in a room: their own everywhere, unless another person in the room has it already; then one
 * that nobody has, or the rarest.
 */
export function colorFor(session: Session, others: Iterable<Session>): string {
  const own = colorOf(session.identity.id)
  const holders = new Map<string, Set<string>>()
  for (const { identity } of others) {
    if (identity.id === session.identity.id) return identity.color
    const people = holders.get(identity.color) ?? new Set()
    holders.set(identity.color, people.add(identity.id))
  }
  const first = (presenceColors as readonly string[]).indexOf(own)
  let best = own
  for (let step = 0; step < presenceColors.length; step++) {
    const color = presenceColors[(first + step) % presenceColors.length] ?? own
    if ((holders.get(color)?.size ?? 0) < (holders.get(best)?.size ?? 0)) best = color
  }
  return best
}
