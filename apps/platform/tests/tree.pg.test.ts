import { documentApi as api, call, libraryApi, MOST_DEPTH } from '@realtime/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { type Library, refused, startLibrary } from './library.ts'
import type { TestPerson } from './people.ts'

let library: Library

beforeAll(async () => {
  library = await startLibrary()
})
afterAll(async () => {
  await library?.stop()
})

const move = (
  id: string,
  body: { projectId?: string; parentId?: string | null; after?: string | null },
  by?: TestPerson,
) =>
  call(library.at(by ?? library.ada), libraryApi.move, {
    params: { id },
    body: { projectId: library.project, parentId: null, ...body },
  })
const nobody = () => ({ baseUrl: library.document.url })
const newProject = async (name: string, access: 'organization' | 'private' = 'organization') =>
  (
    await call(library.at(library.ada), api.createProject, {
      body: { organizationId: library.organization, name, access },
    })
  ).id

describe('documents in a tree', () => {
  it('stand behind each other in the order in which they come, page by page', async () => {
    const { at, ada, create } = library
    const top = await create('Top')
    for (let index = 1; index <= 5; index++) await create(`Page ${index}`, { parentId: top.id })
    const titles = ['Page 1', 'Page 2', 'Page 3', 'Page 4', 'Page 5']
    expect(await library.below(top.id)).toEqual(titles)
    const pages: string[] = []
    for (let after: string | undefined; ; ) {
      const query = { parent: top.id, limit: 2, ...(after ? { after } : {}) }
      const { documents, more } = await call(at(ada), libraryApi.children, { query })
      pages.push(...documents.map(({ title }) => title))
      after = documents.at(-1)?.id
      if (!more) break
    }
    expect(pages).toEqual(titles)
    const shown = await call(at(ada), api.getDocument, { params: { id: top.id } })
    expect(shown).toMatchObject({ hasChildren: true, parentId: null, favourite: false, shared: false })
    const { documents } = await call(at(ada), libraryApi.children, { query: { parent: top.id } })
    expect(documents[0]).toMatchObject({ parentId: top.id, hasChildren: false, permission: 'write' })
    const deep = await create('Deep', { parentId: documents[0]?.id ?? '' })
    const path = await call(at(ada), libraryApi.path, { params: { id: deep.id } })
    expect(path.documents.map(({ title }) => title)).toEqual(['Top', 'Page 1'])
  })

  it('bear names of any script and length, without what would break a line or turn it around', async () => {
    const { at, ada, create } = library
    const top = await create('Names')
    const names = ['مشروع الحديقة', '👩‍👩‍👧 family', 'x'.repeat(300), 'a\u202Eb\u0000c\nd']
    for (const name of names) await create(name, { parentId: top.id })
    expect(await library.below(top.id)).toEqual([...names.slice(0, 3), 'a b c d'])
    await refused('invalid-input', [
      create('x'.repeat(301)),
      create('Nowhere', { parentId: 'no id' }),
      call(at(ada), libraryApi.deleteProject, { params: { id: 'no id' } }),
      call(at(ada), libraryApi.sharedWithMe, { query: { organization: 'no id' } }),
      call(at(ada), libraryApi.trash, { query: { organization: 'no id' } }),
    ])
  })

  it('move before, behind and below others', async () => {
    const { create, below } = library
    const top = await create('Shelf')
    const [a, b, c] = [
      await create('A', { parentId: top.id }),
      await create('B', { parentId: top.id }),
      await create('C', { parentId: top.id }),
    ]
    await move(c.id, { parentId: top.id, after: null })
    expect(await below(top.id)).toEqual(['C', 'A', 'B'])
    await move(c.id, { parentId: top.id, after: a.id })
    expect(await below(top.id)).toEqual(['A', 'C', 'B'])
    expect(await move(a.id, { parentId: top.id })).toMatchObject({ id: a.id, parentId: top.id })
    expect(await below(top.id)).toEqual(['C', 'B', 'A'])
    await move(a.id, { parentId: b.id, after: null })
    expect(await below(top.id)).toEqual(['C', 'B'])
    expect(await below(b.id)).toEqual(['A'])
    await move(a.id, {})
    expect(await below()).toContain('A')
  })

  it('move to another project with all below them, by whoever manages them', async () => {
    const { at, ada, max, create, below } = library
    const target = await newProject('Target')
    const top = await create('Moving', { by: ada })
    const child = await create('Moving along', { parentId: top.id })
    const leaf = await create('Moving last', { parentId: child.id })
    await refused('forbidden', [move(top.id, { projectId: target }, max)])
    expect(await move(top.id, { projectId: target })).toMatchObject({ projectId: target, parentId: null })
    for (const { id } of [child, leaf]) {
      expect((await call(at(max), api.getDocument, { params: { id } })).projectId).toBe(target)
    }
    expect(await below(child.id)).toEqual(['Moving last'])
    expect(await below()).not.toContain('Moving')
    // Its parent is in the other project now.
    await refused('conflict', [create('Stray', { parentId: top.id }), move(child.id, { parentId: top.id })])
  })

  it('go neither below themselves, nor too deep, nor elsewhere', async () => {
    const { create, elsewhere, eve, gus, at, organization } = library
    const top = await create('Loop')
    const child = await create('Loop child', { parentId: top.id })
    const other = await create('Other')
    await refused('conflict', [
      move(top.id, { parentId: top.id }),
      move(top.id, { parentId: child.id }),
      move(top.id, { after: child.id }),
      move(top.id, { after: top.id }),
      move(top.id, { after: 'nowhere' }),
    ])
    await refused('not-found', [
      move(top.id, { projectId: elsewhere.project }),
      move(top.id, { parentId: elsewhere.document }),
      move(elsewhere.document, {}),
      move(top.id, {}, eve),
      call(at(eve), libraryApi.children, { query: { project: library.project } }),
      call(at(eve), libraryApi.children, { query: { parent: top.id } }),
      call(at(eve), libraryApi.path, { params: { id: top.id } }),
      call(at(eve), libraryApi.duplicate, { params: { id: top.id }, body: {} }),
      call(at(eve), libraryApi.sharedWithMe, { query: { organization } }),
    ])
    await refused('read-only', [move(top.id, {}, gus)])
    await refused('invalid-input', [
      call(at(gus), libraryApi.children, { query: {} }),
      call(at(gus), libraryApi.children, { query: { project: library.project, parent: top.id } }),
      call(at(gus), libraryApi.children, { query: { project: library.project, limit: 501 } }),
      move(top.id, { parentId: 'no id' }),
    ])
    await refused('unauthenticated', [
      call(nobody(), libraryApi.children, { query: { project: library.project } }),
      call(nobody(), libraryApi.path, { params: { id: top.id } }),
      call(nobody(), libraryApi.move, { params: { id: top.id }, body: { projectId: library.project, parentId: null } }),
      call(nobody(), libraryApi.duplicate, { params: { id: top.id }, body: {} }),
      call(nobody(), libraryApi.sharedWithMe, { query: { organization } }),
    ])
    let last = top
    for (let depth = 2; depth <= MOST_DEPTH; depth++) last = await create(`Depth ${depth}`, { parentId: last.id })
    await refused('conflict', [create('Too deep', { parentId: last.id }), move(other.id, { parentId: last.id })])
    const pair = await create('Pair')
    await create('Pair child', { parentId: pair.id })
    await refused('conflict', [move(pair.id, { parentId: last.parentId })])
  })

  it('are invisible where their project is, and so is what is above them', async () => {
    const { at, ada, max, create } = library
    const secret = await newProject('Private', 'private')
    const top = await create('Private top', { projectId: secret })
    const child = await create('Private child', { projectId: secret, parentId: top.id })
    await refused('not-found', [
      call(at(max), libraryApi.children, { query: { project: secret } }),
      call(at(max), libraryApi.children, { query: { parent: top.id } }),
      call(at(max), libraryApi.path, { params: { id: child.id } }),
      move(child.id, {}, max),
      create('By Max', { projectId: secret, by: max }),
      create('By Max', { projectId: secret, parentId: child.id, by: max }),
    ])
    await library.database.sql(
      `INSERT INTO shares (id, organization_id, resource_id, user_id, level, created_by)
       VALUES ('share-of-child', $1, $2, $3, 'edit', 'user:ada')`,
      [library.organization, child.id, max.user.id],
    )
    const query = { organization: library.organization }
    const shared = await call(at(max), libraryApi.sharedWithMe, { query })
    expect(shared.documents).toMatchObject([{ id: child.id, level: 'edit', parentId: null }])
    expect(await call(at(max), libraryApi.path, { params: { id: child.id } })).toEqual({ documents: [] })
    const params = { id: child.id }
    await call(at(max), libraryApi.addFavourite, { params, body: {} })
    await call(at(max), libraryApi.visit, { params })
    for (const { documents } of [
      await call(at(max), libraryApi.favourites, { query }),
      await call(at(max), libraryApi.recent, { query }),
      await call(at(max), api.documents, { query }),
    ]) {
      expect(documents.find(({ id }) => id === child.id)).toMatchObject({ parentId: null })
    }
    await call(at(max), api.deleteDocument, { params })
    const thrown = await call(at(max), libraryApi.trash, { query })
    expect(thrown.trashed.find(({ id }) => id === child.id)).toMatchObject({ parentId: null })
    expect(await call(at(max), libraryApi.restoreDocument, { params })).toMatchObject({ parentId: null })
    expect((await call(at(ada), api.getDocument, { params })).parentId).toBe(top.id)
    const own = await create('Below by Max', { projectId: secret, parentId: child.id, by: max })
    expect((await call(at(max), libraryApi.children, { query: { parent: child.id } })).documents).toMatchObject([
      { id: own.id, level: 'edit' },
    ])
    await refused('forbidden', [call(at(max), libraryApi.duplicate, { params: { id: child.id }, body: {} })])
  })
})

