import { organizationApi as api, call } from '@realtime/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { create, problem, refused } from './organizations.ts'
import { startPeople, type TestPeople, type TestPerson } from './people.ts'

let people: TestPeople
let ada: TestPerson
beforeAll(async () => {
  people = await startPeople()
  ada = await people.person('Ada')
})
afterAll(() => people.stop())

type Changes = { name?: string; slug?: string | null; logo?: string | null }
const update = (id: string, body: Changes) => call(ada.caller, api.update, { params: { id }, body })

const dataUrl = (type: string, bytes: Buffer) => `data:image/${type};base64,${bytes.toString('base64')}`
const padded = (bytes: string) => Buffer.concat([Buffer.from(bytes, 'latin1'), Buffer.alloc(40)])
const PNG = padded('\x89PNG\r\n\x1a\n')
const JPEG = padded('\xff\xd8\xff\xe0')
const WEBP = padded('RIFF\x24\0\0\0WEBPVP8 ')

describe('a name', () => {
  it.each([
    ['right-to-left', 'שָׁלוֹם עולם', 'שָׁלוֹם עולם'],
    ['overrides of the direction', 'safe\u202Etxt.exe\u2066', 'safe txt.exe'],
    ['emoji', 'Team 👩‍👩‍👧‍👦 🏳️‍🌈', 'Team 👩‍👩‍👧‍👦 🏳️‍🌈'],
    ['control characters', ' a\u0000b\r\nc\u001b[31m ', 'a b c [31m'],
    ['Chinese', '灯塔协作', '灯塔协作'],
    ['the longest', 'x'.repeat(80), 'x'.repeat(80)],
  ])('may be %s', async (_what, name, kept) => {
    const made = await create(ada, name)
    expect(made.name).toBe(kept)
    expect((await update(made.id, { name: `${kept.slice(0, 3)}2` })).name).toBe(`${kept.slice(0, 3)}2`)
  })

  it.each([
    ['empty', ''],
    ['of control characters alone', '\u0000\u001b'],
    ['too long', 'x'.repeat(81)],
  ])('may not be %s', async (_what, name) => {
    const { id } = await create(ada)
    await refused('invalid-input', [create(ada, name), update(id, { name })])
    expect((await call(ada.caller, api.get, { params: { id } })).name).toBe('Acme')
  })
})

describe('a slug', () => {
  it('is given, changed and taken away', async () => {
    const { id } = await create(ada)
    expect(await update(id, { slug: 'Blue-Lighthouse' })).toMatchObject({ slug: 'blue-lighthouse', name: 'Acme' })
    expect((await update(id, { slug: 'blue-lighthouse', name: 'Blue' })).slug).toBe('blue-lighthouse')
    expect((await update(id, { slug: null })).slug).toBeNull()
    const other = await create(ada)
    expect((await update(other.id, { slug: 'blue-lighthouse' })).slug).toBe('blue-lighthouse')
  })

  it('is for one organization, also when two want it at once, and then nothing is changed', async () => {
    const [one, two] = await Promise.all([create(ada), create(ada)])
    const results = await Promise.allSettled(
      [one, two].map(({ id }) => update(id, { slug: 'wanted', name: 'Changed' })),
    )
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toEqual(problem('slug-taken'))
    const both = await Promise.all([one, two].map(({ id }) => call(ada.caller, api.get, { params: { id } })))
    expect(both.map(({ name, slug }) => [name, slug])).toEqual(
      expect.arrayContaining([
        ['Changed', 'wanted'],
        ['Acme', null],
      ]),
    )
  })

  it('is no word of the server’s own, and has letters, digits and hyphens', async () => {
    const { id } = await create(ada)
    await refused(
      'slug-taken',
      ['admin', 'Settings', 'api', 'documents', 'sign-in'].map((slug) => update(id, { slug })),
    )
    await refused(
      'invalid-input',
      ['ab', 'a b', '-ab', 'ab-', 'äöü', 'a/b', '../x', 'x'.repeat(49), ''].map((slug) => update(id, { slug })),
    )
    expect((await call(ada.caller, api.get, { params: { id } })).slug).toBeNull()
  })
})

describe('a logo', () => {
  it.each([
    ['png', PNG],
    ['jpeg', JPEG],
    ['webp', WEBP],
  ])('may be %s', async (type, bytes) => {
    const { id } = await create(ada)
    const logo = dataUrl(type, bytes)
    expect((await update(id, { logo })).logo).toBe(logo)
    expect((await call(ada.caller, api.get, { params: { id } })).logo).toBe(logo)
    expect((await update(id, { logo: null })).logo).toBeNull()
  })

  it.each([
    ['of another type than it says', dataUrl('png', JPEG)],
    ['a page', dataUrl('png', Buffer.from('<html><script>alert(1)</script></html>'))],
    ['a drawing with scripts', dataUrl('svg+xml', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))],
    ['an address', 'https://example.com/logo.png'],
    ['no base64', `data:image/png;base64,${PNG.toString('base64').slice(0, -1)}`],
    ['nearly nothing', dataUrl('jpeg', Buffer.from('\xff\xd8\xff', 'latin1'))],
    ['too large', dataUrl('png', Buffer.concat([PNG, Buffer.alloc(160_000)]))],
  ])('may not be %s', async (_what, logo) => {
    const { id } = await create(ada)
    await expect(update(id, { logo })).rejects.toEqual(problem('invalid-input'))
    expect((await call(ada.caller, api.get, { params: { id } })).logo).toBeNull()
  })
})
