import { saveState } from '@realtime/client'
import { call, documentApi, organizationApi } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import {
  addElements,
  addSlide,
  deleteElements,
  deleteSlides,
  duplicateElements,
  duplicateSlides,
  layouts,
  moveSlides,
  readDeck,
  readRichText,
  reorderElements,
  setGeometry,
  setLayout,
  setStyle,
  setTheme,
  slides,
} from '@realtime/resources'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as Y from 'yjs'
import { join, type Person, setUp } from '../src/person.ts'
import { startPlatform, type TestPlatform } from '../src/testing.ts'

let platform: TestPlatform
let ann: Person
let bob: Person

beforeAll(async () => {
  platform = await startPlatform()
  ann = await setUp(`${platform.publicUrl}/setup?token=${platform.env.SETUP_TOKEN}`, 'Ann')
  const params = { id: ann.organizationId }
  const { url } = await call(ann.caller, organizationApi.invite, { params, body: { role: 'member' } })
  bob = await join(url, 'Bob')
})
afterAll(() => platform.stop())

/** A generator of whole numbers below a bound that gives the same ones for the same seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1664525 + 1013904223) % 2 ** 32
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A deck as plain data, to compare two. */
const plain = (doc: Y.Doc) => ({
  theme: readDeck(doc).theme,
  slides: readDeck(doc).slides.map(({ notes, elements, ...slide }) => ({
    ...slide,
    notes: readRichText(notes),
    elements: elements.map((element) =>
      'text' in element ? { ...element, text: readRichText(element.text) } : element,
    ),
  })),
})

/** Does something that a person might do. */
function act(doc: Y.Doc, random: (below: number) => number): void {
  const all = readDeck(doc).slides
  const slide = all[random(all.length)]
  const layout = layouts[random(layouts.length)]?.id ?? ''
  if (!slide) {
    addSlide(doc, { layout, after: null })
    return
  }
  const some = slide.elements.flatMap(({ id }) => (random(3) === 0 ? [id] : []))
  const box = slide.elements.find((element) => 'text' in element)
  const acts: (() => unknown)[] = [
    () => addSlide(doc, { layout, after: slide.id }),
    () => all.length < 12 && duplicateSlides(doc, [slide.id]),
    () => all.length > 2 && deleteSlides(doc, [slide.id]),
    () => moveSlides(doc, [slide.id], random(all.length)),
    () => setLayout(doc, slide.id, layout),
    () => setTheme(doc, random(2) ? 'forest' : 'harbor'),
    () => addElements(doc, slide.id, [{ type: 'shape', text: 'A shape' }, { type: 'line' }]),
    () => duplicateElements(doc, slide.id, some.slice(0, 3)),
    () => deleteElements(doc, slide.id, some),
    () => reorderElements(doc, slide.id, some, random(2) ? 'forward' : 'back'),
    () =>
      setGeometry(
        doc,
        slide.id,
        some.map((id): [string, { x: number }] => [id, { x: random(900) }]),
      ),
    () => setStyle(doc, slide.id, some, { fill: random(2) ? 'accent' : '#ff8800', opacity: 0.5 }),
    () => {
      const text = box && 'text' in box ? box.text.get(0) : null
      const letters = text instanceof Y.XmlElement ? text.get(0) : null
      if (letters instanceof Y.XmlText) letters.insert(random(letters.length + 1), 'word ')
    },
  ]
  acts[random(acts.length)]?.()
}

test('three clients who work at random, and come and go, end with one deck, which a newcomer gets too', async () => {
  const random = randomOf(20_240)
  const body = { projectId: ann.projectId, kind: 'slides' as const, title: 'Deck' }
  const deck = await call(ann.caller, documentApi.createDocument, { body })
  const clients = [ann, ann, bob].map((person) => ({ person, doc: new Y.Doc() }))
  const providers = clients.map(({ person, doc }) => person.open(deck.id, doc))
  const online = (index: number) => eventually(() => providers[index]?.state.phase === 'online')
  const saved = () =>
    eventually(() => providers.every((provider) => saveState(provider.state).kind === 'saved'), 20_000)
  try {
    for (const index of clients.keys()) await online(index)
    await eventually(() => clients.every(({ doc }) => readDeck(doc).slides.length === 1))
    for (let round = 0; round < 30; round++) {
      for (const { doc } of clients) for (let step = random(6); step > 0; step--) act(doc, random)
      if (round % 5 !== 4) continue
      // One is away for a while: both sides go on without the other.
      const index = random(clients.length)
      const client = clients[index] as (typeof clients)[number]
      await eventually(() => saveState((providers[index] as (typeof providers)[number]).state).kind === 'saved', 20_000)
      providers[index]?.destroy()
      for (const { doc } of clients) for (let step = 4; step > 0; step--) act(doc, random)
      providers[index] = client.person.open(deck.id, client.doc)
      await online(index)
    }
    await saved()
    const [first, ...others] = clients.map(({ doc }) => doc) as [Y.Doc, Y.Doc, Y.Doc]
    for (const other of others) await eventually(() => expect(plain(other)).toEqual(plain(first)) ?? true, 20_000)
    expect(slides.check(first)).toBeNull()

    const late = new Y.Doc()
    const provider = bob.open(deck.id, late)
    await eventually(() => provider.state.phase === 'online')
    await eventually(() => expect(plain(late)).toEqual(plain(first)) ?? true, 20_000)
    provider.destroy()
  } finally {
    for (const provider of providers) provider.destroy()
  }
}, 90_000)