describe('many hands', () => {
  it('move one into the other at the same time, and one of them stays above', async () => {
    const { create } = library
    for (let round = 0; round < 8; round++) {
      const [a, b] = [await create(`A${round}`), await create(`B${round}`)]
      const results = await Promise.allSettled([
        move(a.id, { parentId: b.id }),
        move(b.id, { parentId: a.id }, library.max),
      ])
      const keys = results.map((result) => (result.status === 'rejected' ? result.reason.key : 'moved')).sort()
      expect(keys).toEqual(['conflict', 'moved'])
    }
  })

  it('move the same one, and it lies where the later put it', async () => {
    const { at, ada, max, create } = library
    const [x, y, z] = [await create('X'), await create('Y'), await create('Z')]
    const [one, other] = await Promise.all([move(x.id, { parentId: y.id }), move(x.id, { parentId: z.id }, max)])
    const now = await call(at(ada), api.getDocument, { params: { id: x.id } })
    expect([one.parentId, other.parentId]).toContain(now.parentId)
    expect([y.id, z.id]).toContain(now.parentId)
  })

  it('leave a tree whatever they do', async () => {
    const { at, ada, max, create } = library
    const projects = [await newProject('Left'), await newProject('Right')]
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, index) => create(`N${index}`, { projectId: projects[index % 2] ?? '' })),
    )
    const ids = made.map(({ id }) => id)
    // mulberry32: a fixed sequence, so that a failure can be looked at again.
    let seed = 42
    const random = (below: number): number => {
      seed = (seed + 0x6d2b79f5) | 0
      let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return ((mixed ^ (mixed >>> 14)) >>> 0) % below
    }
    const pick = (): string => ids[random(ids.length)] ?? ''
    const steps = Array.from({ length: 120 }, () => ({
      id: pick(),
      parentId: random(4) === 0 ? null : pick(),
      projectId: projects[random(2)] ?? '',
      by: random(2) === 0 ? ada : max,
      act: random(12),
    }))
    for (let from = 0; from < steps.length; from += 6) {
      await Promise.all(
        steps.slice(from, from + 6).map(async ({ id, parentId, projectId, by, act }) => {
          const params = { id }
          const doing =
            act === 0
              ? call(at(by), api.deleteDocument, { params })
              : act === 1
                ? call(at(by), libraryApi.restoreDocument, { params })
                : move(id, { parentId, projectId, ...(act < 5 ? { after: null } : {}) }, by)
          await doing.catch((error: { key?: string }) => {
            if (!['conflict', 'not-found', 'forbidden'].includes(error.key ?? '')) throw error
          })
        }),
      )
    }
    const rows = await library.database.sql(
      'SELECT id, parent_id, project_id, position, trashed_at, trashed_with FROM resources WHERE id = ANY($1)',
      [ids],
    )
    const byId = new Map(rows.map((row) => [row.id, row]))
    for (const row of rows) {
      let depth = 0
      for (let above = byId.get(row.parent_id); above; above = byId.get(above.parent_id)) {
        expect(above.project_id).toBe(row.project_id)
        if (row.trashed_at === null) expect(above.trashed_at).toBeNull()
        expect(++depth).toBeLessThan(MOST_DEPTH)
      }
      if (row.trashed_at !== null) expect(byId.get(row.trashed_with)?.trashed_at).toBeTruthy()
    }
    const places = rows.map((row) => `${row.project_id} ${row.parent_id} ${row.position}`)
    expect(new Set(places).size).toBe(rows.length)
  })

  it('add to one list at the same time, each in a place of its own', async () => {
    const top = await library.create('Busy')
    await Promise.all(Array.from({ length: 10 }, (_, index) => library.create(`Busy ${index}`, { parentId: top.id })))
    const rows = await library.database.sql('SELECT position FROM resources WHERE parent_id = $1', [top.id])
    expect(new Set(rows.map((row) => row.position)).size).toBe(10)
  })
})

