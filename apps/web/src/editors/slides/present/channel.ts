import { useCallback, useEffect, useEffectEvent, useRef } from 'react'
import { z } from 'zod'

// A show and its presenter windows are pages of one browser: they speak with each other without any server.

const simple = z.enum(['next', 'previous', 'first', 'last', 'black'])
export type RemoteCommand = z.infer<typeof command>
const command = z.union([simple, z.object({ goto: z.number().int().min(1).max(100_000) })])

const message = z.discriminatedUnion('type', [
  /** Of a show: where it is. */
  z.object({
    type: z.literal('state'),
    slide: z.string().max(64).nullable(),
    black: z.boolean(),
    /** How many people follow. */
    followers: z.number().int().nonnegative(),
  }),
  /** Of a show that closes. */
  z.object({ type: z.literal('bye') }),
  /** Of a presenter window: asks for the state. */
  z.object({ type: z.literal('hello') }),
  /** Of a presenter window. */
  z.object({ type: z.literal('command'), command }),
])
export type ShowMessage = z.infer<typeof message>

/**
 * Joins the channel of a person's show of a deck; `farewell` is said at the end, also of the page.
 * @returns a function that speaks on it
 */
export function useShowChannel(
  documentId: string,
  user: string,
  onMessage: (message: ShowMessage) => void,
  farewell: ShowMessage | null,
): (said: ShowMessage) => void {
  const channel = useRef<BroadcastChannel | null>(null)
  const heard = useEffectEvent(onMessage)
  const part = useEffectEvent(() => {
    if (farewell) channel.current?.postMessage(farewell)
  })
  useEffect(() => {
    if (typeof BroadcastChannel === 'undefined') return
    const opened = new BroadcastChannel(`realtime.show/${documentId}/${user}`)
    channel.current = opened
    opened.onmessage = (event) => {
      const read = message.safeParse(event.data)
      if (read.success) heard(read.data)
    }
    const leaving = () => part()
    window.addEventListener('pagehide', leaving)
    return () => {
      window.removeEventListener('pagehide', leaving)
      part()
      channel.current = null
      opened.close()
    }
  }, [documentId, user])
  return useCallback((said) => channel.current?.postMessage(said), [])
}
