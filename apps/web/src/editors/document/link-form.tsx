'use client'
import type { Editor } from '@tiptap/core'
import { Check, Unlink } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'

interface LinkFormProps {
  editor: Editor
  /** Where what is selected leads now; null for nowhere. */
  href: string | null
  close(): void
}

/** Says where what is selected leads. */
export function LinkForm({ editor, href, close }: LinkFormProps) {
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
