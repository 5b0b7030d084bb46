import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from './ids.ts'
import { purgeOrganization, purgeStrays } from './purging.ts'
import { append, type Bench, startBench, typed } from './testing.ts'

let bench: Bench

beforeAll(async () => {
  bench = await startBench()
})
afterAll(async () => {
  await bench?.stop()
})

/** How many rows each table has. */
async function sizes(): Promise<Record<string, number>> {
  const tables = await bench.sql(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND tablename NOT IN ('_prisma_migrations', 'changes')`,
    [bench.schema],
  )
  const counted: Record<string, number> = {}
  for (const { name } of tables) {
    counted[String(name)] = Number((await bench.sql(`SELECT count(*) AS n FROM "${name}"`))[0]?.n)
  }
  return counted
}

it('an organization that is gone leaves nothing, and others as they were', async () => {
  const { ctx, sql } = bench
  const other = await bench.document()
  await append(bench, other, [typed('stays')])
  const before = await sizes()
  const gone = await bench.document()
  await append(bench, gone, [typed('goes')])
  const child = await bench.document()
  await sql('UPDATE resources SET organization_id = $2, project_id = $3, parent_id = $4 WHERE id = $1', [
    child.id,
    gone.organizationId,
    gone.projectId,
    gone.id,
  ])
  await sql('UPDATE projects SET organization_id = $2 WHERE id = $1', [child.projectId, gone.organizationId])
  const { organizationId, id: resourceId } = gone
  const linkId = newId()
  const common = { organizationId, resourceId }
  await ctx.db.share.create({ data: { id: newId(), ...common, userId: 'max', level: 'edit', createdBy: 'user:ada' } })
  await ctx.db.share.create({
    data: {
      id: newId(),
      organizationId,
      projectId: gone.projectId,
      userId: 'max',
      level: 'edit',
      createdBy: 'user:ada',
    },
  })
  await ctx.db.shareLink.create({ data: { id: linkId, ...common, nonce: 'n', level: 'view', createdBy: 'user:ada' } })
  await ctx.db.visitor.create({ data: { id: newId(), linkId, name: 'Somebody' } })
  await ctx.db.favourite.create({ data: { userId: 'max', ...common, position: 'a0' } })
  await ctx.db.visit.create({ data: { userId: 'max', ...common } })
  await ctx.db.notification.create({
    data: { id: newId(), userId: 'max', ...common, type: 'shared', principal: 'user:ada', key: 'k' },
  })
  const comments = { create: { id: newId(), principal: 'user:ada', text: 'Hello' } }
  await ctx.db.thread.create({ data: { id: newId(), ...common, comments } })
  await ctx.db.file.create({ data: { id: 'f'.repeat(43), type: 'image/png', size: 1 } })
  await ctx.db.fileChunk.create({ data: { fileId: 'f'.repeat(43), index: 0, bytes: new Uint8Array([1]) } })
  await ctx.db.resourceFile.create({ data: { ...common, fileId: 'f'.repeat(43), principal: 'user:ada' } })
  await purgeOrganization(ctx, organizationId, new AbortController().signal)
  // What search or history of the other one wrote meanwhile is not of the one that is gone.
  const after = await sizes()
  const { search_texts: _texts, snapshots: _snapshots, versions: _versions, ...counted } = after
  expect(before).toMatchObject(counted)
  expect(await sql('SELECT 1 FROM search_texts WHERE organization_id = $1', [organizationId])).toEqual([])
  await purgeOrganization(ctx, organizationId, new AbortController().signal)
})

it('what was kept in the moment of a purge goes later, and nothing else', async () => {
  const { ctx, sql } = bench
  const { id, organizationId, projectId } = await bench.document()
  const visit = (resourceId: string) => ({ userId: 'max', resourceId, organizationId })
  await ctx.db.visit.createMany({ data: [visit(id), visit('purged')] })
  const share = { organizationId, userId: 'max', level: 'view', createdBy: 'user:ada' }
  await ctx.db.share.createMany({
    data: [
      { ...share, id: newId(), projectId },
      { ...share, id: newId(), resourceId: 'purged' },
    ],
  })
  await purgeStrays(ctx, new AbortController().signal)
  expect(await sql('SELECT resource_id FROM visits')).toEqual([{ resource_id: id }])
  expect(await sql('SELECT project_id FROM shares WHERE user_id = $1', ['max'])).toEqual([{ project_id: projectId }])
})
