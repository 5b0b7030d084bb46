import {
  createEncoder,
  type Encoder,
  toUint8Array,
  writeVarString,
  writeVarUint,
  writeVarUint8Array,
} from 'lib0/encoding'
import { Cursor, type Heard } from './protocol.ts'

/** The parts of y-protocols that both peers speak. */
export const SYNC = 0
export const AWARENESS = 1
export const STEP_1 = 0
export const STEP_2 = 1
export const UPDATE = 2

/** Puts a message together. */
export function packed(work: (encoder: Encoder) => void): Uint8Array {
  const encoder = createEncoder()
  work(encoder)
  return toUint8Array(encoder)
}

/** Writes a sync message behind what is there. */
export function writeSync(encoder: Encoder, step: number, bytes: Uint8Array): void {
  writeVarUint(encoder, SYNC)
  writeVarUint(encoder, step)
  writeVarUint8Array(encoder, bytes)
}

/** Writes an awareness message of one person; `clock` rises with each. */
export function writeAwareness(encoder: Encoder, clientId: number, clock: number, state: object): void {
  writeVarUint(encoder, AWARENESS)
  const update = packed((inner) => {
    writeVarUint(inner, 1)
    writeVarUint(inner, clientId)
    writeVarUint(inner, clock)
    writeVarString(inner, JSON.stringify(state))
  })
  writeVarUint8Array(encoder, update)
}

/** Hears a sync message after its type. `asked` answers what the server wants to know of us. */
export function hearSync(cursor: Cursor, heard: Heard, asked: () => void): void {
  const step = cursor.number()
  const bytes = cursor.block()
  if (step === STEP_1) asked()
  else if (step === UPDATE) heard.update(bytes)
  else {
    heard.state(bytes)
    heard.joined()
  }
}

/** Hears an awareness message after its type. */
export function hearAwareness(cursor: Cursor, heard: Heard): void {
  heard.presence(new Cursor(cursor.block()).number())
}

/** Where the state begins in what follows the type of a sync message; null when it is an update. */
export function stateOfSync(cursor: Cursor): number | null {
  if (cursor.number() !== STEP_2) return null
  cursor.number()
  return cursor.at
}
