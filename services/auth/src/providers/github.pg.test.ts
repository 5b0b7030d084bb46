import { authApi, securityApi, type User } from '@realtime/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, setUpServer, signUpPerson, startAuth, type TestAuth, type TestBrowser } from '../testing.ts'
import { type GitHubPerson, type GitHubServer, startGitHub } from './github-server.ts'

let github: GitHubServer
let auth: TestAuth
beforeAll(async () => {
  github = await startGitHub()
  auth = await startAuth({
    GITHUB_URL: github.url,
    GITHUB_CLIENT_ID: github.clientId,
    GITHUB_CLIENT_SECRET: github.clientSecret,
  })
  await setUpServer(openBrowser(auth))
})
afterAll(async () => {
  await auth.stop()
  await github.stop()
})

let count = 0
function person(more: Partial<GitHubPerson> = {}): GitHubPerson & { address: string } {
  const id = ++count
  const address = `octocat${id}@example.com`
  const emails = [
    { email: `old${id}@example.com`, primary: false, verified: true },
    { email: address, primary: true, verified: true },
  ]
  return { id, login: `octocat${id}`, name: `Mona ${id}`, email: null, emails, address, ...more }
}

const begin = async (browser: TestBrowser) =>
  (await browser.ask(securityApi.beginProvider, { body: { provider: 'github', to: '/home' } })).url
async function comeBack(browser: TestBrowser, url: URL): Promise<string> {
  expect(url.pathname).toBe('/auth/callback/github')
  const query = Object.fromEntries(url.searchParams)
  const answer = await browser.send(securityApi.finishProvider, { params: { provider: 'github' }, query })
  expect(answer.status).toBe(302)
  return answer.headers.get('location') ?? ''
}
const enter = async (browser: TestBrowser, who: GitHubPerson) =>
  comeBack(browser, github.agree(await begin(browser), who))
const who = async (browser: TestBrowser): Promise<User> => (await browser.ask(authApi.session, {})).user

describe('signing in at a GitHub of one’s own', () => {
  it('makes an account with the primary address, and finds it again by the number of the person', async () => {
    const mona = person()
    const browser = openBrowser(auth)
    expect(await enter(browser, mona)).toBe('/home')
    const user = await who(browser)
    expect(user).toMatchObject({ name: mona.name, email: mona.address, emailVerified: true, image: null })
    const again = openBrowser(auth)
    const emails = [{ email: 'moved@example.com', primary: true, verified: false }]
    expect(await enter(again, { ...mona, login: 'renamed', name: 'Renamed', emails })).toBe('/home')
    expect(await who(again)).toEqual(user)
    const rows = await auth.database.sql(
      'SELECT provider_id, account_id, access_token FROM accounts WHERE user_id = $1',
      [user.id],
    )
    expect(rows).toEqual([{ provider_id: 'github', account_id: String(mona.id), access_token: null }])
    // Whoever takes the name there is somebody else.
    const other = openBrowser(auth)
    await enter(other, person({ login: mona.login }))
    expect((await who(other)).id).not.toBe(user.id)
  })

  it('calls who has no name by their login', async () => {
    const mona = person({ name: null })
    const browser = openBrowser(auth)
    await enter(browser, mona)
    expect((await who(browser)).name).toBe(mona.login)
  })

  it('links the account of the same address only when it is confirmed there', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'By Password')
    await auth.database.sql('UPDATE users SET email_verified = true WHERE id = $1', [user.id])
    const emails = (verified: boolean) => [{ email: user.email, primary: true, verified }]
    const elsewhere = openBrowser(auth)
    const mona = person()
    expect(await enter(elsewhere, { ...mona, emails: emails(false) })).toBe(
      '/sign-in?error=email-unverified&next=%2Fhome',
    )
    // What a profile says of itself is not confirmed by it.
    github.answerAddresses(403)
    try {
      const profiled = { ...mona, email: user.email }
      expect(await enter(openBrowser(auth), profiled)).toBe('/sign-in?error=email-unverified&next=%2Fhome')
    } finally {
      github.answerAddresses(200)
    }
    expect(await enter(elsewhere, { ...mona, emails: emails(true) })).toBe('/home')
    expect((await who(elsewhere)).id).toBe(user.id)
  })

  it('takes an address that could not be asked for, for none that is kept from it', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Public')
    await auth.database.sql('UPDATE users SET email_verified = true WHERE id = $1', [user.id])
    const mona = person({ emails: [{ email: user.email, primary: true, verified: true }] })
    // By its profile alone somebody would get an account with an address that is not confirmed.
    const shown = person({ email: 'shown@example.com' })
    github.answerAddresses(502)
    try {
      expect(await enter(openBrowser(auth), mona)).toBe('/sign-in?error=unavailable&next=%2Fhome')
      expect(await enter(openBrowser(auth), shown)).toBe('/sign-in?error=unavailable&next=%2Fhome')
      expect(await auth.database.sql(`SELECT 1 FROM users WHERE email = 'shown@example.com'`)).toEqual([])
    } finally {
      github.answerAddresses(200)
    }
    github.answerAddresses(404)
    try {
      const other = openBrowser(auth)
      expect(await enter(other, shown)).toBe('/home')
      expect(await who(other)).toMatchObject({ email: 'shown@example.com', emailVerified: false })
    } finally {
      github.answerAddresses(200)
    }
    expect(await enter(openBrowser(auth), mona)).toBe('/home')
  })

  it('lets nobody in by a code that is made up or was used, nor without an address', async () => {
    const mona = person()
    const browser = openBrowser(auth)
    const back = github.agree(await begin(browser), mona)
    const forged = new URL(back)
    forged.searchParams.set('code', 'made-up')
    expect(await comeBack(browser, forged)).toBe('/sign-in?error=failed&next=%2Fhome')
    const second = github.agree(await begin(browser), mona)
    expect(await comeBack(browser, second)).toBe('/home')
    const other = openBrowser(auth)
    const third = new URL(github.agree(await begin(other), mona))
    third.searchParams.set('code', second.searchParams.get('code') ?? '')
    expect(await comeBack(other, third)).toBe('/sign-in?error=failed&next=%2Fhome')
    expect(await enter(openBrowser(auth), person({ emails: [] }))).toBe('/sign-in?error=failed&next=%2Fhome')
    expect(other.cookies.has('rc.session_token')).toBe(false)
  })
})
