import { type PresenceIdentity, presenceIdentity } from '@realtime/contracts'
import type { Awareness } from 'y-protocols/awareness'
import { z } from 'zod'

/** Where somebody points, in coordinates of the scene. */
export interface Pointer {
  x: number
  y: number
  tool: 'pointer' | 'laser'
}

/** Somebody else on the canvas: one window of theirs. */
export interface CanvasPerson {
  clientId: number
  identity: PresenceIdentity
  pointer: Pointer | null
  down: boolean
  selected: string[]
  idle: boolean
}

/** How often the own pointer is told at most, in milliseconds. */
const TELL_MS = 40
/** Without a move or key for so long, somebody is idle; in milliseconds. */
const IDLE_MS = 60_000
/** Most selected elements that are told: presence has a limit. */
const MOST_SELECTED = 200
const COLOR = /^#[0-9a-f]{6}$/i

const coordinate = z.number().min(-1e7).max(1e7)
const told = z.object({
  pointer: z.object({ x: coordinate, y: coordinate, tool: z.enum(['pointer', 'laser']) }).nullable(),
  down: z.boolean(),
  selected: z.array(z.string().max(100)).max(MOST_SELECTED),
  idle: z.boolean(),
})
type Told = z.infer<typeof told>

/** Tells others of the own pointer and selection, in the field `canvas` of the own presence. */
export interface OwnPresence {
  point(pointer: Pointer | null, down: boolean): void
  select(ids: readonly string[]): void
  stop(): void
}

export function sharePresence(awareness: Awareness): OwnPresence {
  let mine: Told = { pointer: null, down: false, selected: [], idle: false }
  let timer: ReturnType<typeof setTimeout> | undefined
  let toldAt = Number.NEGATIVE_INFINITY
  let idleTimer: ReturnType<typeof setTimeout> | undefined

  function tell(): void {
    timer = undefined
    toldAt = performance.now()
    awareness.setLocalStateField('canvas', mine)
  }

  function change(next: Partial<Told>): void {
    const changed = { ...mine, ...next }
    if (JSON.stringify(changed) === JSON.stringify(mine)) return
    mine = changed
    timer ??= setTimeout(tell, Math.max(0, toldAt + TELL_MS - performance.now()))
  }

  function awake(): void {
    clearTimeout(idleTimer)
    idleTimer = setTimeout(() => change({ idle: true }), IDLE_MS)
    change({ idle: false })
  }

  const visibility = () => (document.hidden ? change({ idle: true }) : awake())
  const events = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const
  for (const event of events) window.addEventListener(event, awake, { passive: true })
  document.addEventListener('visibilitychange', visibility)
  awake()
  return {
    point: (pointer, down) => change({ pointer: pointer && rounded(pointer), down }),
    select: (ids) => change({ selected: ids.slice(0, MOST_SELECTED) }),
    stop() {
      clearTimeout(timer)
      clearTimeout(idleTimer)
      for (const event of events) window.removeEventListener(event, awake)
      document.removeEventListener('visibilitychange', visibility)
      awareness.setLocalStateField('canvas', null)
    },
  }
}

function rounded({ x, y, tool }: Pointer): Pointer {
  return { x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10, tool }
}

/**
 * Everybody else who is on the canvas, by window. Who they are is what the server stamped; where they point is theirs to
 * say, and left out where it makes no sense.
 */
export function canvasPeople(awareness: Awareness): CanvasPerson[] {
  const people: CanvasPerson[] = []
  for (const [clientId, state] of awareness.getStates()) {
    if (clientId === awareness.clientID) continue
    const user = presenceIdentity.safeParse(state.user)
    const canvas = told.safeParse(state.canvas)
    if (!user.success || !canvas.success) continue
    const identity = COLOR.test(user.data.color) ? user.data : { ...user.data, color: '#7c7c86' }
    people.push({ clientId, identity, ...canvas.data })
  }
  return people.sort((a, b) => a.clientId - b.clientId)
}
