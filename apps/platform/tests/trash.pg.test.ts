import { documentApi as api, call, libraryApi, sharingApi, TRASH_DAYS } from '@realtime/contracts'
import { start } from '@realtime/document'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Library, refused, startLibrary } from './library.ts'
import type { TestPerson } from './people.ts'

let library: Library

beforeAll(async () => {
  library = await startLibrary()
})
afterAll(async () => {
  await library?.stop()
})

const by = (who?: TestPerson) => library.at(who ?? library.ada)
const remove = (id: string, who?: TestPerson) => call(by(who), api.deleteDocument, { params: { id } })
const restore = (id: string, who?: TestPerson) => call(by(who), libraryApi.restoreDocument, { params: { id } })
const purge = (id: string, who?: TestPerson) => call(by(who), libraryApi.purge, { params: { id } })
const get = (id: string, who?: TestPerson) => call(by(who), api.getDocument, { params: { id } })
const trash = async (who?: TestPerson) =>
  (await call(by(who), libraryApi.trash, { query: { organization: library.organization } })).trashed

/** Every row of the service that names one of these documents. */
async function rowsOf(ids: string[]): Promise<string[]> {
  const { schema, sql } = library.database
  const columns = await sql(
    `SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = $1 AND column_name IN ('resource_id', 'parent_id', 'trashed_with')
        OR table_schema = $1 AND table_name = 'resources' AND column_name = 'id'`,
    [schema],
  )
  const found: string[] = []
  for (const { table_name: table, column_name: column } of columns) {
    const rows = await sql(`SELECT 1 FROM "${table}" WHERE "${column}" = ANY($1)`, [ids])
    if (rows.length > 0) found.push(`${table}.${column}`)
  }
  return found
}

