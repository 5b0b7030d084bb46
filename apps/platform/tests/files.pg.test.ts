import { randomBytes } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import {
  documentApi as api,
  billingApi,
  type Caller,
  call,
  MAX_FILE_BYTES,
  organizationApi,
  type Resource,
  type StoredFile,
} from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { join, type Person, setUp } from '../src/person.ts'
import { startPlatform, type TestPlatform } from '../src/testing.ts'

// Through the gateway, on the real organization service: what a browser would see.

let platform: TestPlatform
let ann: Person
let guest: Person
let stranger: Person
let nobody: Caller

beforeAll(async () => {
  platform = await startPlatform()
  nobody = { baseUrl: platform.publicUrl }
  ann = await setUp(`${platform.publicUrl}/setup?token=${platform.env.SETUP_TOKEN}`, 'Ann')
  const invitation = await call(ann.caller, organizationApi.invite, {
    params: { id: ann.organizationId },
    body: { role: 'guest' },
  })
  guest = await join(invitation.url, 'Gus')
  const own = await call(guest.caller, organizationApi.invite, { params: { id: guest.organizationId }, body: {} })
  stranger = await join(own.url, 'Sam')
})
afterAll(() => platform?.stop())

const create = (): Promise<Resource> =>
  call(ann.caller, api.createDocument, { body: { projectId: ann.projectId, kind: 'canvas', title: 'Board' } })
const upload = (who: Caller, id: string, body: Uint8Array) => call(who, api.uploadImage, { params: { id }, body })
const linksOf = (who: Caller, id: string, files: string[]) =>
  call(who, api.fileLinks, { params: { id }, body: { files } })
const sql = (text: string, values?: unknown[]) => platform.schemas.document?.sql(text, values)

/** A GIF that is padded to a size with bytes of its own. */
function gif(size = 100): Uint8Array {
  const bytes = new Uint8Array(randomBytes(size))
  bytes.set(Buffer.from('GIF89a'))
  bytes.set([3, 0, 2, 0, 0, 0, 0], 6)
  return bytes
}

/** Stores a file and answers it with its address. */
async function stored(bytes: Uint8Array): Promise<{ id: string; file: StoredFile; url: string }> {
  const { id } = await create()
  const file = await upload(ann.caller, id, bytes)
  const { links } = await linksOf(ann.caller, id, [file.id])
  return { id, file, url: platform.publicUrl + (links[0]?.url ?? '') }
}

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer())

describe('storing', () => {
  it('names a file by its bytes, once for all, and reads its size from them', async () => {
    const [one, two] = [await create(), await create()]
    const bytes = gif(3 * 1024 * 1024 + 17)
    const file = await upload(ann.caller, one.id, bytes)
    expect(file).toEqual({ id: expect.any(String), type: 'image/gif', size: bytes.length, width: 3, height: 2 })
    const answers = await Promise.all([one, one, two].map(({ id }) => upload(ann.caller, id, bytes)))
    expect(answers).toEqual([file, file, file])
    expect(await sql('SELECT index, length(bytes) AS size FROM file_chunks WHERE file_id = $1', [file.id])).toEqual(
      [1048576, 1048576, 1048576, 17].map((size, index) => ({ index, size })),
    )
    expect(await sql('SELECT resource_id FROM resource_files WHERE file_id = $1', [file.id])).toHaveLength(2)
  })

  it('is for those who may write', async () => {
    const { id } = await create()
    const refused = [
      [nobody, 'unauthenticated'],
      [guest.caller, 'read-only'],
      [stranger.caller, 'not-found'],
    ] as const
    for (const [who, key] of refused) await expect(upload(who, id, gif())).rejects.toMatchObject({ key })
    await expect(upload(ann.caller, 'nowhere', gif())).rejects.toMatchObject({ key: 'not-found' })
    await call(ann.caller, api.deleteDocument, { params: { id } })
    await expect(upload(ann.caller, id, gif())).rejects.toMatchObject({ key: 'not-found' })
  })

  it('refuses what is no image, and says why', async () => {
    const { id } = await create()
    for (const [bytes, detail] of [
      [Buffer.alloc(0), /empty/],
      [Buffer.from('<html></html>'), /Only PNG/],
      [gif().subarray(0, 8), /damaged/],
    ] as const) {
      const problem = { key: 'invalid-file', message: expect.stringMatching(detail) }
      await expect(upload(ann.caller, id, bytes)).rejects.toMatchObject(problem)
    }
    const headers = { ...(await ann.caller.headers?.()), 'content-type': 'image/png' }
    const other = await fetch(`${platform.publicUrl}/documents/${id}/files`, { method: 'POST', headers, body: 'x' })
    expect(other.status).toBe(415)
  })

  it('takes 25 MB, not a byte more, and does not read what is announced as larger', async () => {
    const { id } = await create()
    const most = gif(MAX_FILE_BYTES)
    expect((await upload(ann.caller, id, most)).size).toBe(MAX_FILE_BYTES)
    for (const announced of [true, false]) {
      const { status, sent } = await pour(id, 200 * 1024 * 1024, announced)
      expect(status).toBe(413)
      if (announced) expect(sent).toBeLessThan(16 * 1024 * 1024)
    }
    expect((await upload(ann.caller, id, gif())).size).toBe(100)
  })

  it('tells the organization what it stores, each file once', async () => {
    const { caller, organizationId } = stranger
    const project = stranger.projectId
    const body = { projectId: project, kind: 'canvas', title: '' } as const
    const [one, two] = [
      await call(caller, api.createDocument, { body }),
      await call(caller, api.createDocument, { body }),
    ]
    const used = async () =>
      (await call(caller, billingApi.entitlements, { params: { id: organizationId } })).usage.storageBytes
    const bytes = gif(1000)
    await upload(caller, one.id, bytes)
    await upload(caller, two.id, bytes)
    await eventually(async () => (await used()) === 1000)
    await upload(caller, two.id, gif(500))
    await eventually(async () => (await used()) === 1500)
    // What could not be told is told at the next start.
    await platform.schemas.organization?.sql('DELETE FROM usage')
    await platform.stopService('document')
    await platform.startService('document')
    await eventually(async () => (await used()) === 1500)
  })
})

