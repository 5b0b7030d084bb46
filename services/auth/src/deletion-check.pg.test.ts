import { authApi, securityApi } from '@realtime/contracts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openBrowser, PASSWORD, setUpServer, signUpPerson, startAuth, type TestAuth } from './testing.ts'

let auth: TestAuth
beforeEach(async () => {
  auth = await startAuth()
})
afterEach(() => auth.stop())

const problem = (key: string) => expect.objectContaining({ key })

it('says whether an account could be deleted, and deletes nothing', async () => {
  await setUpServer(openBrowser(auth))
  const browser = openBrowser(auth)
  await signUpPerson(browser, 'Grace')
  await browser.ask(securityApi.checkDeletion, { body: { password: PASSWORD } })
  expect((await browser.ask(authApi.session, {})).user.name).toBe('Grace')
})

it('refuses a wrong password or none, and whoever is not signed in', async () => {
  const browser = openBrowser(auth)
  await expect(browser.ask(securityApi.checkDeletion, { body: { password: PASSWORD } })).rejects.toEqual(
    problem('unauthenticated'),
  )
  await setUpServer(browser)
  await expect(browser.ask(securityApi.checkDeletion, { body: { password: 'wrong' } })).rejects.toEqual(
    problem('wrong-credentials'),
  )
  await expect(browser.ask(securityApi.checkDeletion, { body: {} })).rejects.toEqual(problem('invalid-input'))
})

it('keeps the last administrator', async () => {
  const browser = openBrowser(auth)
  await setUpServer(browser)
  await expect(browser.ask(securityApi.checkDeletion, { body: { password: PASSWORD } })).rejects.toEqual(
    problem('conflict'),
  )
})