describe('the trash', () => {
  it('takes a document with all below it, and gives it back to where it was', async () => {
    const { create, below, max } = library
    const top = await create('Top')
    const [a, b] = [await create('A', { parentId: top.id }), await create('B', { parentId: top.id })]
    const leaf = await create('Leaf', { parentId: a.id })
    await remove(a.id)
    await refused('not-found', [get(a.id), get(leaf.id), remove(a.id), remove(leaf.id)])
    await refused('not-found', [
      call(by(), libraryApi.children, { query: { parent: a.id } }),
      call(by(), api.state, { params: { id: leaf.id } }),
    ])
    expect(await below(top.id)).toEqual(['B'])
    const [thrown] = await trash()
    expect(thrown).toMatchObject({ id: a.id, title: 'A', below: 1, trashedBy: `user:${library.ada.user.id}` })
    const days = (Date.parse(thrown?.goesAt ?? '') - Date.parse(thrown?.trashedAt ?? '')) / 86_400_000
    expect(days).toBe(TRASH_DAYS)
    expect((await trash(max)).map(({ id }) => id)).toContain(a.id)
    expect(await restore(a.id, max)).toMatchObject({ id: a.id, parentId: top.id, hasChildren: true })
    expect(await below(top.id)).toEqual(['A', 'B'])
    expect(await below(a.id)).toEqual(['Leaf'])
    expect((await trash()).some(({ id }) => id === a.id)).toBe(false)
    // Again it changes nothing.
    expect((await restore(a.id)).parentId).toBe(top.id)
    expect(b.parentId).toBe(top.id)
  })

  it('keeps what went there before apart', async () => {
    const { create, below } = library
    const top = await create('Outer')
    const inner = await create('Inner', { parentId: top.id })
    const leaf = await create('Inmost', { parentId: inner.id })
    await remove(inner.id)
    await remove(top.id)
    const thrown = (await trash()).filter(({ id }) => [top.id, inner.id].includes(id))
    expect(thrown.map(({ id, below }) => [id, below])).toEqual([
      [top.id, 0],
      [inner.id, 1],
    ])
    // Its parent is in the trash: it comes to the end of the project.
    expect(await restore(inner.id)).toMatchObject({ parentId: null })
    expect((await below()).at(-1)).toBe('Inner')
    expect((await get(leaf.id)).parentId).toBe(inner.id)
    await restore(top.id)
    expect(await below(top.id)).toEqual([])
  })

  it('is emptied by whoever put something there, and by those who manage it', async () => {
    const { create, database, max, gus, eve, organization } = library
    const top = await create('Shredded')
    const child = await create('Shredded child', { parentId: top.id })
    const params = { id: child.id }
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    const file = await call(by(), api.uploadImage, { params, body: Buffer.from(png, 'base64') })
    await call(by(), api.createVersion, { params, body: { name: 'One' } })
    await call(by(), libraryApi.addFavourite, { params, body: {} })
    await call(by(), libraryApi.visit, { params })
    await call(by(), sharingApi.createLink, { params, body: {} })
    const grantee = { type: 'user', id: max.user.id } as const
    await call(by(), sharingApi.share, { params, body: { grantee, level: 'comment' } })
    await eventually(async () => (await rowsOf([child.id])).includes('search_texts.resource_id'))
    await refused('conflict', [purge(top.id)])
    await remove(top.id)
    await refused('forbidden', [purge(top.id, max)])
    await refused('not-found', [purge(top.id, eve), restore(top.id, eve), purge('nowhere')])
    await refused('read-only', [purge(top.id, gus), restore(top.id, gus)])
    expect((await trash(gus)).length).toBe(0)
    const nobody = { baseUrl: library.document.url }
    await refused('unauthenticated', [
      call(nobody, libraryApi.purge, { params }),
      call(nobody, libraryApi.restoreDocument, { params }),
      call(nobody, libraryApi.trash, { query: { organization } }),
    ])
    await refused('not-found', [call(by(eve), libraryApi.trash, { query: { organization } })])
    await refused('invalid-input', [purge('no id'), restore('no id')])
    await purge(top.id)
    expect(await rowsOf([top.id, child.id])).toEqual([])
    expect(await database.sql('SELECT 1 FROM files WHERE id = $1', [file.id])).toEqual([])
    expect(await database.sql('SELECT 1 FROM file_chunks WHERE file_id = $1', [file.id])).toEqual([])
    await refused('not-found', [restore(top.id), purge(top.id)])
    const own = await create('By Max', { by: max })
    await remove(own.id, max)
    await purge(own.id, max)
  })

  it('keeps the files of a copy', async () => {
    const { create, database } = library
    const source = await create('Source')
    const body = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
    const file = await call(by(), api.uploadImage, { params: { id: source.id }, body })
    const copy = await call(by(), libraryApi.duplicate, { params: { id: source.id }, body: {} })
    await remove(source.id)
    await purge(source.id)
    const asked = { params: { id: copy.id }, body: { files: [file.id] } }
    expect((await call(by(), api.fileLinks, asked)).links).toHaveLength(1)
    expect(await database.sql('SELECT 1 FROM file_chunks WHERE file_id = $1', [file.id])).toHaveLength(1)
  })

  it('forgets what has been in it for its time', async () => {
    const { create, database } = library
    const [old, young] = [await create('Old'), await create('Young')]
    const below = await create('Old child', { parentId: old.id })
    await remove(old.id)
    await remove(young.id)
    const aged = `UPDATE resources SET trashed_at = now() - make_interval(days => ${TRASH_DAYS}, mins => 1)`
    await database.sql(`${aged} WHERE trashed_with = $1`, [old.id])
    const projects = await Promise.all(
      ['Long gone', 'Just gone', 'Still there'].map((name) =>
        call(by(), api.createProject, { body: { organizationId: library.organization, name } }),
      ),
    )
    const [gone, fresh] = projects.map(({ id }) => id)
    for (const id of [gone, fresh]) await call(by(), libraryApi.deleteProject, { params: { id: id ?? '' } })
    const agedProject = `UPDATE projects SET deleted_at = now() - make_interval(days => ${TRASH_DAYS}, mins => 1)`
    await database.sql(`${agedProject} WHERE id = $1`, [gone])
    const other = await start(library.config)
    try {
      await eventually(async () => (await rowsOf([old.id, below.id])).length === 0)
      const left = async () => {
        const rows = await database.sql('SELECT id FROM projects WHERE id = ANY($1)', [projects.map(({ id }) => id)])
        return rows.map(({ id }) => id).sort()
      }
      await eventually(async () => (await left()).length === 2)
      expect(await left()).toEqual([projects[1]?.id, projects[2]?.id].sort())
      expect(await database.sql('SELECT 1 FROM shares WHERE project_id = $1', [gone])).toEqual([])
    } finally {
      await other.stop()
    }
    expect((await trash()).map(({ id }) => id)).toContain(young.id)
  })

  it('shows nothing of private projects', async () => {
    const { create, max, organization } = library
    const body = { organizationId: organization, name: 'Diary', access: 'private' } as const
    const { id: projectId } = await call(by(), api.createProject, { body })
    const entry = await create('Dear diary', { projectId })
    await remove(entry.id)
    expect((await trash(max)).map(({ id }) => id)).not.toContain(entry.id)
    await refused('not-found', [restore(entry.id, max), purge(entry.id, max)])
    expect((await trash()).map(({ id }) => id)).toContain(entry.id)
  })
})

