import { asUser } from '@realtime/kit/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from './ids.ts'
import { searchQuery } from './search.ts'
import { searchableText, searchWords } from './search-words.ts'
import type { Standing } from './standing.ts'
import { type Bench, startBench } from './testing.ts'
import { type Visible, visibleTo } from './visible.ts'

const TEXTS = 10_000
const LATIN =
  'garden water spring plan team meeting report design launch budget question answer river mountain coffee window letter number music teacher'.split(
    ' ',
  )
const CHINESE =
  '我们讨论人工智能的未来以及它对教育影响会议在东京举行报告设计预算问题答案山水花园春天计划团队老师音乐数字'

let bench: Bench
let visible: Visible
const organization = newId()

beforeAll(async () => {
  bench = await startBench()
  const project = { id: newId(), organizationId: organization, name: 'Many', createdBy: 'user:ada' }
  await bench.ctx.db.project.create({ data: project })
  await bench.sql(
    `INSERT INTO resources (id, project_id, organization_id, position, kind, title, epoch, created_by, seq)
     SELECT 'many' || n, $1, $2, 'c' || lpad(n::text, 5, '0') || '1', 'document', 'Note ' || n, 'e', 'user:ada', 1
     FROM generate_series(1, $3) n`,
    [project.id, organization, TEXTS],
  )
  // mulberry32: the same texts at each run.
  let seed = 7
  const random = (below: number): number => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
  const bodyOf = (n: number): string => {
    const latin = Array.from({ length: 120 }, () => LATIN[random(LATIN.length)]).join(' ')
    const chinese = Array.from({ length: 150 }, () => [...CHINESE][random([...CHINESE].length)]).join('')
    return `${latin}. ${chinese}。 serial${n}${n === 4711 ? ' 鸟鸣 needlework 😺' : ''}`
  }
  for (let from = 1; from <= TEXTS; from += 500) {
    const rows = Array.from({ length: 500 }, (_, index) => {
      const title = `Note ${from + index}`
      return { id: `many${from + index}`, title, ...searchableText(title, bodyOf(from + index)) }
    })
    await bench.sql(
      `INSERT INTO search_texts (resource_id, organization_id, seq, title, body, folded_title, folded, grams)
       SELECT id, $2, 1, title, body, "foldedTitle", folded, grams FROM jsonb_to_recordset($1::jsonb)
         AS t (id text, title text, body text, "foldedTitle" text, folded text, grams text[])`,
      [JSON.stringify(rows), organization],
    )
  }
  await bench.sql('VACUUM ANALYZE search_texts')
  await bench.sql('ANALYZE resources')
  const standing: Standing = {
    actor: asUser('ada'),
    organizationId: organization,
    userId: 'ada',
    membership: { role: 'member', name: 'Ada', image: null, teams: [] },
    level: 'edit',
    permission: 'write',
    ways: [],
  }
  visible = await visibleTo(bench.ctx, standing)
}, 120_000)
afterAll(async () => {
  await bench?.stop()
})

async function planOf(q: string) {
  const { text, values } = searchQuery(visible, searchWords(q), { organization, q, limit: 20 })
  const [row] = await bench.sql(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values)
  const [plan] = (row?.['QUERY PLAN'] ?? []) as { Plan: { 'Actual Rows': number }; 'Execution Time': number }[]
  return { rows: plan?.Plan['Actual Rows'], ms: plan?.['Execution Time'] ?? 0, plan: JSON.stringify(plan) }
}

it.each([
  ['needlework', 1, 'search_texts_folded_idx'],
  ['serial471', 11, 'search_texts_folded_idx'],
  ['garden needlew', 1, 'search_texts_folded_idx'],
  ['鸟鸣', 1, 'search_texts_grams_idx'],
  ['鸣', 1, 'search_texts_grams_idx'],
  ['garden 鸟', 1, 'search_texts_'],
  ['😺', 1, 'search_texts_grams_idx'],
])('among ten thousand texts %s is found by an index', async (q, rows, index) => {
  const found = await planOf(q)
  expect(found.rows).toBe(rows)
  expect(found.plan).toContain(index)
})

it.runIf(process.env.MEASURE)('takes so long', async () => {
  const sizes = await bench.sql(
    `SELECT relname, pg_size_pretty(pg_relation_size(c.oid)) AS size FROM pg_class c
     WHERE relnamespace = $1::regnamespace AND relname LIKE 'search_texts%' ORDER BY 1`,
    [bench.schema],
  )
  console.table(sizes)
  for (const q of [
    'needlework',
    'serial47',
    'garden',
    'garden plan',
    '鸟鸣',
    '鸣',
    '教育',
    '人工智能',
    '的',
    '教',
    '😺',
    'g',
  ]) {
    const times: number[] = []
    let last = await planOf(q)
    for (let round = 0; round < 5; round++) {
      last = await planOf(q)
      times.push(last.ms)
    }
    const used = ['search_texts_folded_idx', 'search_texts_grams_idx', 'search_texts_organization_id_idx'].filter(
      (name) => last.plan.includes(name),
    )
    console.log(q, last.rows, `${(times.sort((a, b) => a - b)[2] ?? 0).toFixed(1)} ms`, used.join(' + '))
  }
})

it('without trigrams, where their extension is missing, the same is found', async () => {
  await bench.sql('DROP INDEX search_texts_folded_idx')
  for (const [q, rows] of [
    ['needlework', 1],
    ['serial471', 11],
    ['鸟鸣', 1],
  ] as const) {
    expect((await planOf(q)).rows).toBe(rows)
  }
})
