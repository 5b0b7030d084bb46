import {
  type AppendFrame,
  documentApi as api,
  call,
  documentInternal,
  encodeAppend,
  type Hit,
  libraryApi,
} from '@realtime/contracts'
import { serviceCaller } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { type Library, refused, startLibrary } from './library.ts'
import { DOCUMENT_SECRET, type TestPerson } from './people.ts'

let library: Library

const texts: Record<string, string> = {
  'Spring plan': 'We plant tomatoes in April, and the café opens in May. It is 100% decided.',
  'Notes of April': 'The plan for spring is ready: sow_early, water "daily" and rest. C:\\garden',
  年度报告: '我们讨论人工智能的未来，以及它对教育的影响。会议在东京举行。',
  企画書: 'みんなでYjsで編集する。東京都庁の会議室でカタカナを読む。',
  회의록: '나는 한국어를 배운다. 회의는 서울에서 열린다.',
  تقرير: 'قال مرحبا بكم في المكتب الجديد',
  'Launch 🚀': 'We celebrate with 🎉 and ❤️ today',
}
const ids: Record<string, string> = {}

beforeAll(async () => {
  library = await startLibrary()
  for (const [title, text] of Object.entries(texts)) ids[title] = await written(title, text)
  await indexed()
})
afterAll(async () => {
  await library?.stop()
})

/** A document with a paragraph of text. */
async function written(
  title: string,
  text: string,
  where: { projectId?: string; by?: TestPerson } = {},
): Promise<string> {
  const made = await library.create(title, where)
  await type(made, text)
  return made.id
}

async function type({ id, epoch }: { id: string; epoch: string }, text: string): Promise<void> {
  const doc = new Y.Doc()
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText(text)])
  doc.getXmlFragment('content').insert(0, [paragraph])
  const update = Y.encodeStateAsUpdate(doc)
  const principal = `user:${library.ada.user.id}`
  const frame: AppendFrame = { principal, origin: 'user', clientIds: [doc.clientID], update }
  const url = library.document.internalUrl ?? ''
  const caller = serviceCaller({ from: 'collaboration', to: 'document', url, secret: DOCUMENT_SECRET })
  await call(caller, documentInternal.append, { params: { id }, query: { epoch }, body: encodeAppend([frame]) })
}

/** Waits until search knows all there is. */
const indexed = () =>
  eventually(async () => {
    const rows = await library.database.sql(
      `SELECT 1 FROM resources r LEFT JOIN search_texts s ON s.resource_id = r.id
       WHERE r.trashed_at IS NULL AND (s.seq IS DISTINCT FROM r.seq OR s.title <> r.title)`,
    )
    return rows.length === 0
  })

async function search(
  q: string,
  who = library.ada,
  more: { kind?: 'canvas'; project?: string; limit?: number } = {},
): Promise<Hit[]> {
  const query = { organization: library.organization, q, ...more }
  return (await call(library.at(who), libraryApi.search, { query })).hits
}
const titles = async (q: string, who?: TestPerson): Promise<string[]> =>
  (await search(q, who)).map(({ document }) => document.title)
const marked = (parts: Hit['title']): string => parts.map(({ text, match }) => (match ? `[${text}]` : text)).join('')

