import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import type { OutboxStore } from '@realtime/client'

type Line = { id: number; document: string; epoch: string; update: string } | { removed: number[] }

/** An outbox in one file of one process, to which only is added: what was added outlives a kill of the process. */
export function fileOutbox(file: string): OutboxStore {
  const rows = new Map<number, { key: string; update: Uint8Array }>()
  let next = 1
  for (const line of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
    const parsed = parse(line)
    if (!parsed) continue
    if ('removed' in parsed) for (const id of parsed.removed) rows.delete(id)
    else {
      rows.set(parsed.id, { key: `${parsed.document}/${parsed.epoch}`, update: Buffer.from(parsed.update, 'base64') })
      next = Math.max(next, parsed.id + 1)
    }
  }
  // After a kill in the middle of a line the next must begin one.
  const write = async (line: Line): Promise<void> => {
    appendFileSync(file, `\n${JSON.stringify(line)}`)
    await turn()
  }
  return {
    async load(document, epoch) {
      const key = `${document}/${epoch}`
      return [...rows].filter(([, row]) => row.key === key).map(([id, { update }]) => ({ id, update }))
    },
    async add(document, epoch, update) {
      const id = next++
      await write({ id, document, epoch, update: Buffer.from(update).toString('base64') })
      rows.set(id, { key: `${document}/${epoch}`, update })
      return id
    },
    async remove(ids) {
      await write({ removed: ids })
      for (const id of ids) rows.delete(id)
    },
  }
}

function parse(line: string): Line | null {
  try {
    return JSON.parse(line) as Line
  } catch {
    return null
  }
}
