import type { Actor } from '@realtime/contracts'
import type { AppendInput } from './append.ts'
import type { Context } from './context.ts'
import { ownerOfClientIds } from './frames.ts'

/** What became of one append of a group; `busy` ones wrote nothing, since somebody else holds the resource. */
export interface Outcome {
  /** Its place in the statement, from 1. */
  place: number
  outcome: 'ok' | 'missing' | 'epoch' | 'foreign' | 'busy'
  last_seq: string | null
  current_epoch: string | null
  /** The first frame under a client id of somebody else. */
  frame: number | null
}

/**
 * Commits appends to different resources in one transaction that waits for nobody: see `append_group`. What is wrong
 * with one is its outcome and leaves the others alone; an error leaves all of them unwritten, or unknown when the
 * connection was lost.
 */
export async function commitGroup(ctx: Context, writer: Actor, group: AppendInput[]): Promise<Outcome[]> {
  const { rows } = await ctx.appends.query<Outcome>({
    name: 'append-group',
    text: APPEND_GROUP,
    values: valuesOf(writer, group),
  })
  return rows
}

const APPEND_GROUP = 'SELECT * FROM append_group($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)'

/** The arguments of `append_group`. Updates go as one value: a list of values would travel as text. */
function valuesOf(writer: Actor, group: AppendInput[]): unknown[] {
  const frames: { place: number; number: number; principal: string; origin: string; start: number; length: number }[] =
    []
  const clients: { place: number; frame: number; id: number; principal: string }[] = []
  const updates: Uint8Array[] = []
  let start = 1
  group.forEach((append, index) => {
    append.frames.forEach((frame, number) => {
      const { principal, origin, update } = frame
      frames.push({ place: index + 1, number: number + 1, principal, origin, start, length: update.length })
      updates.push(update)
      start += update.length
      const owner = ownerOfClientIds(writer, frame)
      for (const id of frame.clientIds) clients.push({ place: index + 1, frame: number, id, principal: owner })
    })
  })
  return [
    group.map((append) => append.id),
    group.map((append) => append.epoch),
    group.map((append) => append.frames.length),
    frames.map((frame) => frame.place),
    frames.map((frame) => frame.number),
    frames.map((frame) => frame.principal),
    frames.map((frame) => frame.origin),
    frames.map((frame) => frame.start),
    frames.map((frame) => frame.length),
    Buffer.concat(updates),
    clients.map((client) => client.place),
    clients.map((client) => client.frame),
    clients.map((client) => client.id),
    clients.map((client) => client.principal),
  ]
}
