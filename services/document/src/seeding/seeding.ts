import type { Kind } from '@realtime/contracts'
import { exactReplica, resourceKinds, writeBlocks } from '@realtime/resources'
import * as Y from 'yjs'
import type { Prisma, Project } from '../database/client.ts'
import { insertWithin } from '../documents.ts'
import { clientIdsOf } from '../frames.ts'
import { drawCanvas } from './canvas.ts'
import { fillDeck } from './deck.ts'
import { nested, welcome } from './welcome.ts'

/**
 * Fills the first project of an organization: a document with a page below it, a canvas and a deck, to look at and to
 * try things with. In the transaction that creates the project, so that it happens once. Answers their ids.
 */
export async function seedProject(tx: Prisma.TransactionClient, project: Project): Promise<string[]> {
  const { id: projectId, organizationId, createdBy } = project
  const add = async (kind: Kind, title: string, icon: string, write: (doc: Y.Doc) => void, parentId?: string) => {
    const where = { projectId, organizationId, createdBy, ...(parentId ? { parentId } : {}) }
    return (await insertWithin(tx, { ...where, kind, title, icon, content: contentOf(kind, write) })).id
  }
  const first = await add('document', 'Welcome', '👋', (doc) => writeBlocks(doc, welcome))
  return [
    first,
    await add('document', 'A page below a page', '🌱', (doc) => writeBlocks(doc, nested), first),
    await add('canvas', 'Think on a canvas', '🎨', drawCanvas),
    await add('slides', 'A first deck', '🎬', fillDeck),
  ]
}

/** What `write` adds to the first content of a kind, as one update. */
export function contentOf(kind: Kind, write: (doc: Y.Doc) => void): { update: Uint8Array; clientIds: number[] } {
  const doc = exactReplica()
  Y.applyUpdate(doc, resourceKinds[kind].create())
  const before = Y.encodeStateVector(doc)
  doc.transact(() => write(doc))
  const update = Y.encodeStateAsUpdate(doc, before)
  doc.destroy()
  return { update, clientIds: [...clientIdsOf(update)] }
}
