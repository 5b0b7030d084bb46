import type { Door } from '../load/client.ts'
import type { ServerProcess } from './server-process.ts'

/** A document to be opened by the load. */
export interface Prepared {
  name: string
  /** For the peers, who forget a document that nobody has open: to be called once somebody else is in it. */
  release(): void
}

/** One of the servers that are compared. */
export interface Target {
  /** The column of the table. */
  name: TargetName
  door: Door
  /** The process that the clients talk to. */
  server: ServerProcess
  /** CPU seconds so far of each process that works beside the server. */
  beside(): Record<string, number>
  /** Makes a document that holds `state`, written under `clientIds`. */
  prepare(base: { clientIds: number[]; state: Uint8Array }): Promise<Prepared>
  stop(): Promise<void>
}

export const targetNames = ['ours', 'Hocuspocus', 'y-websocket'] as const
export type TargetName = (typeof targetNames)[number]
