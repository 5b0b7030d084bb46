import type { healthApi, OutputOf } from '@realtime/contracts'
import { AI_MISSING, type Upstream } from './upstreams.ts'

const TIMEOUT_MS = 1_500

type Health = OutputOf<typeof healthApi.gateway>
type State = Health['upstreams'][number]

/** Asks every part at once how it is. Questions that come meanwhile share the answer, so asking costs the parts little. */
export function healthOf(table: Upstream[]): () => Promise<Health> {
  let asking: Promise<Health> | undefined
  const ask = async (): Promise<Health> => {
    const states = await Promise.all(table.map(stateOf))
    const wanted = states.filter((_, index) => table[index]?.url)
    return { status: wanted.every(({ state }) => state === 'up') ? 'ok' : 'degraded', upstreams: states }
  }
  return () => {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
}

async function stateOf({ name, url, probe }: Upstream): Promise<State> {
  const down = (detail: string): State => ({ name, state: 'down', latencyMs: null, detail })
  if (!url) return down(AI_MISSING)
  const began = performance.now()
  try {
    const response = await fetch(url.href.replace(/\/$/, '') + probe.path, {
      method: probe.method,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.body?.cancel()
    const latencyMs = Math.round((performance.now() - began) * 10) / 10
    if (probe.isUp(response.status)) return { name, state: 'up', latencyMs, detail: null }
    return { name, state: 'down', latencyMs, detail: `answered ${response.status}` }
  } catch (error) {
    // No address of the inside in a public answer.
    const late = error instanceof Error && error.name === 'TimeoutError'
    return down(late ? `did not answer within ${TIMEOUT_MS} ms` : 'cannot be reached')
  }
}
