import { expect, test } from 'vitest'
import { entitlements } from './entitlements.ts'

test('nothing is allowed while nobody can be asked, and the next question is asked anew', async () => {
  const away = entitlements({ baseUrl: 'http://127.0.0.1:9', timeoutMs: 1_000 })
  for (let time = 0; time < 2; time++) await expect(away.find('acme')).rejects.toMatchObject({ key: 'unavailable' })
})
