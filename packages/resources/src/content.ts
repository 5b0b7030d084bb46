import * as Y from 'yjs'

/** A value that another document can hold. Yjs' own `clone` leaves out the attributes of texts. */
export function copyOf(value: unknown): unknown {
  if (value instanceof Y.XmlElement) {
    const copy = new Y.XmlElement(value.nodeName)
    copyAttributes(copy, value)
    copy.insert(0, value.toArray().map(copyOf) as Y.XmlElement[])
    return copy
  }
  if (value instanceof Y.XmlHook) return value.clone()
  if (value instanceof Y.XmlFragment) {
    const copy = new Y.XmlFragment()
    copy.insert(0, value.toArray().map(copyOf) as Y.XmlElement[])
    return copy
  }
  if (value instanceof Y.Text) {
    const copy = value instanceof Y.XmlText ? new Y.XmlText() : new Y.Text()
    copy.applyDelta(
      (value.toDelta() as { insert: unknown }[]).map((part) => ({ ...part, insert: copyOf(part.insert) })),
    )
    copyAttributes(copy, value)
    return copy
  }
  if (value instanceof Y.Array) return Y.Array.from(value.toArray().map(copyOf) as string[])
  if (value instanceof Y.Map) return new Y.Map([...value].map(([key, inner]) => [key, copyOf(inner)]))
  // A document inside of this one, which no kind has: its content is not in here, and it belongs to one place only.
  if (value instanceof Y.Doc) return new Y.Doc({ guid: value.guid })
  return value
}

function copyAttributes(copy: Y.XmlElement | Y.Text, value: Y.XmlElement | Y.Text): void {
  const attributes = Object.entries(value.getAttributes() as Record<string, unknown>)
  for (const [name, inner] of attributes) copy.setAttribute(name, copyOf(inner) as string)
}

/** Equal for equal content, be it plain or shared. */
export function keyOf(value: unknown): string {
  return JSON.stringify(plainOf(value)) ?? ''
}

/** A value without what only Yjs knows; what is of another sort is never equal. */
export function plainOf(value: unknown): unknown {
  if (value instanceof Y.XmlElement) {
    return ['element', value.nodeName, plainOf(value.getAttributes()), value.toArray().map(plainOf)]
  }
  if (value instanceof Y.XmlFragment) return ['fragment', value.toArray().map(plainOf)]
  if (value instanceof Y.Text) {
    const parts = value.toDelta() as { insert: unknown; attributes?: object }[]
    return [
      'text',
      plainOf(value.getAttributes()),
      parts.map((part) => [plainOf(part.insert), plainOf(part.attributes ?? {})]),
    ]
  }
  if (value instanceof Y.Array) return ['array', value.toArray().map(plainOf)]
  if (value instanceof Y.Map)
    return ['map', value instanceof Y.XmlHook ? value.hookName : '', entriesOf(value.entries())]
  if (value instanceof Y.Doc) return ['document', value.guid]
  if (value instanceof Uint8Array) return ['bytes', ...value]
  if (Array.isArray(value)) return ['list', value.map(plainOf)]
  if (typeof value === 'object' && value !== null) return ['object', entriesOf(Object.entries(value))]
  // JSON has no word for these.
  if (typeof value === 'bigint' || typeof value === 'undefined') return ['other', String(value)]
  return typeof value === 'number' && !Number.isFinite(value) ? ['other', String(value)] : value
}

function entriesOf(entries: Iterable<[string, unknown]>): unknown[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, plainOf(value)])
}