describe('favourites and recents', () => {
  const favourites = async (who?: TestPerson) =>
    (await call(by(who), libraryApi.favourites, { query: { organization: library.organization } })).documents.map(
      ({ title }) => title,
    )
  const star = (id: string, after?: string | null, who?: TestPerson) =>
    call(by(who), libraryApi.addFavourite, { params: { id }, body: after === undefined ? {} : { after } })
  const unstar = (id: string, who?: TestPerson) => call(by(who), libraryApi.removeFavourite, { params: { id } })
  const visit = (id: string, who?: TestPerson) => call(by(who), libraryApi.visit, { params: { id } })
  const recent = async (limit = 20, who?: TestPerson) =>
    (await call(by(who), libraryApi.recent, { query: { organization: library.organization, limit } })).documents.map(
      ({ title }) => title,
    )

  it('are the own ones, in the own order', async () => {
    const { create, gus, eve, max, organization } = library
    const [one, two, three] = [await create('Fav 1'), await create('Fav 2'), await create('Fav 3')]
    for (const { id } of [one, two, three, one]) await star(id)
    expect(await favourites()).toEqual(['Fav 1', 'Fav 2', 'Fav 3'])
    await star(three.id, null)
    await star(one.id, two.id)
    expect(await favourites()).toEqual(['Fav 3', 'Fav 2', 'Fav 1'])
    expect((await get(one.id)).favourite).toBe(true)
    expect((await get(one.id, max)).favourite).toBe(false)
    await star(one.id, undefined, gus)
    expect(await favourites(gus)).toEqual(['Fav 1'])
    await unstar(two.id)
    await unstar(two.id)
    await remove(three.id)
    expect(await favourites()).toEqual(['Fav 1'])
    await restore(three.id)
    expect(await favourites()).toEqual(['Fav 3', 'Fav 1'])
    await refused('conflict', [star(one.id, two.id)])
    await refused('not-found', [
      star(one.id, undefined, eve),
      star('nowhere'),
      call(by(eve), libraryApi.favourites, { query: { organization } }),
    ])
    const nobody = { baseUrl: library.document.url }
    await refused('unauthenticated', [
      call(nobody, libraryApi.favourites, { query: { organization } }),
      call(nobody, libraryApi.addFavourite, { params: { id: one.id }, body: {} }),
      call(nobody, libraryApi.removeFavourite, { params: { id: one.id } }),
      call(nobody, libraryApi.visit, { params: { id: one.id } }),
      call(nobody, libraryApi.recent, { query: { organization } }),
    ])
    await refused('invalid-input', [star(one.id, 'no id'), unstar('no id')])
  })

  it('come back in the order of the last visit', async () => {
    const { create, eve, max, organization } = library
    const [one, two] = [await create('Seen 1'), await create('Seen 2')]
    for (const { id } of [one, two, one]) await visit(id)
    expect((await recent()).slice(0, 2)).toEqual(['Seen 1', 'Seen 2'])
    expect(await recent(1)).toEqual(['Seen 1'])
    expect(await recent(20, max)).toEqual([])
    await remove(one.id)
    expect((await recent())[0]).toBe('Seen 2')
    await refused('not-found', [
      visit(one.id),
      visit(two.id, eve),
      call(by(eve), libraryApi.recent, { query: { organization } }),
    ])
    await refused('invalid-input', [call(by(), libraryApi.recent, { query: { organization, limit: 51 } })])
  })
})