describe('search', () => {
  it.each([
    ['spring', ['Spring plan', 'Notes of April']],
    ['SPRING plan', ['Spring plan', 'Notes of April']],
    ['toma', ['Spring plan']],
    ['toma april', []],
    ['april toma', ['Spring plan']],
    ['ＣＡＦÉ', ['Spring plan']],
    ['100%', ['Spring plan']],
    ['%', ['Spring plan']],
    ['sow_', ['Notes of April']],
    ['s_w', []],
    ['"daily"', ['Notes of April']],
    ["'; DROP TABLE resources; --", []],
    ['C:\\gar', ['Notes of April']],
    ['人工智能的未来', ['年度报告']],
    ['智能 教育', ['年度报告']],
    ['未来', ['年度报告']],
    ['京', ['企画書', '年度报告']],
    ['东京', ['年度报告']],
    ['報告', []],
    ['Yjsで編', ['企画書']],
    ['カタカナ 編集', ['企画書']],
    ['한국', ['회의록']],
    ['서울 회의', ['회의록']],
    ['مرحب', ['تقرير']],
    ['رحبا', []],
    ['🚀', ['Launch 🚀']],
    ['🎉', ['Launch 🚀']],
    ['❤', ['Launch 🚀']],
    ['🥕', []],
  ])('finds %s', async (q, found) => {
    expect((await titles(q)).sort()).toEqual([...found].sort())
  })

  it('puts titles first, then what was edited last', async () => {
    expect(await titles('plan')).toEqual(['Spring plan', 'Notes of April'])
    expect(await titles('april')).toEqual(['Notes of April', 'Spring plan'])
    const made = await library.create('Newest sprout')
    await library.create('Older than', {})
    await type(made, 'about tomatoes')
    await indexed()
    expect(await titles('tomatoes')).toEqual(['Newest sprout', 'Spring plan'])
    expect((await search('tomatoes', library.ada, { limit: 1 })).map(({ document }) => document.id)).toEqual([made.id])
    expect(await search('tomatoes', library.ada, { kind: 'canvas' })).toEqual([])
  })

  it('shows where it found what, and where that lies', async () => {
    const parent = await library.create('Garden')
    const child = await library.create('Beds & paths', { parentId: parent.id })
    await type(child, `${'Soil and seeds. '.repeat(40)}Zucchini grow here. ${'More soil. '.repeat(40)}`)
    await indexed()
    const [hit] = await search('zucch')
    expect(hit).toMatchObject({ document: { id: child.id, parentId: parent.id }, path: ['Work', 'Garden'] })
    expect(marked(hit?.title ?? [])).toBe('Beds & paths')
    expect(marked(hit?.excerpt ?? [])).toMatch(/^….*\[Zucch\]ini grow here\..*…$/)
    const [chinese] = await search('人工智能')
    expect(marked(chinese?.excerpt ?? [])).toBe('我们讨论[人工智能]的未来,以及它对教育的影响。会议在东京举行。')
    const [titled] = await search('launch 🚀')
    expect(marked(titled?.title ?? [])).toBe('[Launch] [🚀]')
  })

  it('follows edits, new titles and the trash', async () => {
    const made = await library.create('Temporary')
    await type(made, 'quicksilver')
    await eventually(async () => (await titles('quicksilver')).includes('Temporary'))
    await type(made, 'kingfisher')
    await eventually(async () => (await titles('kingfisher quicksilver')).includes('Temporary'))
    const params = { id: made.id }
    await call(library.at(library.ada), api.updateDocument, { params, body: { title: 'Permanent' } })
    await eventually(async () => (await titles('permanent')).includes('Permanent'))
    expect(await titles('temporary')).toEqual([])
    await call(library.at(library.ada), api.deleteDocument, { params })
    expect(await titles('quicksilver')).toEqual([])
    await call(library.at(library.ada), libraryApi.restoreDocument, { params })
    expect(await titles('quicksilver')).toEqual(['Permanent'])
  })

  it('reads after a restart what it has missed', async () => {
    const { database } = library
    await database.sql(`UPDATE search_texts SET seq = 0, folded = '', grams = '{}' WHERE resource_id = $1`, [
      ids.年度报告,
    ])
    await database.sql('DELETE FROM search_texts WHERE resource_id = $1', [ids.회의록])
    expect(await titles('未来')).toEqual([])
    const { start } = await import('@realtime/document')
    const again = await start(library.config)
    try {
      await eventually(async () => (await titles('未来')).length === 1 && (await titles('한국')).length === 1)
    } finally {
      await again.stop()
    }
  })

  it('finds nothing of what one may not see', async () => {
    const { at, ada, max, gus, eve, organization, elsewhere } = library
    const body = { organizationId: organization, name: 'Secret garden', access: 'private' } as const
    const hidden = (await call(at(ada), api.createProject, { body })).id
    const id = await written('Hidden orchid', 'with an orchid in it', { projectId: hidden })
    await indexed()
    expect(await titles('orchid')).toEqual(['Hidden orchid'])
    expect(await titles('orchid', max)).toEqual([])
    expect(await titles('orchid', gus)).toEqual([])
    expect((await titles('spring', gus)).length).toBe(2)
    await library.database.sql(
      `INSERT INTO shares (id, organization_id, resource_id, user_id, level, created_by)
       VALUES ('share-of-orchid', $1, $2, $3, 'view', 'user:ada')`,
      [organization, id, max.user.id],
    )
    expect(await search('orchid', max)).toMatchObject([{ document: { id, permission: 'read' }, path: [] }])
    await refused('not-found', [
      search('spring', eve),
      search('spring', ada, { project: elsewhere.project }),
      search('spring', max, { project: hidden }),
    ])
    await refused('unauthenticated', [
      call({ baseUrl: library.document.url }, libraryApi.search, { query: { organization, q: 'spring' } }),
    ])
    await refused('invalid-input', [
      search('  '),
      search('x'.repeat(201)),
      search('x', ada, { limit: 51 }),
      search('x', ada, { kind: 'sheet' as 'canvas' }),
    ])
  })
})
