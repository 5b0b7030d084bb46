import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PLACE, placeOf } from './places.ts'
import { type Bench, startBench } from './testing.ts'

// The question that every opening, every read and every write asks first.

let bench: Bench
let id: string
let projectId: string

/** Documents one below the other, and shares of others beside them. */
const DEPTH = 12
const MANY = 20_000

beforeAll(async () => {
  bench = await startBench()
  const { ctx, sql } = bench
  const top = await bench.document()
  projectId = top.projectId
  const { organizationId } = top
  const chain = Array.from({ length: DEPTH }, (_, index) => `deep-${index}`)
  for (const [index, deep] of chain.entries()) {
    const parentId = index === 0 ? top.id : (chain[index - 1] ?? null)
    const data = {
      id: deep,
      projectId,
      organizationId,
      parentId,
      kind: 'document',
      title: `Level ${index}`,
      epoch: 'e',
    }
    await ctx.db.resource.create({ data: { ...data, createdBy: 'user:ada' } })
  }
  id = chain.at(-1) ?? ''
  await sql(
    `INSERT INTO resources (id, project_id, organization_id, kind, title, epoch, created_by)
     SELECT 'other-' || n, $1, $2, 'document', 'Other', 'e', 'user:ada' FROM generate_series(1, ${MANY}) n`,
    [projectId, organizationId],
  )
  await sql(
    `INSERT INTO shares (id, organization_id, resource_id, user_id, level, created_by)
     SELECT 'share-' || n, $1, 'other-' || n, 'user-' || n, 'edit', 'user:ada' FROM generate_series(1, ${MANY}) n`,
    [organizationId],
  )
  const give = { organizationId, createdBy: 'user:ada' }
  await ctx.db.share.createMany({
    data: [
      { ...give, id: 'one', projectId, userId: 'bob', level: 'view' },
      { ...give, id: 'two', resourceId: chain[3] ?? null, userId: 'bob', level: 'comment' },
      { ...give, id: 'three', resourceId: id, teamId: 'team', level: 'edit' },
      { ...give, id: 'four', resourceId: id, userId: 'cleo', level: 'manage' },
    ],
  })
  const link = { organizationId, resourceId: id, nonce: 'n', level: 'view', createdBy: 'user:ada' }
  await ctx.db.shareLink.createMany({
    data: [
      { ...link, id: 'holds' },
      { ...link, id: 'ahead', expiresAt: new Date(Date.now() + 60_000) },
      { ...link, id: 'over', expiresAt: new Date(Date.now() - 1) },
      { ...link, id: 'revoked', revokedAt: new Date() },
    ],
  })
  await sql('ANALYZE shares, resources, share_links, projects')
})
afterAll(() => bench.stop())

describe('where a document lies', () => {
  test('holds all above it, what was given there to one person and to teams, and the links that hold', async () => {
    const place = await placeOf(bench.ctx, id, 'bob')
    expect(place?.above.map(({ title }) => title)).toEqual([
      ...Array.from({ length: DEPTH - 1 }, (_, index) => `Level ${DEPTH - 2 - index}`),
      'Trial',
    ])
    const given = (place?.given ?? []).map(({ userId, teamId, level }) => `${userId ?? teamId} ${level}`)
    expect(given.sort()).toEqual(['bob comment', 'bob view', 'team edit'])
    expect(place?.links.map((link) => link.id).sort()).toEqual(['ahead', 'holds'])
    expect(place?.resource).toMatchObject({ id, projectId, seq: 0n, trashedAt: null })
    expect(place?.project).toMatchObject({ id: projectId, access: 'organization', deletedAt: null })
  })

  test('holds what was given to anybody where nobody is named, and is nothing for what is not there', async () => {
    const place = await placeOf(bench.ctx, id, null)
    expect(place?.given).toHaveLength(4)
    expect(await placeOf(bench.ctx, 'nowhere', null)).toBeNull()
  })

  test('is found by indices, however much there is beside it', async () => {
    for (const userId of ['bob', null]) {
      const [row] = await bench.sql(`EXPLAIN (ANALYZE, FORMAT JSON) ${PLACE}`, [id, userId])
      const [explained] = (row?.['QUERY PLAN'] ?? []) as { Plan: Plan }[]
      const scans = scansIn(explained?.Plan)
      const large = scans.filter((scan) => ['shares', 'resources'].includes(scan['Relation Name'] ?? ''))
      expect(large.length).toBeGreaterThan(2)
      expect(large.map((scan) => scan['Node Type'])).not.toContain('Seq Scan')
      for (const scan of large) expect(scan['Actual Rows'] * scan['Actual Loops']).toBeLessThan(50)
    }
  })
})

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  Plans?: Plan[]
}

function scansIn(plan: Plan | undefined): Plan[] {
  if (!plan) return []
  return [...(plan['Relation Name'] ? [plan] : []), ...(plan.Plans ?? []).flatMap(scansIn)]
}