describe('a copy', () => {
  it('has the content, icon and files of the first, and nothing of its past', async () => {
    const { at, ada, max, create, database } = library
    const source = await create('Original')
    const params = { id: source.id }
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    const file = await call(at(ada), api.uploadImage, { params, body: png })
    const cover = { type: 'file', file: file.id } as const
    await call(at(ada), api.updateDocument, { params, body: { icon: '🌱', cover } })
    await create('Below', { parentId: source.id })
    const copy = await call(at(max), libraryApi.duplicate, { params, body: {} })
    expect(copy).toMatchObject({ title: 'Copy of Original', icon: '🌱', cover, parentId: null, hasChildren: false })
    expect(copy.createdBy).toBe(`user:${max.user.id}`)
    const titles = await library.below()
    expect(titles.indexOf('Copy of Original')).toBe(titles.indexOf('Original') + 1)
    const { links } = await call(at(max), api.fileLinks, { params: { id: copy.id }, body: { files: [file.id] } })
    expect(links.map((link) => link.file)).toEqual([file.id])
    const text = async (id: string) => {
      const answer = await call(at(ada), api.state, { params: { id } })
      const doc = new Y.Doc()
      Y.applyUpdate(doc, new Uint8Array(await answer.arrayBuffer()))
      return doc.getXmlFragment('content').toString()
    }
    expect(await text(copy.id)).toBe(await text(source.id))
    const owners = await database.sql('SELECT DISTINCT principal FROM client_ids WHERE resource_id = $1', [copy.id])
    expect(owners).toEqual([{ principal: 'service:document' }])
    const named = await call(at(max), libraryApi.duplicate, { params, body: { title: 'Mine' } })
    expect(named.title).toBe('Mine')
    await refused('forbidden', [call(at(library.gus), libraryApi.duplicate, { params, body: {} })])
    await refused('invalid-input', [
      call(at(ada), libraryApi.duplicate, { params, body: { title: 'x'.repeat(301) } }),
      call(at(ada), api.updateDocument, { params, body: { icon: '' } }),
      call(at(ada), api.updateDocument, { params, body: { cover: { type: 'color', color: 'puce' as 'red' } } }),
    ])
    const foreign = { type: 'file', file: 'A'.repeat(43) } as const
    await refused('invalid-file', [call(at(ada), api.updateDocument, { params, body: { cover: foreign } })])
    const plain = await call(at(ada), api.updateDocument, { params, body: { icon: null, cover: null } })
    expect(plain).toMatchObject({ icon: null, cover: null, title: 'Original' })
  })
})

