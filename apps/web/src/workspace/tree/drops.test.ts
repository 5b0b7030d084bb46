import { describe, expect, it } from 'vitest'
import { aDocument, aProject } from '../fixtures.testing.ts'
import { dropOf, edgeAt, mayMoveTo, type Target } from './drops.ts'

const project = aProject('p1')
const held = (id: string, change = {}) => ({ type: 'document', document: aDocument(id, change) }) as const
const onDocument = (id: string, change: Partial<Extract<Target, { type: 'document' }>> = {}): Target => ({
  type: 'document',
  document: aDocument(id),
  project,
  above: [],
  previous: null,
  open: false,
  ...change,
})
const onProject = (id: string, change = {}): Target => ({
  type: 'project',
  project: aProject(id, change),
  previous: null,
})

describe('where something is let go', () => {
  it('is above, in or below a document by how far down the pointer is, and always in a project', () => {
    expect([0.1, 0.5, 0.9].map((at) => edgeAt(held('x'), onDocument('a'), at))).toEqual(['before', 'into', 'behind'])
    expect([0.1, 0.5, 0.9].map((at) => edgeAt(held('x'), onProject('p2'), at))).toEqual(['into', 'into', 'into'])
    const other = { type: 'project', project: aProject('p9') } as const
    expect([0.1, 0.9].map((at) => edgeAt(other, onProject('p2'), at))).toEqual(['before', 'behind'])
  })

  it('puts it before, in, behind, and before the first in an open one', () => {
    const beside = { projectId: 'p1', parentId: null }
    const inside = { projectId: 'p1', parentId: 'a' }
    expect(dropOf(held('x'), onDocument('a', { previous: 'z' }), 'before')).toMatchObject({ to: beside, after: 'z' })
    expect(dropOf(held('x'), onDocument('a'), 'into')).toMatchObject({ to: inside, after: undefined })
    expect(dropOf(held('x'), onDocument('a'), 'behind')).toMatchObject({ to: beside, after: 'a' })
    expect(dropOf(held('x'), onDocument('a', { open: true }), 'behind')).toMatchObject({ to: inside, after: null })
  })

  it('is nowhere in itself or below itself, in another organization, or where nothing would change', () => {
    expect(dropOf(held('a'), onDocument('a'), 'into')).toBeNull()
    expect(dropOf(held('x'), onDocument('a', { above: ['q', 'x'] }), 'behind')).toBeNull()
    expect(dropOf(held('x', { organizationId: 'o2' }), onDocument('a'), 'into')).toBeNull()
    expect(dropOf(held('x', { organizationId: 'o2' }), onProject('p1'), 'into')).toBeNull()
    expect(dropOf(held('x'), onDocument('a', { previous: 'x' }), 'before')).toBeNull()
  })

  it('sorts projects, and never into one another', () => {
    const one = { type: 'project', project: aProject('p1') } as const
    const two: Target = { type: 'project', project: aProject('p2'), previous: 'p0' }
    expect(dropOf(one, two, 'before')).toMatchObject({ type: 'project', after: 'p0' })
    expect(dropOf(one, two, 'behind')).toMatchObject({ type: 'project', after: 'p2' })
    expect(dropOf(one, { ...two, previous: 'p1' }, 'before')).toBeNull()
    expect(dropOf(one, onDocument('a'), 'into')).toBeNull()
  })
})

describe('whether a document may be moved', () => {
  const here = { projectId: 'p1', parentId: null }
  const there = { projectId: 'p2', parentId: null }
  const to = (level: 'view' | 'edit') => ({ project: aProject('p2', { level }), parent: undefined })
  it('takes edit within a project, manage out of it, and edit where it goes', () => {
    expect(mayMoveTo(aDocument('x', { level: 'edit' }), here, { project, parent: undefined })).toBe(true)
    expect(mayMoveTo(aDocument('x', { level: 'comment' }), here, { project, parent: undefined })).toBe(false)
    expect(mayMoveTo(aDocument('x', { level: 'edit' }), there, to('edit'))).toBe(false)
    expect(mayMoveTo(aDocument('x', { level: 'manage' }), there, to('edit'))).toBe(true)
    expect(mayMoveTo(aDocument('x', { level: 'manage' }), there, to('view'))).toBe(false)
  })
  it('goes by the document it is put below', () => {
    const parent = aDocument('a', { level: 'view' })
    expect(mayMoveTo(aDocument('x'), { projectId: 'p1', parentId: 'a' }, { project, parent })).toBe(false)
  })
})
