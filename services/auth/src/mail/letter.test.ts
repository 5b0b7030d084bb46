import { expect, it } from 'vitest'
import { writeLetter } from './letter.ts'

const URL = 'https://collab.example.com'
const letter = {
  subject: 'Ada invites you to Analytics',
  paragraphs: ['You are invited.', 'The link works for a week.'],
  button: { label: 'Join', path: '/join/abc?a=1&b=2' },
  footer: 'You get this mail because Ada wrote your address.',
}

it('says the same in text and in HTML, with the link of the button in both', () => {
  const { subject, text, html } = writeLetter(letter, URL)
  expect(subject).toBe(letter.subject)
  for (const words of [...letter.paragraphs, letter.footer, 'Realtime Collaborator', 'Join']) {
    expect(text).toContain(words)
    expect(html).toContain(words)
  }
  expect(text).toContain(`Join:\n${URL}/join/abc?a=1&b=2\n`)
  const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, link]) => link)
  expect(links).toEqual([`${URL}/join/abc?a=1&amp;b=2`, `${URL}/join/abc?a=1&amp;b=2`, URL])
})

it('has no button where there is none', () => {
  const { text, html } = writeLetter({ ...letter, button: null }, URL)
  expect(html.match(/<a /g)).toHaveLength(1)
  expect(text.match(/https:/g)).toHaveLength(1)
})

it('takes markup in names for text', () => {
  const name = `<img src=x onerror="alert(1)"> & </title><script>'</script>`
  const { html, text } = writeLetter(
    { ...letter, subject: name, paragraphs: [name], footer: name, button: { label: name, path: '/x' } },
    URL,
  )
  expect(html).not.toMatch(/<img|<script|onerror="/)
  expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &lt;/title&gt;')
  expect(text).toContain(name)
})

it('lets nothing in a name break a line or turn the writing around', () => {
  const name = 'Ada\r\nBcc: all@example.com\u0000\u202eevil\u2028x'
  const { subject, text, html } = writeLetter({ ...letter, subject: name, paragraphs: [name], footer: name }, URL)
  expect(subject).toBe('Ada Bcc: all@example.com evil x')
  for (const written of [text, html]) {
    expect(written).not.toMatch(/\nBcc|\r|\0|\u202e|\u2028/)
    expect(written).toContain('Ada Bcc: all@example.com evil x')
  }
})

it('fetches nothing from elsewhere, follows light and dark, and lets words of any direction be', () => {
  const { html } = writeLetter({ ...letter, paragraphs: ['שלום', 'x'.repeat(500)] }, URL)
  expect(html).not.toMatch(/<img|<link|<script|url\(|@import|src=/)
  expect(html).toContain('prefers-color-scheme: dark')
  expect(html).toContain('<meta name="color-scheme" content="light dark">')
  expect(html).toMatch(/<p dir="auto"[^>]*overflow-wrap:anywhere[^>]*>שלום/)
})
