/**
 * Takes part in a document from the command line: prints its text whenever it changes, and adds each line that it reads
 * as a paragraph. Ends with its input, once everything is saved.
 *
 *     EMAIL=ann@example.org PASSWORD=… npx tsx notes.ts http://localhost:3000 DOCUMENT [OUTBOX-FILE]
 *
 * DOCUMENT is the last part of a document's address. TOKEN, a user token, stands in for EMAIL and PASSWORD.
 */
import { createInterface } from 'node:readline'
import { createProvider, saveState, whenSaved } from '@realtime/client'
import { fileStore } from '@realtime/client/file'
import * as Y from 'yjs'

const [url = '', documentId = '', outbox] = process.argv.slice(2)
const store = outbox ? await fileStore(outbox) : undefined
const doc = new Y.Doc()
const content = doc.getXmlFragment('content')
const token = process.env.TOKEN ? async () => process.env.TOKEN ?? '' : await signIn()

const provider = createProvider({ url, documentId, epoch: null, doc, token, ...(store ? { store } : {}) })
provider.awareness.setLocalStateField('cursor', null)
provider.subscribe(() => console.error(saveState(provider.state).kind, provider.state.problem?.message ?? ''))
content.observeDeep(() => console.log(content.toArray().map(textOf).join('\n')))

for await (const line of createInterface({ input: process.stdin })) {
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText(line)])
  content.push([paragraph])
}
try {
  await whenSaved(provider)
} catch (problem) {
  console.error(`Not saved: ${problem instanceof Error ? problem.message : problem}`)
  process.exitCode = 1
}
provider.destroy()
await provider.settled()
await store?.close()

/** Signs in as a browser does. @returns what fetches a token, good for ten minutes, whenever one is needed */
async function signIn(): Promise<() => Promise<string>> {
  const { EMAIL: email, PASSWORD: password } = process.env
  const headers = { 'content-type': 'application/json', origin: new URL(url).origin }
  const body = JSON.stringify({ email, password })
  const answer = await fetch(`${url}/auth/sign-in`, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(`Signing in failed: ${answer.status} ${await answer.text()}`)
  const session = answer.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0])
  return async () => {
    const response = await fetch(`${url}/auth/token`, { headers: { cookie: session.join('; ') } })
    if (!response.ok) throw new Error(`There is no token: ${response.status} ${await response.text()}`)
    const { token } = (await response.json()) as { token: string }
    return token
  }
}

function textOf(block: Y.XmlElement | Y.XmlText | Y.XmlHook): string {
  return block.toString().replace(/<[^>]*>/g, '')
}
