import { type FileHandle, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { PrivateCopy } from './copies.ts'
import { answersOf, baseKey, emptyOutbox, isWorthKeeping, type OutboxContent, type OutboxStore } from './outbox.ts'

/** One line of the file: what happened, all of it or nothing. Bytes are in base64. */
type Line =
  | { is: 'add'; document: string; epoch: string; rows: [id: number, update: string][] }
  | { is: 'remove'; ids: number[] }
  | { is: 'base'; document: string; epoch: string; base: { state: string; about: unknown } | null }
  | { is: 'aside'; copy: Omit<PrivateCopy, 'state'> & { state: string }; ids: number[]; stored: boolean }
  | { is: 'forget'; id: string }

/** The file is written anew once it has grown by so many bytes, and to twice what was in it. */
const GROWTH = 4 * 1024 * 1024

/** An outbox in a file, with an end. */
export interface FileStore extends OutboxStore {
  /** Waits for what is being written and closes the file. */
  close(): Promise<void>
}

/**
 * Opens an outbox in the file `path` (made when it is missing), for programs that must not lose edits when they are
 * killed: what is added or set aside is on the disk (fsync) before it resolves, and a line that was cut off is dropped.
 * One process at a time. @throws when the file cannot be opened, read or written
 */
export async function fileStore(path: string): Promise<FileStore> {
  const content = emptyOutbox()
  for (const line of await linesOf(path)) apply(content, line)
  let size = await rewrite(path, content)
  let grown = 0
  let file = await open(path, 'a')
  let last: Promise<unknown> = Promise.resolve()

  /** Does `work` after all before it. A failure is the caller's alone. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work)
    last = next.catch(() => {})
    return next
  }

  async function append(line: Line, toDisk: boolean): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    const { size: before } = await file.stat()
    try {
      await writeAll(file, bytes)
      if (toDisk) await file.datasync()
    } catch (error) {
      // Half a line would spoil the next one.
      await file.truncate(before).catch(() => {})
      throw error
    }
    apply(content, line)
    grown += bytes.length
    if (grown >= GROWTH && grown >= size) await renew()
  }

  /** What was appended stays, also when this fails. */
  async function renew(): Promise<void> {
    grown = 0
    try {
      size = await rewrite(path, content)
    } catch {
      // There is the old file or the new one, each with everything in it; the next attempt is a growth away.
    }
    const fresh = await open(path, 'a')
    await file.close().catch(() => {})
    file = fresh
  }

  return {
    ...answersOf(content),
    add: (document, epoch, updates) =>
      inTurn(async () => {
        const ids = updates.map((_update, index) => content.next + index)
        const rows = updates.map((update, index): [number, string] => [ids[index] as number, base64(update)])
        await append({ is: 'add', document, epoch, rows }, true)
        return ids
      }),
    // Were it lost, the server would be told again what it knows.
    remove: (ids) => inTurn(() => append({ is: 'remove', ids }, false)),
    keepBase: (document, epoch, base) =>
      inTurn(() => {
        const kept = base && { state: base64(base.state), about: base.about }
        return append({ is: 'base', document, epoch, base: kept }, true)
      }),
    setAside: (copy, ids) =>
      inTurn(() => {
        const present = ids.filter((id) => content.rows.has(id)).length
        const stored = isWorthKeeping(copy, ids, present)
        return append({ is: 'aside', copy: { ...copy, state: base64(copy.state) }, ids, stored }, true)
      }),
    forget: (copyId) => inTurn(() => append({ is: 'forget', id: copyId }, true)),
    close: () => inTurn(() => file.close()),
  }
}

function apply(content: OutboxContent, line: Line): void {
  const { rows, bases, copies } = content
  if (line.is === 'add') {
    const { document, epoch } = line
    for (const [id, update] of line.rows) {
      rows.set(id, { document, epoch, update: bytesOf(update) })
      content.next = Math.max(content.next, id + 1)
    }
  } else if (line.is === 'remove') for (const id of line.ids) rows.delete(id)
  else if (line.is === 'base') {
    const key = baseKey(line.document, line.epoch)
    if (line.base) bases.set(key, { ...line.base, state: bytesOf(line.base.state) })
    else bases.delete(key)
  } else if (line.is === 'aside') {
    for (const id of line.ids) rows.delete(id)
    if (line.stored) copies.set(line.copy.id, { ...line.copy, state: bytesOf(line.copy.state) })
  } else copies.delete(line.id)
}

/** What the file tells, up to a line that was cut off. */
async function linesOf(path: string): Promise<Line[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  // What follows the last newline was never finished, nor anybody told that it was kept.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]))
}

/** Writes all that still counts to a new file in the place of the old one. @returns its size in bytes */
async function rewrite(path: string, content: OutboxContent): Promise<number> {
  const lines: Line[] = []
  for (const [id, { document, epoch, update }] of content.rows)
    lines.push({ is: 'add', document, epoch, rows: [[id, base64(update)]] })
  for (const [key, { state, about }] of content.bases) {
    const [document, epoch] = JSON.parse(key) as [string, string]
    lines.push({ is: 'base', document, epoch, base: { state: base64(state), about } })
  }
  for (const copy of content.copies.values())
    lines.push({ is: 'aside', copy: { ...copy, state: base64(copy.state) }, ids: [], stored: true })
  const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const fresh = await open(`${path}.new`, 'w', 0o600)
  try {
    await writeAll(fresh, bytes)
    await fresh.sync()
  } finally {
    await fresh.close()
  }
  await rename(`${path}.new`, path)
  const folder = await open(dirname(path), 'r')
  await folder.sync().finally(() => folder.close())
  return bytes.length
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))
