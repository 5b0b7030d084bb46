import { Extension } from '@tiptap/core'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { yCursorPlugin } from '@tiptap/y-tiptap'
import type { Awareness } from 'y-protocols/awareness'

/** How long a name stays beside a caret after it moved, in milliseconds. */
const NAME_MS = 2_200
const COLOR = /^#[0-9a-f]{6}$/i

interface CaretOptions {
  awareness: Awareness | null
}

/** Other people's carets and selections, over the text: nothing moves to make room for them. */
export const Carets = Extension.create<CaretOptions>({
  name: 'carets',
  priority: 999,
  addOptions: () => ({ awareness: null }),
  addProseMirrorPlugins() {
    const { awareness } = this.options
    if (!awareness) return []
    return [
      yCursorPlugin(awareness, { cursorBuilder: caretOf, selectionBuilder: selectionOf }),
      new Plugin({ key: new PluginKey('caretNames'), view: (view) => showNames(view, awareness) }),
    ]
  },
})

function caretOf(user: { name?: unknown; color?: unknown }, clientId: number): HTMLElement {
  const caret = document.createElement('span')
  caret.className = 'caret'
  caret.dataset.client = String(clientId)
  caret.style.setProperty('--caret', colorOfUser(user.color))
  const name = document.createElement('span')
  name.className = 'caret-name'
  name.textContent = String(user.name ?? 'Someone')
  caret.append(name)
  return caret
}

function selectionOf(user: { color?: unknown }): { class: string; style: string } {
  return { class: 'caret-selection', style: `--caret: ${colorOfUser(user.color)}` }
}

function colorOfUser(color: unknown): string {
  return typeof color === 'string' && COLOR.test(color) ? color : '#7c7c86'
}

/** Shows the name of whoever's caret moved, for a moment. */
function showNames(view: EditorView, awareness: Awareness): { update(): void; destroy(): void } {
  const until = new Map<number, number>()
  const cursors = new Map<number, string>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function paint(): void {
    const now = Date.now()
    for (const caret of view.dom.querySelectorAll<HTMLElement>('.caret')) {
      const moving = (until.get(Number(caret.dataset.client)) ?? 0) > now
      if (caret.classList.contains('is-moving') !== moving) caret.classList.toggle('is-moving', moving)
    }
    for (const [clientId, end] of until) if (end <= now) until.delete(clientId)
    clearTimeout(timer)
    if (until.size > 0) timer = setTimeout(paint, Math.max(16, Math.min(...until.values()) - now))
  }

  function changed(): void {
    for (const [clientId, state] of awareness.getStates()) {
      if (clientId === awareness.clientID) continue
      const cursor = JSON.stringify(state.cursor ?? null)
      if (cursors.get(clientId) === cursor) continue
      cursors.set(clientId, cursor)
      if (cursor !== 'null') until.set(clientId, Date.now() + NAME_MS)
    }
    for (const clientId of cursors.keys()) if (!awareness.getStates().has(clientId)) cursors.delete(clientId)
    // The caret itself is drawn a moment later.
    setTimeout(paint, 0)
  }

  awareness.on('change', changed)
  return {
    update: paint,
    destroy() {
      clearTimeout(timer)
      awareness.off('change', changed)
    },
  }
}
