'use client'
import type { Editor } from '@tiptap/core'
import { useEditorState } from '@tiptap/react'
import { BubbleMenu } from '@tiptap/react/menus'
import {
  Bold,
  Code,
  Italic,
  Link2,
  type LucideIcon,
  MessageSquareText,
  Sparkles,
  Strikethrough,
  Underline,
} from 'lucide-react'
import { useEffect, useState } from 'react'
import { useCommentsOfText } from '../../comments/context.ts'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/classes.ts'
import { useApple } from '../../ui/kbd.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useVisit } from '../../visiting/visit-context.ts'
import { anchorOfSelection } from './comments/anchors.ts'
import { LinkForm } from './link-form.tsx'
import { isAtIt, isMarkable, isText, useReading } from './reading.ts'

const marks: { name: string; label: string; keys: string; icon: LucideIcon }[] = [
  { name: 'bold', label: 'Bold', keys: 'Mod B', icon: Bold },
  { name: 'italic', label: 'Italic', keys: 'Mod I', icon: Italic },
  { name: 'underline', label: 'Underline', keys: 'Mod U', icon: Underline },
  { name: 'strike', label: 'Strikethrough', keys: 'Mod Shift S', icon: Strikethrough },
  { name: 'code', label: 'Code', keys: 'Mod E', icon: Code },
]

/** The name of the menu among the editor's plugins. */
const KEY = 'marks'
const options = { placement: 'top' as const, offset: 8, flip: { padding: 56 }, shift: { padding: 8 } }

/** What one may do with the text selected. */
export function Bubble({ editor }: { editor: Editor }) {
  const apple = useApple()
  const visit = useVisit()
  const comments = useCommentsOfText()
  const mayComment = comments !== null
  const [linking, setLinking] = useState(false)
  const active = useEditorState({
    editor,
    selector: ({ editor: now }) => ({
      marks: marks.filter((mark) => now.isActive(mark.name)).map((mark) => mark.name),
      link: now.isActive('link') ? String(now.getAttributes('link').href ?? '') : null,
      markable: isMarkable(now, now.state.selection.from, now.state.selection.to),
      at: `${now.state.selection.from}-${now.state.selection.to}`,
    }),
  })
  const at = active.at
  // biome-ignore lint/correctness/useExhaustiveDependencies: another selection begins anew
  useEffect(() => setLinking(false), [at])
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== 'k' || !(event.metaKey || event.ctrlKey)) return
      const { from, to } = editor.state.selection
      if (!isMarkable(editor, from, to)) return
      event.preventDefault()
      setLinking(true)
    }
    const { dom } = editor.view
    dom.addEventListener('keydown', pressed)
    return () => dom.removeEventListener('keydown', pressed)
  }, [editor])
  useReading(editor, KEY, mayComment)

  function comment() {
    const anchor = anchorOfSelection(editor.state)
    if (!anchor) return
    editor.view.dispatch(editor.state.tr.setMeta(KEY, 'hide'))
    comments?.begin(anchor)
  }

  const shortcut = apple ? '⌘⌥M' : 'Ctrl+Alt+M'
  return (
    <BubbleMenu
      // What is asked of it is fixed when it is made.
      key={String(mayComment)}
      editor={editor}
      pluginKey={KEY}
      shouldShow={({ element, from, to }) =>
        isAtIt(editor, element) && (isMarkable(editor, from, to) || (mayComment && isText(editor, from, to)))
      }
      options={options}
      className="z-30"
    >
      <div
        role="toolbar"
        aria-label={active.markable ? 'Text format' : 'Selected text'}
        className="flex items-center gap-px rounded-lg bg-popover p-1 shadow-popover ring-1 ring-border"
      >
        {linking ? (
          <LinkForm editor={editor} href={active.link} close={() => setLinking(false)} />
        ) : (
          <>
            {active.markable ? (
              <>
                {visit ? null : (
                  <>
                    <Button
                      variant="ghost"
                      size="small"
                      className="h-7 gap-1.5 px-2 text-primary-text hover:text-primary-text max-sm:h-10"
                      onPointerDown={(event) => event.preventDefault()}
                      onClick={() => editor.storage.askAi.open?.(null)}
                    >
                      <Sparkles />
                      Ask AI
                    </Button>
                    <span aria-hidden className="mx-1 h-4 w-px bg-border" />
                  </>
                )}
                {marks.map(({ name, label, keys, icon: Icon }) => (
                  <Tooltip
                    key={name}
                    side="top"
                    content={`${label} · ${apple ? keys.replace('Mod', '⌘').replace('Shift', '⇧').replaceAll(' ', '') : keys.replace('Mod', 'Ctrl').replaceAll(' ', '+')}`}
                  >
                    <Button
                      variant="ghost"
                      size="icon"
                      className={cn(
                        'size-7 max-sm:size-10',
                        active.marks.includes(name) && 'bg-primary-soft text-primary-text',
                      )}
                      aria-label={label}
                      aria-pressed={active.marks.includes(name)}
                      onPointerDown={(event) => event.preventDefault()}
                      onClick={() => editor.chain().focus().toggleMark(name).run()}
                    >
                      <Icon />
                    </Button>
                  </Tooltip>
                ))}
                <span aria-hidden className="mx-1 h-4 w-px bg-border" />
                <Tooltip side="top" content="Link">
                  <Button
                    variant="ghost"
                    size="icon"
                    className={cn('size-7 max-sm:size-10', active.link !== null && 'bg-primary-soft text-primary-text')}
                    aria-label="Link"
                    aria-pressed={active.link !== null}
                    onPointerDown={(event) => event.preventDefault()}
                    onClick={() => setLinking(true)}
                  >
                    <Link2 />
                  </Button>
                </Tooltip>
              </>
            ) : null}
            {mayComment ? (
              <>
                {active.markable ? <span aria-hidden className="mx-1 h-4 w-px bg-border" /> : null}
                <Tooltip side="top" content={`Comment · ${shortcut}`}>
                  <Button
                    variant="ghost"
                    size="small"
                    className="h-7 gap-1.5 px-2 max-sm:h-10"
                    aria-label="Comment"
                    onPointerDown={(event) => event.preventDefault()}
                    onClick={comment}
                  >
                    <MessageSquareText />
                    {active.markable ? null : 'Comment'}
                  </Button>
                </Tooltip>
              </>
            ) : null}
          </>
        )}
      </div>
    </BubbleMenu>
  )
}
