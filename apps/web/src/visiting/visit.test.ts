// @vitest-environment happy-dom
import { Problem } from '@realtime/contracts'
import { beforeEach, describe, expect, it } from 'vitest'
import { actAs, tokens } from '../api.ts'
import { isOver, keptName, keptVisit, principalIn } from './visit.ts'

const jwt = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`

describe('the token of a visitor', () => {
  it('names who they are', () => {
    expect(principalIn(jwt({ sub: 'v1_a-x', act: 'link' }))).toBe('link:v1_a-x')
  })
  it('is refused when it names nobody', () => {
    expect(() => principalIn('nonsense')).toThrow(Problem)
    expect(() => principalIn(jwt({ sub: '' }))).toThrow(Problem)
  })
})

describe('what this browser keeps of a visit', () => {
  beforeEach(() => localStorage.clear())
  it('is nothing when it cannot be read', () => {
    expect(keptVisit('abcdefghijklmnopqrstuvwxyz')).toBeNull()
    localStorage.setItem('realtime.visitor.abcdefghijklmnopqrst', '{"visitor":3}')
    expect(keptVisit('abcdefghijklmnopqrstuvwxyz')).toBeNull()
    expect(keptName()).toBe('')
  })
  it('belongs to its link', () => {
    localStorage.setItem('realtime.visitor.abcdefghijklmnopqrst', '{"visitor":"v.m.p","name":"Vi"}')
    expect(keptVisit('abcdefghijklmnopqrstuvwxyz')).toEqual({ visitor: 'v.m.p', name: 'Vi' })
    expect(keptVisit('bbcdefghijklmnopqrstuvwxyz')).toBeNull()
  })
})

describe('a link', () => {
  it('is over by what no further attempt mends, not by a password or a server that is away', () => {
    expect(isOver(new Problem('invalid-token'))).toBe(true)
    expect(isOver(new Problem('password-required'))).toBe(false)
    expect(isOver(new Problem('rate-limited'))).toBe(false)
    expect(isOver(new Problem('unavailable'))).toBe(false)
    expect(isOver(new TypeError('x'))).toBe(false)
  })
})

describe('the page of a visit', () => {
  const in10Minutes = () => new Date(Date.now() + 600_000).toISOString()
  it('acts as the visitor, renews their token, and is nobody’s once it is left', async () => {
    const given = ['first', 'second']
    const leave = actAs({
      fetchToken: async () => ({ token: given.shift() ?? 'none', expiresAt: in10Minutes() }),
      ended() {},
    })
    expect(await tokens.token()).toBe('first')
    expect(await tokens.token()).toBe('first')
    expect(await tokens.renew('first')).toBe('second')
    const other = actAs({ fetchToken: async () => ({ token: 'other', expiresAt: in10Minutes() }), ended() {} })
    // Leaving late does not end the visit that followed.
    leave()
    expect(await tokens.token()).toBe('other')
    other()
    await expect(tokens.token()).rejects.toThrow()
  })
})
