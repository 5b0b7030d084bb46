import { documentApi as api, auditApi, call, libraryApi, organizationApi } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { resourceKinds } from '@realtime/resources'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { type Library, startLibrary } from './library.ts'

let library: Library

beforeAll(async () => {
  library = await startLibrary()
})
afterAll(async () => {
  await library?.stop()
})

describe('the first project', () => {
  it('comes once with something to look at, however many ask for it', async () => {
    const { at, ada } = library
    const { id: organization } = await call(ada.caller, organizationApi.create, { body: { name: 'Fresh' } })
    const first = () => call(at(ada), api.ensureFirstProject, { query: { organization } })
    const [project] = await Promise.all([first(), first(), first(), first()])
    const children = async (query: { project: string } | { parent: string }) =>
      (await call(at(ada), libraryApi.children, { query })).documents
    const top = await children({ project: project?.id ?? '' })
    expect(top.map(({ kind, title, hasChildren }) => [kind, title, hasChildren])).toEqual([
      ['document', 'Welcome', true],
      ['canvas', 'Think on a canvas', false],
      ['slides', 'A first deck', false],
    ])
    const nested = await children({ parent: top[0]?.id ?? '' })
    expect(nested.map(({ title }) => title)).toEqual(['A page below a page'])
    for (const { id, kind, icon } of [...top, ...nested]) {
      expect(icon).not.toBeNull()
      const doc = new Y.Doc()
      const state = await call(at(ada), api.state, { params: { id } })
      Y.applyUpdate(doc, new Uint8Array(await state.arrayBuffer()))
      expect(resourceKinds[kind].check(doc)).toBeNull()
      expect(resourceKinds[kind].text(doc).length).toBeGreaterThan(80)
    }
    // Thrown away, it does not come back.
    for (const { id } of top) await call(at(ada), api.deleteDocument, { params: { id } })
    expect((await first()).id).toBe(project?.id)
    expect(await children({ project: project?.id ?? '' })).toEqual([])
    const search = { organization, q: 'first deck' }
    await call(at(ada), libraryApi.restoreDocument, { params: { id: top[2]?.id ?? '' } })
    await eventually(async () => {
      const { hits } = await call(at(ada), libraryApi.search, { query: search })
      return hits.map(({ document }) => document.title).join() === 'A first deck'
    })
  })
})

describe('the audit log', () => {
  it('is told of what is moved, trashed, restored and deleted for good', async () => {
    const { at, ada, organization, project, create } = library
    const one = await create('Minutes')
    await create('Appendix', { parentId: one.id })
    const params = { id: one.id }
    const body = { organizationId: organization, name: 'Archive' }
    const archive = await call(at(ada), api.createProject, { body })
    await call(at(ada), libraryApi.move, { params, body: { projectId: archive.id, parentId: null } })
    await call(at(ada), api.deleteDocument, { params })
    await call(at(ada), libraryApi.restoreDocument, { params })
    await call(at(ada), api.deleteDocument, { params })
    await call(at(ada), libraryApi.purge, { params })
    await call(at(ada), libraryApi.deleteProject, { params: { id: archive.id } })
    const entries = await eventually(async () => {
      const log = await call(ada.caller, auditApi.audit, { params: { id: organization }, query: {} })
      return log.entries.some(({ type }) => type === 'project.deleted') && log.entries
    })
    const told = (entries || [])
      .filter(({ target }) => target?.id === one.id)
      .map(({ type, by, target, detail }) => [type, by.name, target?.name, detail])
      .reverse()
    expect(told).toEqual([
      ['document.moved', 'Ada', 'Minutes', { from: 'Work', to: 'Archive' }],
      ['document.trashed', 'Ada', 'Minutes', { project: 'Archive', documents: '2' }],
      ['document.restored', 'Ada', 'Minutes', { project: 'Archive', documents: '2' }],
      ['document.trashed', 'Ada', 'Minutes', { project: 'Archive', documents: '2' }],
      ['document.purged', 'Ada', 'Minutes', { project: 'Archive', documents: '2' }],
    ])
    expect(project).not.toBe(archive.id)
  })
})
