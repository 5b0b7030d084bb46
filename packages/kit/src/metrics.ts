import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** A service's metrics: the process's own and the time of each route. */
export interface Metrics {
  registry: Registry
  /** Seconds of each answered request by method, route pattern and status. */
  requests: Histogram<'method' | 'route' | 'status'>
  /** Problems answered, by key. */
  problems: Counter<'problem'>
}

/** Metrics in a registry of their own, so that several services fit into one process. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    requests: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time to answer a request',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers: [registry],
    }),
    problems: new Counter({
      name: 'problems_total',
      help: 'Problems answered',
      labelNames: ['problem'],
      registers: [registry],
    }),
  }
}