/** Sends zeroes until somebody stops it; how much went out, and what was answered. */
async function pour(id: string, size: number, announced: boolean): Promise<{ status: number; sent: number }> {
  const headers = {
    ...(await ann.caller.headers?.()),
    'content-type': 'application/octet-stream',
    ...(announced ? { 'content-length': String(size) } : {}),
  }
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${platform.publicUrl}/documents/${id}/files`, { method: 'POST', headers })
    const piece = Buffer.alloc(64 * 1024)
    let sent = 0
    let done = false
    const push = (): void => {
      while (!done && sent < size) {
        sent += piece.length
        if (!request.write(piece)) return void request.once('drain', push)
      }
      if (!done) request.end()
    }
    request.once('response', (response) => {
      done = true
      const { statusCode: status = 0 } = response
      response.resume()
      resolve({ status, sent })
      request.destroy()
    })
    request.on('error', (error) => (done ? undefined : reject(error)))
    push()
  })
}

describe('addresses', () => {
  it('are for those who may read, of files of the resource only', async () => {
    const { id, file } = await stored(gif())
    const other = await stored(gif())
    const { links, expiresAt } = await linksOf(guest.caller, id, [file.id, other.file.id, 'A'.repeat(43)])
    expect(links).toEqual([{ file: file.id, type: 'image/gif', url: expect.stringMatching(/^\/documents\//) }])
    const left = new Date(expiresAt).getTime() - Date.now()
    expect(left).toBeGreaterThan(3_599_000)
    expect(left).toBeLessThanOrEqual(4_500_000)
    await expect(linksOf(nobody, id, [file.id])).rejects.toMatchObject({ key: 'unauthenticated' })
    await expect(linksOf(stranger.caller, id, [file.id])).rejects.toMatchObject({ key: 'not-found' })
    for (const files of [[], ['x'], Array(201).fill(file.id)]) {
      await expect(linksOf(ann.caller, id, files)).rejects.toMatchObject({ key: 'invalid-input' })
    }
  })

  it('open nothing when forged, of another file, or ended', async () => {
    const { id, url } = await stored(gif())
    const other = await stored(gif())
    const mine = new URL(url)
    const theirs = new URL(other.url)
    const foreign = new URL(theirs)
    foreign.search = mine.search
    const moved = new URL(url)
    moved.pathname = moved.pathname.replace(id, other.id)
    const longer = new URL(url)
    longer.searchParams.set('expires', String(Number(mine.searchParams.get('expires')) + 900))
    const old = new URL(url)
    old.searchParams.set('expires', '1')
    for (const wrong of [foreign, moved, longer, old]) {
      const response = await fetch(wrong)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ type: '/problems/invalid-token' })
    }
    const bare = new URL(url)
    bare.search = ''
    expect((await fetch(bare)).status).toBe(400)
    expect((await fetch(url)).status).toBe(200)
    await call(ann.caller, api.deleteDocument, { params: { id } })
    expect((await fetch(url)).status).toBe(404)
  })
})

describe('bytes', () => {
  it('come with headers under which nothing runs and all is kept', async () => {
    const bytes = gif(2_500_000)
    const { file, url } = await stored(bytes)
    const response = await fetch(url)
    expect(response.status).toBe(200)
    expect((await bytesOf(response)).equals(bytes)).toBe(true)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/gif',
      'content-length': '2500000',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': expect.stringMatching(/^private, max-age=\d{4}, immutable$/),
      'accept-ranges': 'bytes',
      etag: `"${file.id}"`,
    })
    expect(response.headers.get('content-disposition')).toBeNull()
    const same = await fetch(url, { headers: { 'if-none-match': `"${file.id}"` } })
    expect(same.status).toBe(304)
    const head = await fetch(url, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '2500000'])
  })

  it('of an SVG with scripts are an attachment in a sandbox', async () => {
    const text = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
    const { file, url } = await stored(Buffer.from(text))
    expect(file).toMatchObject({ type: 'image/svg+xml', width: null, height: null })
    const response = await fetch(url)
    expect(await response.text()).toBe(text)
    expect(response.headers.get('content-type')).toBe('image/svg+xml')
    expect(response.headers.get('content-disposition')).toBe('attachment')
    expect(response.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
  })

  it('come in part, over the borders of pieces too', async () => {
    const bytes = gif(2_500_000)
    const { file, url } = await stored(bytes)
    const ranges: [string, number, number][] = [
      ['bytes=0-0', 0, 1],
      ['bytes=1048570-1048585', 1048570, 1048586],
      ['bytes=1048576-', 1048576, 2500000],
      ['bytes=-10', 2499990, 2500000],
      ['bytes=2499999-9999999', 2499999, 2500000],
    ]
    for (const [range, from, to] of ranges) {
      const response = await fetch(url, { headers: { range } })
      expect(response.status).toBe(206)
      expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/2500000`)
      expect((await bytesOf(response)).equals(Buffer.from(bytes.subarray(from, to)))).toBe(true)
    }
    const beyond = await fetch(url, { headers: { range: 'bytes=2500000-' } })
    expect(beyond.status).toBe(416)
    expect(beyond.headers.get('content-range')).toBe('bytes */2500000')
    expect(await beyond.json()).toMatchObject({ type: '/problems/range-not-satisfiable' })
    for (const range of ['bytes=0-1,5-6', 'bytes=5-1', 'nonsense']) {
      const all = await fetch(url, { headers: { range } })
      expect([all.status, (await bytesOf(all)).length]).toEqual([200, 2500000])
    }
    const fits = { range: 'bytes=0-0', 'if-range': `"${file.id}"` }
    expect((await fetch(url, { headers: fits })).status).toBe(206)
    const stale = await fetch(url, { headers: { ...fits, 'if-range': '"other"' } })
    expect([stale.status, (await bytesOf(stale)).length]).toEqual([200, 2500000])
  })

  it('are let go of when the reader goes away', async () => {
    const { url } = await stored(gif(20_000_000))
    const leaving = new AbortController()
    const response = await fetch(url, { signal: leaving.signal })
    await response.body?.getReader().read()
    leaving.abort()
    expect((await fetch(url, { headers: { range: 'bytes=-1' } })).status).toBe(206)
  })
})

