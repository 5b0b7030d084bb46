import type { ProviderState, SaveKind } from '@realtime/client'
import type { Edit } from '../plan/edits.ts'

/** How a tab is opened. */
export interface TabConfig {
  /** Its number and life: what it calls its things. */
  name: string
  life: number
  /** Its way to the gateway, and the address that people type in. */
  url: string
  publicUrl: string
  documentId: string
  cookie: string
  notes: string
  outbox: string
  /** Begins without loading the state. */
  cold: boolean
}

/** What a tab is told. */
export type Order =
  | { order: 'edit'; edit: Edit }
  | { order: 'look'; id: number }
  /** To end itself by SIGKILL when it next says that all is saved. */
  | { order: 'die-saved' }
  /** To write its state to a file. */
  | { order: 'dump'; id: number; file: string }

/** How a tab is. */
export interface Look {
  phase: ProviderState['phase']
  kind: SaveKind
  problem: string | null
  /** Of its replica; see `fingerprint`. */
  fingerprint: string
}

/** What a tab tells. */
export type Answer =
  | { answer: 'look'; id: number; look: Look }
  | { answer: 'dumped'; id: number }
  | { answer: 'refused'; problem: string }
