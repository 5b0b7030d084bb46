import { afterEach, expect, test, vi } from 'vitest'
import { serviceCaller } from './callers.ts'
import { withRequestId } from './request.ts'
import { serviceTokens } from './tokens.ts'

const secret = 's'.repeat(32)
const callerOf = serviceTokens({ name: 'document', secret })
const made = () => serviceCaller({ from: 'collaboration', to: 'document', url: 'http://127.0.0.1:9', secret })

afterEach(() => vi.useRealTimers())

test('one token serves the calls of twenty seconds, and is good to its last', async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
  const caller = made()
  const token = async () => (await caller.headers?.())?.authorization?.replace('Bearer ', '') ?? ''
  const first = await token()
  expect(await callerOf(first)).toBe('collaboration')
  expect(await Promise.all([token(), token()])).toEqual([first, first])
  vi.setSystemTime(Date.now() + 20_000)
  expect(await token()).toBe(first)
  // Far from its end: also who verifies it with a clock that is ahead takes it.
  vi.setSystemTime(Date.now() + 30_000)
  expect(await serviceTokens({ name: 'document', secret })(first)).toBe('collaboration')
  const second = await token()
  expect(second).not.toBe(first)
  expect(await callerOf(second)).toBe('collaboration')
  // A clock that was set back.
  vi.setSystemTime(Date.now() - 3_600_000)
  const third = await token()
  expect(third).not.toBe(second)
  expect(await callerOf(third)).toBe('collaboration')
})

test('callers do not share tokens, and each call has its own request id', async () => {
  const [one, other] = [made(), made()]
  const headers = async (caller = one) => (await caller.headers?.()) ?? {}
  expect((await headers()).authorization).not.toBe((await headers(other)).authorization)
  const ids = await Promise.all(['request-1', 'request-2'].map((id) => withRequestId(id, () => headers())))
  expect(ids.map((each) => each['x-request-id'])).toEqual(['request-1', 'request-2'])
  expect(await headers()).not.toHaveProperty('x-request-id')
})
