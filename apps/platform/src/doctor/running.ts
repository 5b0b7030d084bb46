import { wireParser } from '@realtime/client/wire'
import { call, healthApi, PROTOCOL_VERSION, type Problem, problemFrom } from '@realtime/contracts'
import { io } from 'socket.io-client'
import { type Finding, fail, ok, warn } from './finding.ts'

/** Each part behind the gateway, as the gateway sees it. */
export async function* checkHealth(url: string): AsyncGenerator<Finding> {
  try {
    const { upstreams } = await call({ baseUrl: url, name: 'gateway', timeoutMs: 5_000 }, healthApi.gateway, {})
    yield ok('gateway', `answers at ${url}`)
    for (const { name, state, latencyMs, detail } of upstreams) {
      if (state === 'up') yield ok(name, `answers in ${latencyMs} ms`)
      else if (name === 'ai') yield warn(name, detail ?? 'is off', 'All else works without it.')
      else yield fail(name, detail ?? 'is down', `The end of DATA_DIR/logs/${name}.log says why.`)
    }
  } catch (error) {
    yield fail('gateway', (error as Problem).message, 'The end of DATA_DIR/logs/gateway.log says why.')
  }
}

/**
 * A real WebSocket upgrade through the gateway. It brings no token: the refusal, in our own words, shows that the
 * whole way to collaboration works.
 */
export function checkSocket(url: string, publicUrl: string): Promise<Finding> {
  const mend = 'A proxy in front must pass WebSocket upgrades on; without one see DATA_DIR/logs/collaboration.log.'
  return new Promise((resolve) => {
    const socket = io(url, {
      transports: ['websocket'],
      parser: wireParser,
      query: { document: 'doctor', protocol: String(PROTOCOL_VERSION) },
      auth: { protocol: PROTOCOL_VERSION },
      extraHeaders: { origin: new URL(publicUrl).origin },
      reconnection: false,
      timeout: 5_000,
      forceNew: true,
    })
    const end = (finding: Finding) => {
      socket.disconnect()
      resolve(finding)
    }
    socket.once('connect', () =>
      end(fail('websocket', 'lets anyone in without a token', 'Report this as a security bug.')),
    )
    socket.once('connect_error', (error: Error & { data?: unknown }) => {
      const problem = problemFrom(error.data)
      if (problem?.key === 'unauthenticated') end(ok('websocket', 'upgrades through the gateway'))
      else end(fail('websocket', problem ? problem.message : `does not come through: ${error.message}`, mend))
    })
  })
}
