'use client'
import { Redo2, Undo2 } from 'lucide-react'
import { useStudio } from '../studio/studio.ts'
import { useSteps } from '../studio/undo.ts'
import { DeckTools } from './deck-tools.tsx'
import { ElementTools } from './element-tools.tsx'
import { InsertTools } from './insert.tsx'
import { TextTools } from './text-tools.tsx'
import { Divider, Tool } from './tool.tsx'

/** The tools for a deck: what can be added, what fits what is selected, and what is of the slide and the deck. */
export function Toolbar() {
  const { doc, undo, redo, selected } = useStudio()
  const steps = useSteps(doc)
  return (
    <div
      role="toolbar"
      aria-label="Tools"
      className="flex h-11 shrink-0 items-center gap-0.5 overflow-x-auto border-b bg-background px-2 [scrollbar-width:none] max-md:h-13"
    >
      <Tool icon={Undo2} label="Undo" keys="Mod Z" disabled={!steps.undo} onClick={undo} />
      <Tool icon={Redo2} label="Redo" keys="Mod Shift Z" disabled={!steps.redo} onClick={redo} />
      <Divider />
      <InsertTools />
      <TextTools />
      <ElementTools />
      <span className="min-w-2 flex-1" />
      {selected.length === 0 ? <DeckTools /> : null}
    </div>
  )
}
