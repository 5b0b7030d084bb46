/** The size of an SVG in pixels, as far as it says one. */
export interface SvgSize {
  width: number | null
  height: number | null
}

/** The head of an SVG in which its root element must stand: a search in more could hold up the service. */
const HEAD = 1024 * 1024

/**
 * Reads the beginning of an SVG: UTF-8, and `svg` the root element of its XML. Null when it is none. What stands inside
 * is not looked at: it is served so that nothing in it runs.
 */
export function readSvg(bytes: Uint8Array): SvgSize | null {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).slice(0, HEAD)
  } catch {
    return null
  }
  const at = rootOf(text)
  if (at === null) return null
  const attributes = attributesOf(text, at)
  return attributes && sizeOf(attributes)
}

/** Where the root element begins: after the declaration, comments, instructions and the document type. */
function rootOf(text: string): number | null {
  let at = 0
  let typed = false
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++
    const end = text.startsWith('<!--', at)
      ? after(text, '-->', at + 4)
      : text.startsWith('<?', at)
        ? afterInstruction(text, at)
        : text.startsWith('<!DOCTYPE', at) && !typed
          ? afterDoctype(text, at)
          : at
    if (end === null) return null
    if (end === at) return text[at] === '<' ? at : null
    typed ||= text.startsWith('<!DOCTYPE', at)
    at = end
  }
}

function after(text: string, what: string, from: number): number | null {
  const at = text.indexOf(what, from)
  return at < 0 ? null : at + what.length
}

function afterInstruction(text: string, from: number): number | null {
  const end = after(text, '?>', from)
  if (end === null || !text.startsWith('<?xml', from)) return end
  const encoding = /\sencoding\s*=\s*["']([^"']*)["']/.exec(text.slice(from, Math.min(end, from + 200)))?.[1]
  return encoding === undefined || /^utf-?8$/i.test(encoding) ? end : null
}

/** Past a document type; what it declares in brackets may hold `>`. */
function afterDoctype(text: string, from: number): number | null {
  const end = text.indexOf('>', from)
  const open = text.indexOf('[', from)
  if (end < 0 || open < 0 || end < open) return end < 0 ? null : end + 1
  const closed = text.indexOf(']', open)
  return closed < 0 ? null : after(text, '>', closed)
}

/** The attributes of the root element; null when it is not `svg` or does not end. */
function attributesOf(text: string, at: number): Map<string, string> | null {
  const name = /<(?:[A-Za-z_][\w.-]*:)?svg(?=[\s/>])/y
  name.lastIndex = at
  if (!name.test(text)) return null
  const attribute = /\s+([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y
  const found = new Map<string, string>()
  let from = name.lastIndex
  for (;;) {
    attribute.lastIndex = from
    const match = attribute.exec(text)
    if (!match) break
    found.set(match[1] ?? '', match[2] ?? match[3] ?? '')
    from = attribute.lastIndex
  }
  const ending = /\s*\/?>/y
  ending.lastIndex = from
  return ending.test(text) ? found : null
}

/** Pixels of the units of CSS, at 96 a inch. */
const UNITS = new Map(Object.entries({ '': 1, px: 1, pt: 96 / 72, pc: 16, in: 96, cm: 96 / 2.54, mm: 9.6 / 2.54 }))

function sizeOf(attributes: Map<string, string>): SvgSize {
  const width = lengthOf(attributes.get('width'))
  const height = lengthOf(attributes.get('height'))
  const box = (attributes.get('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  const [, , across = Number.NaN, down = Number.NaN] = box
  if (!(Number.isFinite(across) && Number.isFinite(down))) return { width, height }
  const ratio = across / down
  return {
    width: width ?? Math.round(height !== null && ratio > 0 ? height * ratio : across),
    height: height ?? Math.round(width !== null && ratio > 0 ? width / ratio : down),
  }
}

/** A length in pixels; null when it is relative or none. */
function lengthOf(value: string | undefined): number | null {
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z]*)\s*$/i.exec(value ?? '')
  const unit = UNITS.get((match?.[2] ?? '').toLowerCase())
  return match && unit !== undefined ? Math.round(Number(match[1]) * unit) : null
}
