import { Extension } from '@tiptap/core'
import { ReactRenderer } from '@tiptap/react'
import { Suggestion, type SuggestionProps } from '@tiptap/suggestion'
import { type Ref, useEffect, useId, useImperativeHandle, useRef, useState } from 'react'
import { cn } from '../../ui/classes.ts'
import { type Block, findBlocks } from './blocks.ts'

/** `/` at the beginning of a word offers blocks. */
export const SlashMenu = Extension.create({
  name: 'slashMenu',
  addProseMirrorPlugins() {
    return [
      Suggestion<Block, Block>({
        editor: this.editor,
        char: '/',
        decorationClass: 'slash-query',
        placement: 'bottom-start',
        offset: { mainAxis: 6 },
        allow: ({ editor, state, range }) =>
          editor.isEditable && !state.doc.resolve(range.from).parent.type.spec.code && !editor.isActive('code'),
        items: ({ query, editor }) => {
          const { open, available } = editor.storage.askAi
          return findBlocks(query, open === null ? null : available)
        },
        command: ({ editor, range, props }) => props.run(editor, range),
        render: renderList,
      }),
    ]
  },
})

interface ListHandle {
  /** Whether the menu took the key. */
  press(event: KeyboardEvent): boolean
}

type ListProps = SuggestionProps<Block, Block> & { ref?: Ref<ListHandle> }

function renderList() {
  let list: ReactRenderer<ListHandle, ListProps> | undefined
  let unmount: (() => void) | undefined
  return {
    onStart(props: SuggestionProps<Block, Block>) {
      list = new ReactRenderer(BlockList, { editor: props.editor, props, className: 'z-40' })
      unmount = props.mount(list.element)
    },
    onUpdate: (props: SuggestionProps<Block, Block>) => list?.updateProps(props),
    onKeyDown: ({ event }: { event: KeyboardEvent }) => list?.ref?.press(event) ?? false,
    onExit() {
      unmount?.()
      list?.destroy()
      list = undefined
    },
  }
}

function BlockList({ editor, items, command, ref }: ListProps) {
  const id = useId()
  const [chosen, setChosen] = useState(0)
  const [shown, setShown] = useState(items)
  const listbox = useRef<HTMLDivElement>(null)
  if (shown !== items) {
    setShown(items)
    setChosen(0)
  }
  useEffect(() => {
    listbox.current?.children[chosen]?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const option = items.length > 0 ? `${id}-${chosen}` : null
  useEffect(() => {
    // The focus stays in the editor: it says which option is meant.
    const { dom } = editor.view
    if (!option) return
    dom.setAttribute('aria-controls', id)
    dom.setAttribute('aria-activedescendant', option)
    return () => {
      dom.removeAttribute('aria-controls')
      dom.removeAttribute('aria-activedescendant')
    }
  }, [editor, id, option])
  useImperativeHandle(ref, () => ({
    press(event) {
      if (items.length === 0) return false
      if (event.key === 'ArrowDown') setChosen((chosen + 1) % items.length)
      else if (event.key === 'ArrowUp') setChosen((chosen + items.length - 1) % items.length)
      else if (event.key === 'Enter' || event.key === 'Tab') {
        const item = items[chosen]
        if (item) command(item)
      } else return false
      return true
    },
  }))
  if (items.length === 0) return null
  return (
    <div
      ref={listbox}
      id={id}
      tabIndex={-1}
      role="listbox"
      aria-label="Blocks"
      className="max-h-[min(24rem,60dvh)] w-64 overflow-y-auto rounded-lg bg-popover p-1 text-popover-foreground shadow-popover ring-1 ring-border"
    >
      {items.map((block, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the editor keeps the focus and hands its keys over
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        <div
          key={block.title}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          onPointerMove={() => setChosen(index)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => command(block)}
          className={cn(
            'flex min-h-9 cursor-default items-center gap-2.5 rounded-md px-2 text-[13px] max-sm:min-h-11',
            index === chosen && 'bg-accent',
          )}
        >
          <block.icon
            aria-hidden
            className={cn('size-4 shrink-0', block.ai ? 'text-primary-text' : 'text-muted-foreground')}
            strokeWidth={1.75}
          />
          <span className="flex-1">{block.title}</span>
          <span className="font-mono text-muted-foreground text-xs">{block.shortcut}</span>
        </div>
      ))}
    </div>
  )
}
