import {
  type Actor,
  type AppendResult,
  decodeGroup,
  epoch as epochOf,
  id as idOf,
  Problem,
  toProblem,
} from '@realtime/contracts'
import { requestId } from '@realtime/kit'
import { isDatabaseDown } from '@realtime/kit/database'
import { type AppendInput, appended, epochChanged, foreignClientId } from './append.ts'
import { commitGroup, type Outcome } from './append-statement.ts'
import type { Context } from './context.ts'
import { readFrames } from './frames.ts'

/** What is larger commits by itself, so that nobody's keystroke waits for a paste. Bytes of updates. */
const LARGE_BYTES = 64 * 1024
/** Updates that one statement takes at most, unless the first is larger. */
const STATEMENT_BYTES = 512 * 1024
/** How long a resource that somebody else holds is asked for again; under the ten seconds of a call. */
const BUSY_MS = 5_000
const FIRST_PAUSE_MS = 4
const LONGEST_PAUSE_MS = 50

/** One append of the group, by its place. */
interface Asked extends AppendInput {
  index: number
  bytes: number
}

/**
 * Commits updates to many logs and answers each when PostgreSQL has it durable.
 * The small ones share a transaction, large ones have their own, and a resource that somebody holds is left out and
 * tried again without a connection waiting for it: no document waits for another. `signal` ends the trying; what was
 * answered `unavailable`, or not at all, may have been written or not, so its writer looks into the log.
 * @throws Problem `invalid-input` for what is no group, or names a document twice: nothing was written
 */
export async function* appendResults(
  ctx: Context,
  writer: Actor,
  { body, signal }: { body: Uint8Array; signal: AbortSignal },
): AsyncGenerator<AppendResult[], void, undefined> {
  const results: AppendResult[] = []
  let wake = (): void => undefined
  const answer: Answer = (asked, result) => {
    if (result instanceof Problem) results.push({ index: asked.index, problem: result.toJson(requestId() ?? '') })
    else results.push({ index: asked.index, ...result })
    wake()
  }
  const good = readGroup(body, answer)
  let open = 0
  for (const some of statementsOf(good)) {
    open++
    void appendAll(ctx, writer, some, { answer, signal }).finally(() => {
      open--
      wake()
    })
  }
  while (open > 0 || results.length > 0) {
    if (results.length > 0) yield results.splice(0)
    else
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }
}

type Answer = (asked: { index: number }, result: { firstSeq: number; lastSeq: number } | Problem) => void

/** Reads a group; an append that cannot be read is answered, and the others go on. */
function readGroup(body: Uint8Array, answer: Answer): Asked[] {
  let group: ReturnType<typeof decodeGroup>
  try {
    group = decodeGroup(body)
  } catch (cause) {
    throw new Problem('invalid-input', 'body: the group is cut or is none', { cause })
  }
  if (group.length === 0) throw new Problem('invalid-input', 'body: no appends')
  if (new Set(group.map((one) => one.document)).size < group.length) {
    throw new Problem('invalid-input', 'body: a document occurs twice')
  }
  return group.flatMap(({ document, epoch, frames: encoded }, index) => {
    try {
      if (!idOf.safeParse(document).success) throw new Problem('not-found')
      if (!epochOf.safeParse(epoch).success) throw new Problem('invalid-input', 'body: no epoch')
      const frames = readFrames(encoded)
      const bytes = frames.reduce((sum, frame) => sum + frame.update.length, 0)
      return [{ index, id: document, epoch, frames, bytes }]
    } catch (error) {
      answer({ index }, toProblem(error))
      return []
    }
  })
}

function statementsOf(appends: Asked[]): Asked[][] {
  const statements: Asked[][] = []
  let small: Asked[] = []
  let bytes = 0
  for (const append of appends) {
    if (append.bytes > LARGE_BYTES) {
      statements.push([append])
      continue
    }
    if (small.length === 0 || bytes + append.bytes > STATEMENT_BYTES) {
      small = []
      bytes = 0
      statements.push(small)
    }
    small.push(append)
    bytes += append.bytes
  }
  return statements
}

/** Commits appends by one statement, then those that were busy by another, until all are answered. Never throws. */
async function appendAll(
  ctx: Context,
  writer: Actor,
  appends: Asked[],
  by: { answer: Answer; signal: AbortSignal },
): Promise<void> {
  const until = performance.now() + BUSY_MS
  let left = appends
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      const outcomes = await commitGroup(ctx, writer, left)
      left = outcomes.flatMap((outcome) => settle(ctx, left[outcome.place - 1], outcome, by.answer))
    } catch (error) {
      await failed(ctx, writer, left, error, by)
      return
    }
    if (left.length === 0) return
    if (by.signal.aborted || performance.now() > until) break
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())))
  }
  const busy = new Problem('unavailable', 'Somebody else is changing the document; try again.')
  for (const append of left) by.answer(append, busy)
}

/** Answers an append, or gives it back when its resource was busy. */
function settle(ctx: Context, append: Asked | undefined, row: Outcome, answer: Answer): Asked[] {
  if (!append) return []
  if (row.outcome === 'busy') return [append]
  if (row.outcome === 'ok') answer(append, appended(ctx, append.id, append.frames.length, Number(row.last_seq)))
  else if (row.outcome === 'epoch') answer(append, epochChanged(row.current_epoch))
  else if (row.outcome === 'foreign') answer(append, foreignClientId(row.frame ?? 0))
  else answer(append, new Problem('not-found'))
  return []
}

/** A statement failed: for its connection, or for one of its appends, which must not be the others' fate. */
async function failed(
  ctx: Context,
  writer: Actor,
  appends: Asked[],
  error: unknown,
  by: { answer: Answer; signal: AbortSignal },
): Promise<void> {
  if (isDatabaseDown(error)) {
    const extra = { upstream: 'postgres' }
    const down = new Problem('unavailable', 'The database cannot be reached.', { cause: error, extra })
    for (const append of appends) by.answer(append, down)
  } else if (appends.length > 1) {
    await Promise.all(appends.map((append) => appendAll(ctx, writer, [append], by)))
  } else {
    ctx.log.error({ err: error, document: appends[0]?.id }, 'a log takes nothing')
    for (const append of appends) by.answer(append, toProblem(error))
  }
}

const encoder = new TextEncoder()

/** Results as lines of JSON. */
export function lines(results: object[]): Uint8Array {
  return encoder.encode(results.map((result) => `${JSON.stringify(result)}\n`).join(''))
}
