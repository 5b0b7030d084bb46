'use client'
import { readLink } from '@realtime/resources'
import { Check, Link2, Unlink } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Popover } from '../../../ui/popover.tsx'
import { useStudio } from '../studio/studio.ts'

/** Puts an address on the words selected, or on all words of the box. */
export function LinkTool({ disabled }: { disabled: boolean }) {
  const { editor, selected, write } = useStudio()
  const [open, setOpen] = useState(false)
  const [refused, setRefused] = useState(false)
  const href = editor?.isActive('link') ? String(editor.getAttributes('link').href ?? '') : ''
  const id = selected[0]?.id

  function set(address: string | null) {
    const apply = (to: NonNullable<typeof editor>) => {
      const chain = to.chain().focus()
      if (to.state.selection.empty) chain.extendMarkRange('link')
      if (address) chain.setLink({ href: address }).run()
      else chain.unsetLink().run()
    }
    if (editor) apply(editor)
    else if (id) write(id, { all: true, first: apply })
    setOpen(false)
  }
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const value = String(new FormData(event.currentTarget).get('href') ?? '').trim()
    if (value === '') return set(null)
    const address = readLink(/^[a-z][a-z0-9+.-]*:/i.test(value) ? value : `https://${value}`)
    if (address) set(address)
    else setRefused(true)
  }

  return (
    <Popover
      title="Link"
      align="start"
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        setRefused(false)
      }}
      className="w-80 p-3"
      trigger={
        <Button
          variant="ghost"
          size="icon"
          aria-label="Link"
          disabled={disabled}
          className="size-8 text-foreground/80 max-md:size-10 [&_svg]:size-[17px]"
        >
          <Link2 />
        </Button>
      }
    >
      <form onSubmit={submit} className="flex items-center gap-1">
        <input
          name="href"
          aria-label="Address of the link"
          aria-invalid={refused || undefined}
          defaultValue={href}
          placeholder="Paste or type a link"
          onChange={() => setRefused(false)}
          className="h-8 min-w-0 flex-1 rounded-md border border-field bg-background px-2 text-[13px] outline-none placeholder:text-placeholder focus-visible:border-ring aria-invalid:border-destructive"
        />
        <Button type="submit" variant="ghost" size="icon" aria-label="Set link">
          <Check />
        </Button>
        {href ? (
          <Button variant="ghost" size="icon" aria-label="Remove link" onClick={() => set(null)}>
            <Unlink />
          </Button>
        ) : null}
      </form>
      {refused ? (
        <p role="alert" className="mt-1.5 text-destructive text-xs">
          Only web and e-mail addresses can be linked
        </p>
      ) : null}
    </Popover>
  )
}
