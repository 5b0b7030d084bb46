import { type Actor, type Level, levels, type Role, roles } from '@realtime/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { titlesOf } from './access.ts'
import { Prisma } from './database/client.ts'
import { newId } from './ids.ts'
import { placeOf } from './places.ts'
import { levelBy, organizationLevel, standingBy, waysInto } from './standing.ts'
import { type Bench, startBench } from './testing.ts'
import { visibleTo } from './visible.ts'

// Lists find by SQL what the gate decides one by one: of many people in a random organization, both must say the same.

let bench: Bench
const organizationId = newId()
const documents: string[] = []
const people = Array.from({ length: 24 }, (_, index) => `person-${index}`)
const teams = ['red', 'green', 'blue']
const SEED = 20_261_123

/** Numbers that are the same each time (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
const random = numbers(SEED)
const one = <T>(list: readonly T[]): T => list[random(list.length)] as T

beforeAll(async () => {
  bench = await startBench()
  const { db } = bench.ctx
  for (let index = 0; index < 12; index++) {
    const id = `project-${index}`
    const access = one(['organization', 'teams', 'private'])
    const memberLevel = one(['view', 'comment', 'edit'])
    const deletedAt = index === 11 ? new Date() : null
    const createdBy = `user:${one(people)}`
    await db.project.create({ data: { id, organizationId, name: id, access, memberLevel, deletedAt, createdBy } })
    const ours: string[] = []
    for (let number = 0; number < 15; number++) {
      const document = `document-${index}-${number}`
      const parentId = ours.length > 0 && random(3) > 0 ? one(ours) : null
      const more = { kind: 'document', title: document, epoch: 'e', createdBy, trashedAt: deletedAt }
      await db.resource.create({ data: { id: document, organizationId, projectId: id, parentId, ...more } })
      ours.push(document)
    }
    documents.push(...ours)
  }
  const whom = () => (random(2) === 0 ? { userId: one(people) } : { teamId: one(teams) })
  const shares = Array.from({ length: 160 }, () => ({
    ...(random(4) === 0 ? { projectId: `project-${random(12)}` } : { resourceId: one(documents) }),
    ...whom(),
    id: newId(),
    organizationId,
    level: one(levels),
    createdBy: 'user:person-0',
  }))
  await db.share.createMany({ data: shares, skipDuplicates: true })
})
afterAll(() => bench.stop())

function actorOf(userId: string): Actor {
  const kind = random(4)
  if (kind === 0) return { type: 'key', id: 'key', userId, scopes: ['documents:read'] }
  if (kind === 1) return { type: 'key', id: 'key', userId, scopes: ['documents:write'] }
  return { type: 'user', id: userId, sessionId: 'session' }
}

test('what lists find is what the gate lets in, with the same level', async () => {
  const { ctx } = bench
  let found = 0
  for (const userId of people) {
    const role: Role = one(roles)
    const membership = { role, name: userId, image: null, teams: teams.filter(() => random(3) === 0) }
    const actor = actorOf(userId)
    const who = { actor, organizationId, userId, membership }
    const standing = standingBy(who, [
      { source: 'organization', level: organizationLevel[role], from: null, teamId: null },
    ])
    const { ctes, join, sees, level } = await visibleTo(ctx, standing)
    const rows = await ctx.db.$queryRaw<{ id: string; level: Level }[]>(Prisma.sql`
      WITH RECURSIVE ${ctes} SELECT r.id, ${level} AS level FROM resources r ${join}
      WHERE r.organization_id = ${organizationId} AND r.trashed_at IS NULL AND ${sees}`)
    const listed = Object.fromEntries(rows.map((row) => [row.id, row.level]))
    const gated: Record<string, Level> = {}
    for (const id of documents) {
      const place = await placeOf(ctx, id, userId)
      if (!place || place.resource.trashedAt) continue
      const own = levelBy(actor, waysInto({ userId, membership }, place.project, place.given, titlesOf(place)))
      if (own) gated[id] = own
    }
    expect(listed, `${userId} (${role}, ${actor.type}), seed ${SEED}`).toEqual(gated)
    found += rows.length
  }
  expect(found).toBeGreaterThan(500)
  expect(found).toBeLessThan(people.length * documents.length)
})
