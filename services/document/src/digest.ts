import { createHash, type Hash } from 'node:crypto'
import * as Y from 'yjs'

// Yjs cuts one run of typing into items as it pleases, and two replicas of the same state need not cut alike. So runs
// are put together here wherever they follow each other, and only then hashed.

/**
 * A hash of all that a document holds: every item with its place, author, content and whether it is deleted, and the
 * order in which each type shows its items. The same for whoever reads the document back from its encoding; hex.
 * Replicas may differ in how much of what is deleted they have forgotten.
 */
export function digestOf(doc: Y.Doc): string {
  const hash = createHash('sha256')
  const names = new Map<unknown, string>()
  for (const [name, type] of doc.share) names.set(type, name)
  const types: Type[] = [...doc.share].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, type]) => type)
  const clients = [...doc.store.clients.keys()].sort((a, b) => a - b)
  for (const client of clients) {
    const written = new Written(hash, names)
    for (const struct of doc.store.clients.get(client) ?? []) {
      written.add(struct)
      if (struct instanceof Y.Item && struct.content instanceof Y.ContentType) types.push(struct.content.type)
    }
    written.end()
  }
  for (const type of types) addOrder(hash, keyOf(type, names), type)
  return hash.digest('hex')
}

// biome-ignore lint/suspicious/noExplicitAny: the events of a type are nobody's matter here
type Type = Y.AbstractType<any>
type Struct = Y.GC | Y.Item

/** One client's structs, put together to runs. */
class Written {
  #hash: Hash
  #names: Map<unknown, string>
  #run: { head: string; text: string; next: number } | null = null

  constructor(hash: Hash, names: Map<unknown, string>) {
    this.#hash = hash
    this.#names = names
  }

  add(struct: Struct): void {
    const { client, clock } = struct.id
    const head = struct instanceof Y.Item ? this.#headOf(struct) : 'gone'
    const follows = !(struct instanceof Y.Item) || isNext(struct.origin, client, clock)
    if (!follows || this.#run?.head !== head || this.#run.next !== clock) {
      this.end()
      const origin = struct instanceof Y.Item ? idOf(struct.origin) : ''
      this.#hash.update(`\n${client}.${clock} ${head} ${origin} `)
      this.#run = { head, text: '', next: clock }
    }
    if (struct instanceof Y.Item) this.#run.text += contentOf(struct)
    this.#run.next += struct.length
    if (this.#run.text.length > 100_000) this.#flush()
  }

  end(): void {
    this.#flush()
    if (this.#run) this.#hash.update(` to ${this.#run.next}`)
    this.#run = null
  }

  #flush(): void {
    if (!this.#run) return
    this.#hash.update(this.#run.text)
    this.#run.text = ''
  }

  /** What the parts of one run have in common. */
  #headOf(item: Y.Item): string {
    const state = item.deleted ? 'deleted' : 'there'
    const parent = keyOf(item.parent as Type, this.#names)
    return `${state} ${item.content.getRef()} ${idOf(item.rightOrigin)} ${parent} ${JSON.stringify(item.parentSub)}`
  }
}

/** Items that are shown one after the other and follow each other by their ids too. */
interface Run {
  client: number
  from: number
  next: number
  deleted: boolean
}

/** The items of a type in the order it shows them, and those under its keys with what they replaced. */
function addOrder(hash: Hash, key: string, type: Type): void {
  const { _start: start, _map: map } = type
  if (start === null && map.size === 0) return
  hash.update(`\n${key}:`)
  let run = null as Run | null
  const end = (ended: Run | null): void => {
    if (ended) hash.update(` ${ended.client}.${ended.from}-${ended.next}${ended.deleted ? '!' : ''}`)
  }
  for (let item = start; item; item = item.right) {
    const { client, clock } = item.id
    const { deleted } = item
    if (run?.client !== client || run.next !== clock || run.deleted !== deleted) {
      end(run)
      run = { client, from: clock, next: clock, deleted }
    }
    run.next += item.length
  }
  end(run)
  for (const name of [...map.keys()].sort()) {
    hash.update(`\n${JSON.stringify(name)}`)
    for (let item = map.get(name) ?? null; item; item = item.left) hash.update(` ${idOf(item.id)}`)
  }
}

function contentOf({ content }: Y.Item): string {
  if (content instanceof Y.ContentString) return content.str
  if (content instanceof Y.ContentDeleted) return ''
  const encoder = new Y.UpdateEncoderV1()
  // Values that stand in one item here may stand in several there.
  if (content instanceof Y.ContentAny) for (const value of content.arr) encoder.writeAny(value)
  else if (content instanceof Y.ContentJSON) for (const value of content.arr) encoder.writeAny(value)
  else content.write(encoder, 0)
  return Buffer.from(encoder.toUint8Array()).toString('latin1')
}

function keyOf(type: Type | null, names: Map<unknown, string>): string {
  if (type?._item) return idOf(type._item.id)
  return JSON.stringify(names.get(type) ?? null)
}

function idOf(id: Y.ID | null): string {
  return id ? `${id.client}.${id.clock}` : '-'
}

function isNext(origin: Y.ID | null, client: number, clock: number): boolean {
  return origin?.client === client && origin.clock === clock - 1
}
