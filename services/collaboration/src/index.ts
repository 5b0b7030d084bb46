import { createLog, createMetrics, type Running, serve, serviceCaller, userTokens } from '@realtime/kit'
import { Router } from 'express'
import { Gauge } from 'prom-client'
import { Access } from './access.ts'
import type { CollaborationConfig } from './config.ts'
import { Joins } from './joins.ts'
import { Rooms } from './rooms.ts'
import { Sockets } from './sockets.ts'
import { documentStore } from './store.ts'
import { warmUp } from './warming.ts'

export { type CollaborationConfig, collaborationConfig } from './config.ts'

/** Milliseconds that updates under way get to be committed when the service stops. */
const FLUSH_MS = 5_000

/** Starts the collaboration service: Socket.IO in front, the document service behind. */
export async function start(config: CollaborationConfig): Promise<Running> {
  warmUp()
  const log = createLog('collaboration', config.LOG_LEVEL)
  const tokens = userTokens({ authUrl: config.AUTH_URL, publicUrl: config.PUBLIC_URL })
  const caller = serviceCaller({
    from: 'collaboration',
    to: 'document',
    url: config.DOCUMENT_INTERNAL_URL,
    secret: config.DOCUMENT_SERVICE_SECRET,
  })
  const store = documentStore(caller, log)
  const rooms = new Rooms(store, log)
  const access = new Access(rooms, store, log)
  const joins = new Joins(rooms, store)
  const sockets = new Sockets({ tokens, rooms, joins, log })
  const unfollow = store.follow({
    appended: (document, seq) => rooms.heard(document, seq),
    access: (news) => access.heard(news),
    listening(told) {
      rooms.listening(told)
      access.listening(told)
    },
  })
  const metrics = createMetrics('collaboration')
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [metrics.registry],
      collect() {
        this.set(read())
      },
    })
  gauge('collaboration_rooms', 'Open documents', () => rooms.size)
  gauge('collaboration_sockets', 'Connections', () => sockets.count)
  return serve({
    name: 'collaboration',
    log,
    metrics,
    listen: config.COLLABORATION_LISTEN,
    internalListen: config.COLLABORATION_INTERNAL_LISTEN,
    routes: Router(),
    attach: (server) => sockets.attach(server),
    async drain() {
      unfollow()
      access.stop()
      joins.stop()
      await rooms.stop(FLUSH_MS)
      await sockets.stop()
      store.stop()
    },
    async stop() {
      tokens.stop()
    },
  })
}