describe('the plan', () => {
  it('limits what an organization stores, but not what it stores twice', async () => {
    const { id } = await create()
    const kept = gif()
    await upload(ann.caller, id, kept)
    // The free plan of a server with billing; no subscription, so nothing asks Stripe.
    const stripe = { STRIPE_SECRET_KEY: 'sk_test_0', STRIPE_WEBHOOK_SECRET: 'whsec_0' }
    Object.assign(platform.env, stripe, { STRIPE_API_URL: 'http://127.0.0.1:9' })
    await platform.stopService('organization')
    // Nothing is stored unasked, once the last answer is some seconds old.
    await eventually(() => expect(upload(ann.caller, id, gif())).rejects.toMatchObject({ key: 'unavailable' }))
    await platform.startService('organization')
    await sql(`INSERT INTO files (id, type, size) VALUES ('big', 'image/png', $1)`, [1024 ** 3])
    await sql(`INSERT INTO resource_files VALUES ($1, 'big', $2, 'user:ann')`, [id, ann.organizationId])
    const refused = { key: 'plan-limit', extra: { limit: 'storageBytes', allowed: 1024 ** 3, plan: 'free' } }
    await eventually(() => expect(upload(ann.caller, id, gif(10_000))).rejects.toMatchObject(refused))
    const other = await eventually(create)
    expect(await upload(ann.caller, other.id, kept)).toMatchObject({ size: 100 })
    await sql(`DELETE FROM resource_files WHERE file_id = 'big'`)
    expect(await upload(ann.caller, other.id, gif())).toMatchObject({ size: 100 })
  })
})
