import { z } from 'zod'
import { endpoint } from './endpoint.ts'

export const upstreamState = z.object({
  name: z.string(),
  state: z.enum(['up', 'down']),
  /** Milliseconds of the last check; null when it did not answer. */
  latencyMs: z.number().nullable(),
  detail: z.string().nullable(),
})

export const healthApi = {
  gateway: endpoint({
    method: 'GET',
    path: '/health',
    summary: 'The state and latency of each part behind the gateway; 200 while the gateway itself is up',
    access: 'public',
    response: z.object({ status: z.enum(['ok', 'degraded']), upstreams: z.array(upstreamState) }),
  }),
}
