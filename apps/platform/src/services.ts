import type { Running } from '@realtime/kit'
import type { z } from 'zod'

/** What a service package gives the platform: what it reads from the environment, and how it starts. */
export interface Service {
  config: z.ZodObject
  start(config: Record<string, unknown>): Promise<Running>
}

/** A service's typed module as the platform sees it: `start` is only ever given what `config` parsed. */
function service<C extends z.ZodObject>(config: C, start: (config: z.output<C>) => Promise<Running>): Service {
  return { config, start: (parsed) => start(parsed as z.output<C>) }
}

/** The Node services in the order in which they depend on each other, each loaded only when asked for. */
export const services = {
  auth: () => import('@realtime/auth').then((module) => service(module.authConfig, module.start)),
  organization: () =>
    import('@realtime/organization').then((module) => service(module.organizationConfig, module.start)),
  document: () => import('@realtime/document').then((module) => service(module.documentConfig, module.start)),
  collaboration: () =>
    import('@realtime/collaboration').then((module) => service(module.collaborationConfig, module.start)),
  gateway: () => import('@realtime/gateway').then((module) => service(module.gatewayConfig, module.start)),
} satisfies Record<string, () => Promise<Service>>

export type ServiceName = keyof typeof services

/** The names of the Node services, callees first. */
export const serviceNames = Object.keys(services) as ServiceName[]

/** Whether a word names a Node service. */
export function isServiceName(name: string): name is ServiceName {
  return Object.hasOwn(services, name)
}
