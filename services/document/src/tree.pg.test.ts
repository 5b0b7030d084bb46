import { asUser } from '@realtime/kit/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from './ids.ts'
import type { Standing } from './standing.ts'
import { type Bench, startBench } from './testing.ts'
import { childrenQuery } from './tree.ts'
import { visibleTo } from './visible.ts'

let bench: Bench

beforeAll(async () => {
  bench = await startBench()
})
afterAll(async () => {
  await bench?.stop()
})

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Plan[]
}

it('a page of ten thousand children reads only its own rows', async () => {
  const organizationId = newId()
  const project = { id: newId(), organizationId, name: 'Crowded', createdBy: 'user:ada' }
  await bench.ctx.db.project.create({ data: project })
  const crowd = (prefix: string, parent: string | null) =>
    bench.sql(
      `INSERT INTO resources (id, project_id, organization_id, parent_id, position, kind, title, epoch, created_by)
       SELECT $3 || n, $1, $2, $4, 'c' || lpad(n::text, 5, '0') || '1', 'document', 'Crowd', 'e', 'user:ada'
       FROM generate_series(1, 10000) n`,
      [project.id, organizationId, prefix, parent],
    )
  await crowd('top', null)
  await crowd('below', 'top5')
  await bench.sql('ANALYZE resources')
  const standing: Standing = {
    actor: asUser('ada'),
    organizationId,
    userId: 'ada',
    membership: { role: 'member', name: 'Ada', image: null, teams: [] },
    level: 'edit',
    permission: 'write',
    ways: [],
  }
  const visible = await visibleTo(bench.ctx, standing)
  const last = { id: 'top5000', position: 'c050001' }
  for (const where of [
    { parent: null, last: null },
    { parent: null, last },
    { parent: 'top5', last: null },
  ]) {
    const { text, values } = childrenQuery(visible, { project: project.id, ...where, limit: 201 })
    const [row] = await bench.sql(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values)
    const plan = ((row?.['QUERY PLAN'] ?? []) as { Plan: Plan }[])[0]?.Plan
    if (!plan) throw new Error('no plan')
    expect(plan['Actual Rows']).toBe(201)
    expect(readBy(plan)).toBeLessThan(1000)
  }
})

/** Rows of resources that a plan has read. */
function readBy(plan: Plan): number {
  const own = plan['Relation Name'] === 'resources' ? plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0) : 0
  return own * plan['Actual Loops'] + (plan.Plans ?? []).reduce((sum, below) => sum + readBy(below), 0)
}
