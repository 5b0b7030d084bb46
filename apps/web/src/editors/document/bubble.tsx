'use client'
import type { Editor } from '@tiptap/core'
import { useEditorState } from '@tiptap/react'
import { BubbleMenu } from '@tiptap/react/menus'
import {
  Bold,
  Check,
  Code,
  Italic,
  Link2,
  type LucideIcon,
  Sparkles,
  Strikethrough,
  Underline,
  Unlink,
} from 'lucide-react'
import { type FormEvent, useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/classes.ts'
import { useApple } from '../../ui/kbd.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useVisit } from '../../visiting/visit-context.ts'

const marks: { name: string; label: string; keys: string; icon: LucideIcon }[] = [
  { name: 'bold', label: 'Bold', keys: 'Mod B', icon: Bold },
  { name: 'italic', label: 'Italic', keys: 'Mod I', icon: Italic },
  { name: 'underline', label: 'Underline', keys: 'Mod U', icon: Underline },
  { name: 'strike', label: 'Strikethrough', keys: 'Mod Shift S', icon: Strikethrough },
  { name: 'code', label: 'Code', keys: 'Mod E', icon: Code },
]

const options = { placement: 'top' as const, offset: 8, flip: { padding: 56 }, shift: { padding: 8 } }

interface Shown {
  editor: Editor
  element: HTMLElement
  from: number
  to: number
}

function shouldShow({ editor, element, from, to }: Shown): boolean {
  if (!editor.view.hasFocus() && !element.contains(document.activeElement)) return false
  return isMarkable(editor, from, to)
}

/** Whether there is text between two positions that marks can be set on. */
function isMarkable(editor: Editor, from: number, to: number): boolean {
  if (!editor.isEditable || editor.isActive('codeBlock')) return false
  return editor.state.doc.textBetween(from, to).length > 0
}

/** What one may do with the text selected. */
export function Bubble({ editor }: { editor: Editor }) {
  const apple = useApple()
  const visit = useVisit()
  const [linking, setLinking] = useState(false)
  const active = useEditorState({
    editor,
    selector: ({ editor: now }) => ({
      marks: marks.filter((mark) => now.isActive(mark.name)).map((mark) => mark.name),
      link: now.isActive('link') ? String(now.getAttributes('link').href ?? '') : null,
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

  return (
    <BubbleMenu
      editor={editor}
      pluginKey="marks"
      shouldShow={shouldShow}
      options={options}
      className="z-30"
      role="toolbar"
      aria-label="Text format"
    >
      <div className="flex items-center gap-px rounded-lg bg-popover p-1 shadow-popover ring-1 ring-border">
        {linking ? (
          <LinkForm editor={editor} href={active.link} close={() => setLinking(false)} />
        ) : (
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
        )}
      </div>
    </BubbleMenu>
  )
}

function LinkForm({ editor, href, close }: { editor: Editor; href: string | null; close(): void }) {
  const [refused, setRefused] = useState(false)
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const value = String(new FormData(event.currentTarget).get('href') ?? '').trim()
    if (value === '') editor.chain().focus().extendMarkRange('link').unsetLink().run()
    else {
      const address = /^[a-z][a-z0-9+.-]*:|^[/#]/i.test(value) ? value : `https://${value}`
      // Addresses such as javascript: are refused by the link mark itself.
      if (!editor.chain().extendMarkRange('link').setLink({ href: address }).run()) return setRefused(true)
      editor.commands.focus()
    }
    close()
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-center gap-1">
      <input
        name="href"
        aria-label="Address of the link"
        aria-invalid={refused || undefined}
        aria-describedby={refused ? 'link-refused' : undefined}
        onChange={() => setRefused(false)}
        defaultValue={href ?? ''}
        placeholder="Paste or type a link"
        // biome-ignore lint/a11y/noAutofocus: opened to be typed into
        autoFocus
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          close()
          editor.commands.focus()
        }}
        className="h-7 w-56 rounded-md bg-transparent px-2 text-[13px] outline-none placeholder:text-placeholder aria-invalid:text-destructive max-sm:h-10"
      />
      <Button type="submit" variant="ghost" size="icon" className="size-7 max-sm:size-10" aria-label="Set link">
        <Check />
      </Button>
      {href !== null ? (
        <Button
          variant="ghost"
          size="icon"
          className="size-7 max-sm:size-10"
          aria-label="Remove link"
          onClick={() => {
            editor.chain().focus().extendMarkRange('link').unsetLink().run()
            close()
          }}
        >
          <Unlink />
        </Button>
      ) : null}
      {refused ? (
        <p id="link-refused" role="alert" className="w-0 min-w-full px-2 pb-1 text-destructive text-xs">
          Addresses of this kind are not allowed
        </p>
      ) : null}
    </form>
  )
}
