import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { invalidInput, Problem, type ProblemKey, problemFrom, problems, toProblem } from './problem.ts'

const keys = Object.keys(problems) as ProblemKey[]

test('problems.json, which other languages read, is this table', () => {
  const file: unknown = JSON.parse(readFileSync(new URL('../problems.json', import.meta.url), 'utf8'))
  const table = Object.fromEntries(keys.map((key) => [key, { status: problems[key][0], title: problems[key][1] }]))
  expect(file).toEqual(table)
})

describe('the JSON of a problem', () => {
  test('tells the detail below 500, and of what speaks to the user; else the title only', () => {
    for (const key of keys) {
      const [status, title] = problems[key]
      const json = new Problem(key, 'the password is hunter2').toJson('r-1')
      const told =
        status < 500 || ['unavailable', 'mail-unavailable', 'ai-unavailable', 'billing-unavailable'].includes(key)
      expect(json, key).toEqual({
        type: `/problems/${key}`,
        title,
        status,
        detail: told ? 'the password is hunter2' : title,
        instance: 'r-1',
      })
    }
  })

  test('has extensions, which cannot replace its own members', () => {
    const problem = new Problem('conflict', undefined, { extra: { code: 'X', status: 200, type: 'y', instance: 'z' } })
    expect(problem.toJson('r-1')).toMatchObject({ code: 'X', status: 409, type: '/problems/conflict', instance: 'r-1' })
  })

  test('reads as it was written, with errors and extensions', () => {
    const errors = [{ path: 'body.name', message: 'must not be empty' }]
    const written = new Problem('invalid-input', 'body.name: must not be empty', { errors, extra: { frame: 3 } })
    const json = written.toJson('r-1')
    const read = problemFrom(JSON.parse(JSON.stringify(json)))
    expect(read).toMatchObject({ key: 'invalid-input', message: written.message, errors, extra: { frame: 3 } })
    expect(read?.instance).toBe('r-1')
    expect(read?.toJson('r-1')).toEqual(json)
  })

  test.each([
    ['null', null],
    ['text', 'not-found'],
    ['an unknown type', { type: '/problems/nonsense', title: '', status: 400, detail: '', instance: '' }],
    ['a type of Object', { type: '/problems/constructor', title: '', status: 400, detail: '', instance: '' }],
    ['a key that is no type', { type: 'not-found', title: '', status: 404, detail: '', instance: '' }],
    ['about:blank', { type: 'about:blank', title: '', status: 400, detail: '', instance: '' }],
    ['no status', { type: '/problems/not-found', title: '', detail: '', instance: '' }],
  ])('is not read from %s', (_name, value) => {
    expect(problemFrom(value)).toBeNull()
  })
})

test('whatever is thrown becomes a problem once', () => {
  const problem = new Problem('not-found')
  expect(toProblem(problem)).toBe(problem)
  const cause = new Error('connection string with password')
  const wrapped = toProblem(cause)
  expect(wrapped).toMatchObject({ key: 'internal', status: 500, cause })
  expect(JSON.stringify(wrapped.toJson('r'))).not.toContain('password')
})

test('wrong input is named with its path', () => {
  const schema = z.strictObject({ people: z.array(z.object({ name: z.string() })) })
  const { error } = schema.safeParse({ people: [{ name: 5 }], more: 1 })
  if (!error) throw new Error('the input is wrong')
  const problem = invalidInput(error, 'body')
  expect(problem.key).toBe('invalid-input')
  expect(problem.errors?.map(({ path }) => path)).toEqual(['body.people.0.name', 'body'])
  expect(problem.errors?.[1]?.message).toContain('more')
  expect(problem.message).toMatch(/^body\.people\.0\.name: /)
})
