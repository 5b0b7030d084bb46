import { atLeastLevel, type Project, type Resource } from '@realtime/contracts'
import type { Branch } from '../queries.ts'

/** Where something is let go: above a row, in it, or below it. */
export type Edge = 'before' | 'into' | 'behind'

/** A row over which something is held. */
export type Target =
  | { type: 'project'; project: Project; previous: string | null }
  | {
      type: 'document'
      document: Resource
      /** The project it lies in; undefined where one sees no more than the document. */
      project: Project | undefined
      /** The documents above it. */
      above: readonly string[]
      /** The sibling before it; null where it is the first. */
      previous: string | null
      /** Whether what lies below it is in sight. */
      open: boolean
    }

/** What is held. */
export type Held = { type: 'project'; project: Project } | { type: 'document'; document: Resource }

/** Which edge of a row a pointer is at; `at` is how far down it is, from 0 to 1. */
export function edgeAt(held: Held, target: Target, at: number): Edge {
  if (target.type === 'project') return held.type === 'project' ? (at < 0.5 ? 'before' : 'behind') : 'into'
  return at < 0.28 ? 'before' : at > 0.72 ? 'behind' : 'into'
}

export type Drop =
  | { type: 'project'; project: Project; after: string | null }
  | { type: 'document'; document: Resource; to: Branch; after: string | null | undefined }

/** What letting go would do; null where it may not be, or would change nothing. */
export function dropOf(held: Held, target: Target, edge: Edge): Drop | null {
  if (held.type === 'project') {
    if (target.type !== 'project' || target.project.id === held.project.id) return null
    const after = edge === 'before' ? target.previous : target.project.id
    return after === held.project.id ? null : { type: 'project', project: held.project, after }
  }
  const place = placeOf(target, edge)
  const { document } = held
  if (!place || !mayMove(document, place, target)) return null
  const same = document.projectId === place.to.projectId && document.parentId === place.to.parentId
  if (same && place.after === document.id) return null
  return { type: 'document', document, ...place }
}

function placeOf(target: Target, edge: Edge): { to: Branch; after: string | null | undefined } | null {
  if (target.type === 'project')
    return edge === 'into' ? { to: { projectId: target.project.id, parentId: null }, after: undefined } : null
  const { document, previous, open } = target
  const inside = { projectId: document.projectId, parentId: document.id }
  const beside = { projectId: document.projectId, parentId: document.parentId }
  if (edge === 'into') return { to: inside, after: undefined }
  if (edge === 'before') return { to: beside, after: previous }
  // Below an open document is before the first of those in it.
  return open ? { to: inside, after: null } : { to: beside, after: document.id }
}

function mayMove(document: Resource, place: { to: Branch }, target: Target): boolean {
  if (target.type === 'document') {
    if (target.document.id === document.id || target.above.includes(document.id)) return false
    if (target.document.organizationId !== document.organizationId) return false
  } else if (target.project.organizationId !== document.organizationId) return false
  return mayMoveTo(document, place.to, {
    project: target.project,
    parent: target.type === 'document' && place.to.parentId === target.document.id ? target.document : undefined,
  })
}

/** Whether somebody may put a document into a place, as far as is known here; the server decides. */
export function mayMoveTo(
  document: Resource,
  to: Branch,
  { project, parent }: { project: Project | undefined; parent: Resource | undefined },
): boolean {
  // Out of a project it may come before other eyes.
  if (!atLeastLevel(document.level, to.projectId === document.projectId ? 'edit' : 'manage')) return false
  return atLeastLevel(parent?.level ?? project?.level ?? (to.projectId === document.projectId ? 'edit' : null), 'edit')
}
