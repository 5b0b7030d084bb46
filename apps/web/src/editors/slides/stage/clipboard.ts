import {
  addElements,
  copyElement,
  deleteElements,
  type ElementCopy,
  plainText,
  readCopies,
  STAGE,
} from '@realtime/resources'
import { bringImages } from '../studio/image-upload.ts'
import type { Studio } from '../studio/studio.ts'

/** Elements in a clipboard: what copies make, and readers check. */
const MIME = 'application/x-realtime-deck-elements'
const STEP = 16
/** Longer text makes no box that anybody reads. */
const LONGEST_TEXT = 20_000

/** Puts the elements selected into the clipboard, and takes them from the slide when they are cut. */
export function copySelected(event: ClipboardEvent, studio: Studio, cut: boolean): void {
  const { selected, slide, doc, documentId, change } = studio
  if (selected.length === 0 || !slide || !event.clipboardData) return
  event.preventDefault()
  const from = { document: documentId, slide: slide.id, elements: selected.map(copyElement) }
  event.clipboardData.setData(MIME, JSON.stringify(from))
  const texts = selected.map((element) => ('text' in element ? plainText(element.text) : ''))
  event.clipboardData.setData('text/plain', texts.filter((text) => text.trim() !== '').join('\n'))
  if (cut)
    change(() =>
      deleteElements(
        doc,
        slide.id,
        selected.map(({ id }) => id),
      ),
    )
}

/** Puts what is in the clipboard on the slide: elements, pictures, or text in a box of its own. */
export function paste(event: ClipboardEvent, studio: Studio): void {
  const { slide, doc, documentId, editable, change, select, addImages } = studio
  const { clipboardData } = event
  if (!clipboardData || !slide || !editable) return
  const files = [...clipboardData.files]
  const copied = elementsIn(clipboardData.getData(MIME))
  const text = clipboardData.getData('text/plain').slice(0, LONGEST_TEXT)
  event.preventDefault()
  if (copied) {
    // On the slide it came from, a copy does not hide what it is a copy of.
    const step = copied.slide === slide.id ? STEP : 0
    const moved = copied.elements.map((copy) => ({ ...copy, x: Number(copy.x) + step, y: Number(copy.y) + step }))
    const put = () => {
      const added = change(() => addElements(doc, slide.id, moved))
      if (added) select(added)
    }
    const pictures = copied.elements.flatMap(({ file }) => (typeof file === 'string' ? [file] : []))
    const foreign = typeof copied.document === 'string' && copied.document !== documentId ? copied.document : null
    if (foreign && pictures.length > 0) void bringImages(foreign, documentId, pictures).then(put)
    else put()
  } else if (files.length > 0) addImages(files)
  else if (text.trim() !== '') {
    const added = change(() => addElements(doc, slide.id, [textBox(text)]))
    if (added) select(added)
  }
}

function elementsIn(data: string): { document: unknown; slide: unknown; elements: ElementCopy[] } | null {
  try {
    const { document, slide, elements } = JSON.parse(data) as Record<string, unknown>
    const copies = readCopies(elements)
    return copies.length > 0 ? { document, slide, elements: copies } : null
  } catch {
    return null
  }
}

/** A new text box in the middle of the stage. */
export function textBox(text = ''): ElementCopy {
  const lines = text.split('\n').length
  const [width, height] = [480, Math.min(STAGE.height - 80, Math.max(44, lines * 32 + 12))]
  return {
    type: 'text',
    role: null,
    text: text.trimEnd(),
    x: (STAGE.width - width) / 2,
    y: Math.round((STAGE.height - height) / 2),
    width,
    height,
    fontSize: 22,
    color: 'text',
  }
}
