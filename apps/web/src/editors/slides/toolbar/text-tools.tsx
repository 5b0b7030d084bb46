'use client'
import { type ShapeElement, type Style, setStyle, type TextElement } from '@realtime/resources'
import { useEditorState } from '@tiptap/react'
import { Baseline, Bold, Italic, List, ListOrdered, Strikethrough, Underline } from 'lucide-react'
import { Select } from '../../../ui/select.tsx'
import { useStudio } from '../studio/studio.ts'
import { AlignTool } from './align-tool.tsx'
import { ColorTool } from './color-tool.tsx'
import { FontSize } from './font-size.tsx'
import { LinkTool } from './link-tool.tsx'
import { Divider, Tool } from './tool.tsx'

type Written = TextElement | ShapeElement
type Command = 'bold' | 'italic' | 'underline' | 'strike' | 'bulletList' | 'orderedList'

const marks = [
  { name: 'bold', label: 'Bold', keys: 'Mod B', icon: Bold },
  { name: 'italic', label: 'Italic', keys: 'Mod I', icon: Italic },
  { name: 'underline', label: 'Underline', keys: 'Mod U', icon: Underline },
  { name: 'strike', label: 'Strikethrough', keys: 'Mod Shift S', icon: Strikethrough },
] as const
const fonts = [
  { value: 'heading', label: 'Heading' },
  { value: 'body', label: 'Body' },
  { value: 'mono', label: 'Mono' },
] as const
/** How text looks: of the words selected while a text is written, else of whole boxes. */
export function TextTools() {
  const { doc, slide, theme, selected, editor, change, write } = useStudio()
  const boxes = selected.filter((element): element is Written => 'text' in element)
  const state = useEditorState({
    editor,
    selector: ({ editor: now }) =>
      now && {
        names: ['bold', 'italic', 'underline', 'strike', 'bulletList', 'orderedList'].filter((name) =>
          now.isActive(name),
        ),
        ink: (now.getAttributes('textStyle').color ?? null) as string | null,
        empty: now.state.selection.empty,
      },
  })
  // The last state of an editor that is gone says nothing of what is selected now.
  const active = editor ? state : null
  const first = boxes[0]
  if (!first || !slide) return null

  const style = (next: Style) =>
    change(() =>
      setStyle(
        doc,
        slide.id,
        boxes.map(({ id }) => id),
        next,
      ),
    )
  const same = <K extends keyof Written>(key: K) =>
    boxes.every((box) => box[key] === first[key]) ? first[key] : undefined

  function run(name: Command) {
    // A box that is bold as a whole is so in each of its words.
    if (name === 'bold' && (!editor || first?.bold)) style({ bold: !first?.bold })
    else if (editor) toggle(editor, name)
    else if (first) write(first.id, { all: true, first: (begun) => toggle(begun, name) })
  }
  const many = boxes.length > 1
  const isOn = (name: Command) =>
    name === 'bold' ? first.bold || active?.names.includes('bold') === true : active?.names.includes(name) === true

  return (
    <>
      <Divider />
      <Select
        label="Font"
        value={same('font') ?? 'body'}
        choices={fonts}
        onChange={(font) => style({ font })}
        className="h-8 w-26 border-transparent bg-transparent shadow-none md:max-xl:w-23"
      />
      <FontSize value={same('fontSize')} onChange={(fontSize) => style({ fontSize })} />
      <Divider />
      {marks.map(({ name, label, keys, icon }) => (
        <Tool
          key={name}
          icon={icon}
          label={label}
          keys={keys}
          pressed={isOn(name)}
          disabled={many && name !== 'bold'}
          onClick={() => run(name)}
        />
      ))}
      <ColorTool
        label="Text color"
        icon={Baseline}
        theme={theme}
        value={active?.ink ?? same('color')}
        onChange={(color) => {
          if (editor && active && !active.empty) editor.chain().focus().setMark('textStyle', { color }).run()
          else style({ color })
        }}
      />
      <LinkTool disabled={many} />
      <Divider />
      <AlignTool
        align={same('align')}
        valign={same('valign')}
        onAlign={(align) => style({ align })}
        onValign={(valign) => style({ valign })}
      />
      <Tool
        icon={List}
        label="Bullet list"
        disabled={many}
        pressed={isOn('bulletList')}
        onClick={() => run('bulletList')}
      />
      <Tool
        icon={ListOrdered}
        label="Numbered list"
        disabled={many}
        pressed={isOn('orderedList')}
        onClick={() => run('orderedList')}
      />
    </>
  )
}

function toggle(editor: NonNullable<ReturnType<typeof useStudio>['editor']>, name: Command): void {
  if (name === 'bulletList') editor.chain().focus().toggleBulletList().run()
  else if (name === 'orderedList') editor.chain().focus().toggleOrderedList().run()
  else editor.chain().focus().toggleMark(name).run()
}
