import type pg from 'pg'
import { clientConfig, quote } from './connect.ts'
import { connectClient } from './reach.ts'

export type ListenInput = {
  /** A direct URL: LISTEN does not survive a pooler in transaction mode. */
  url: string
  role?: string | null
  channel: string
}

/** `up` follows each (re)connection: whatever was notified before it may be missing, so read the tables again. */
export type ListenState = 'up' | 'down'

export type Listener = {
  /** Resolves when first connected. */
  ready: Promise<void>
  close(): Promise<void>
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5000
const CHECK_EVERY_MS = 10_000

/** LISTENs on one channel over a connection of its own, for as long as it takes: reconnects until closed. */
export function listen(
  { url, role = null, channel }: ListenInput,
  onMessage: (payload: string) => void,
  onState: (state: ListenState) => void = () => undefined,
): Listener {
  const config: pg.ClientConfig = { ...clientConfig({ url, role }), query_timeout: 5000 }
  let closed = false
  let client: pg.Client | null = null
  let timer: NodeJS.Timeout | undefined
  let pause = FIRST_PAUSE_MS
  let markReady: () => void = () => undefined
  const ready = new Promise<void>((resolve) => {
    markReady = resolve
  })

  const connect = async (): Promise<void> => {
    let opened: pg.Client | null = null
    try {
      opened = await connectClient(config)
      if (closed) return void opened.end().catch(() => undefined)
      opened.on('notification', (message) => onMessage(message.payload ?? ''))
      await opened.query(`LISTEN ${quote(channel)}`)
      if (closed) return void opened.end().catch(() => undefined)
    } catch {
      opened?.end().catch(() => undefined)
      return again()
    }
    client = opened
    pause = FIRST_PAUSE_MS
    client.once('end', () => lost(opened))
    client.once('error', () => lost(opened))
    check(opened)
    markReady()
    onState('up')
  }

  const lost = (which: pg.Client): void => {
    if (client !== which) return
    client = null
    clearTimeout(timer)
    which.end().catch(() => undefined)
    if (closed) return
    onState('down')
    again()
  }

  const again = (): void => {
    if (closed) return
    // Spread out, so that many services do not return to a struggling server in step.
    timer = setTimeout(() => void connect(), pause * (0.75 + Math.random() / 2))
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
  }

  // A connection whose other end vanished without a word is found by asking.
  const check = (which: pg.Client): void => {
    timer = setTimeout(() => {
      which.query('SELECT 1').then(
        () => client === which && check(which),
        () => lost(which),
      )
    }, CHECK_EVERY_MS)
    timer.unref()
  }

  void connect()
  return {
    ready,
    async close() {
      closed = true
      clearTimeout(timer)
      const open = client
      client = null
      await open?.end().catch(() => undefined)
    },
  }
}
