import { deckRoots, type Slide, themeOf } from '@realtime/resources'
import type { Editor } from '@tiptap/core'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { EditorProps } from '../../editors.ts'
import { useFileLinks } from '../view/file-links.ts'
import { filesOf } from '../view/files-of.ts'
import { useDeck } from '../view/use-deck.ts'
import { useImageUpload } from './image-upload.ts'
import { stand } from './presence.ts'
import type { Studio, WritingStart } from './studio.ts'
import { asStep, followSteps, undoOf } from './undo.ts'

interface Shown {
  slide: string | null
  /** Where it was, for the time after somebody deleted it. */
  index: number
  slides: string[]
  elements: string[]
  writing: { id: string; start: WritingStart } | null
}

/** The state of the deck's editor. What others delete falls out of what is shown and selected by itself. */
export function useStudioState({ doc, documentId, awareness, editable }: EditorProps): Studio {
  const deck = useDeck(doc)
  const theme = themeOf(deck.theme)
  const files = useMemo(() => filesOf(deck.slides), [deck])
  const images = useFileLinks(documentId, files)
  const [shown, setShown] = useState<Shown>(() => ({
    // Whoever comes from a presentation goes on where it stood.
    slide: new URLSearchParams(location.search).get('slide'),
    index: 0,
    slides: [],
    elements: [],
    writing: null,
  }))
  const [editor, setEditor] = useState<Editor | null>(null)
  const stage = useRef<HTMLDivElement>(null)

  const slide = slideAt(deck.slides, shown)
  const here = slide?.id === shown.slide
  const selected = useMemo(
    () => (here && slide ? slide.elements.filter(({ id }) => shown.elements.includes(id)) : []),
    [here, slide, shown.elements],
  )
  const slides = useMemo(() => {
    const known = deck.slides.filter(({ id }) => id === slide?.id || (here && shown.slides.includes(id)))
    return known.map(({ id }) => id)
  }, [deck.slides, slide?.id, here, shown.slides])
  const writing = editable && selected.some(({ id }) => id === shown.writing?.id) ? shown.writing : null

  const show = useCallback<Studio['show']>(
    (id, chosen = [id]) => {
      const known = doc.getMap(deckRoots.slides).has(id)
      if (known) setShown((was) => ({ ...nextTo(was, id), slides: chosen }))
    },
    [doc],
  )
  const id = slide?.id ?? null
  const select = useCallback<Studio['select']>(
    (elements) => setShown((was) => ({ ...was, slide: id, elements: [...elements], writing: null })),
    [id],
  )
  const write = useCallback<Studio['write']>(
    (element, start = {}) =>
      setShown((was) => ({ ...was, slide: id, elements: [element], writing: { id: element, start } })),
    [id],
  )
  const leave = useCallback(() => setShown((was) => ({ ...was, writing: null })), [])
  const change = useCallback<Studio['change']>((work) => (editable ? asStep(doc, work) : undefined), [doc, editable])
  const undo = useCallback(() => void (editable && undoOf(doc).undo()), [doc, editable])
  const redo = useCallback(() => void (editable && undoOf(doc).redo()), [doc, editable])
  const addImages = useImageUpload({ doc, documentId, slide: id, editable, select })

  // Where the slide stands among the others is remembered while it is there.
  const index = deck.slides.findIndex((one) => one.id === id)
  useEffect(() => {
    if (id !== null) setShown((was) => (was.slide === id && was.index === index ? was : { ...nextTo(was, id), index }))
  }, [id, index])

  const place = useRef({ slide: id, elements: shown.elements })
  useEffect(() => {
    place.current = { slide: id, elements: shown.elements }
  })
  useEffect(
    () =>
      followSteps(
        doc,
        () => place.current,
        ({ slide: to, elements }) => {
          if (to === null || !doc.getMap(deckRoots.slides).has(to)) return
          // Who writes goes on writing where the caret is.
          setShown((was) => (was.writing && was.slide === to ? was : { ...nextTo(was, to), slides: [to], elements }))
        },
      ),
    [doc],
  )

  const elements = selected.map((element) => element.id).join(' ')
  useEffect(() => {
    stand(awareness, id === null ? null : { slide: id, elements: elements === '' ? [] : elements.split(' ') })
  }, [awareness, id, elements])
  useEffect(() => () => stand(awareness, null), [awareness])

  return {
    ...{ doc, documentId, awareness, editable, deck, theme, images, slide, slides, selected, writing, stage, editor },
    ...{ setEditor, show, select, write, leave, change, undo, redo, addImages },
  }
}

/** The slide shown; where it is gone, the one that took its place. */
function slideAt(slides: readonly Slide[], { slide, index }: Shown): Slide | null {
  return slides.find(({ id }) => id === slide) ?? slides[Math.min(index, slides.length - 1)] ?? null
}

/** On another slide nothing is selected yet. */
function nextTo(was: Shown, slide: string): Shown {
  return was.slide === slide ? was : { ...was, slide, slides: [slide], elements: [], writing: null }
}