describe('projects', () => {
  it('stand in an order that whoever manages them chooses', async () => {
    const { at, ada, max, gus, eve, elsewhere, organization } = library
    const names = async (who = ada) =>
      (await call(at(who), api.projects, { query: { organization } })).projects.map(({ id }) => id)
    const [one, two] = [await newProject('One'), await newProject('Two')]
    const reorder = (id: string, after: string | null, who = ada) =>
      call(at(who), libraryApi.moveProject, { params: { id }, body: { after } })
    await reorder(two, null)
    expect((await names())[0]).toBe(two)
    await reorder(one, two)
    expect((await names(gus)).slice(0, 2)).toEqual([two, one])
    await reorder(two, one)
    expect((await names()).slice(0, 2)).toEqual([one, two])
    await refused('forbidden', [reorder(one, null, max), reorder(one, null, gus)])
    await refused('not-found', [reorder(one, null, eve), reorder(one, elsewhere.project)])
    await refused('conflict', [reorder(one, one)])
    await refused('unauthenticated', [
      call(nobody(), libraryApi.moveProject, { params: { id: one }, body: { after: null } }),
    ])
    await refused('invalid-input', [reorder(one, 'no id')])
  })

  it('leave by the trash, but for the last one', async () => {
    const { at, ada, max, eve, elsewhere, organization, create } = library
    const doomed = await newProject('Doomed')
    const top = await create('Doomed top', { projectId: doomed })
    const child = await create('Doomed child', { projectId: doomed, parentId: top.id })
    const remove = (id: string, who = ada) => call(at(who), libraryApi.deleteProject, { params: { id } })
    await refused('forbidden', [remove(doomed, max)])
    await refused('not-found', [remove(doomed, eve), remove(elsewhere.project)])
    await refused('unauthenticated', [call(nobody(), libraryApi.deleteProject, { params: { id: doomed } })])
    await remove(doomed)
    await refused('not-found', [
      remove(doomed),
      call(at(ada), api.getDocument, { params: { id: child.id } }),
      call(at(ada), libraryApi.children, { query: { project: doomed } }),
    ])
    const { trashed } = await call(at(ada), libraryApi.trash, { query: { organization } })
    expect(trashed.find(({ id }) => id === top.id)).toMatchObject({ title: 'Doomed top', below: 1 })
    const { projects } = await call(at(ada), api.projects, { query: { organization } })
    const restored = await call(at(ada), libraryApi.restoreDocument, { params: { id: top.id } })
    expect(restored.projectId).toBe(projects[0]?.id)
    const below = await call(at(ada), api.getDocument, { params: { id: child.id } })
    expect(below).toMatchObject({ projectId: projects[0]?.id, parentId: top.id })
    await refused('conflict', [remove(elsewhere.project, eve)])
  })
})

describe('ten thousand documents', () => {
  it('are answered in pages by the index, and in the flat list only the newest', async () => {
    const { at, ada, database, organization } = library
    const crowded = await newProject('Crowded')
    await database.sql(
      `INSERT INTO resources (id, project_id, organization_id, position, kind, title, epoch, created_by)
       SELECT 'crowd' || n, $1, $2, 'c' || lpad(n::text, 6, '0') || '1', 'document', 'Crowd ' || n, 'e', 'user:ada'
       FROM generate_series(1, 10000) n`,
      [crowded, organization],
    )
    await database.sql('ANALYZE resources')
    const page = (after?: string) =>
      call(at(ada), libraryApi.children, { query: { project: crowded, ...(after ? { after } : {}) } })
    const first = await page()
    expect(first.documents.map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, n) => `crowd${n + 1}`))
    expect(first.more).toBe(true)
    expect((await page('crowd9900')).documents.map(({ id }) => id)).toEqual(
      Array.from({ length: 100 }, (_, n) => `crowd${n + 9901}`),
    )
    const { documents } = await call(at(ada), api.documents, { query: { organization } })
    expect(documents.length).toBe(500)
  })
})
