import { existsSync, watch } from 'node:fs'
import { join } from 'node:path'
import type { Part } from './part.ts'
import { root } from './root.ts'
import type { Screen } from './screen.ts'

/** Folders whose files a part is made of, besides `services/<name>`. */
const SHARED = ['packages/contracts', 'packages/resources', 'packages/client', 'packages/kit']
const QUIET_MS = 150

/** Restarts each service whose sources change, all of them for a shared package; the web reloads by itself. */
export function reloadOnChange(parts: Part[], screen: Screen): () => void {
  const services = parts.filter((part) => part.name !== 'web')
  const due = new Set<Part>()
  let timer: NodeJS.Timeout | undefined
  const changed = (touched: Part[]) => {
    for (const part of touched) due.add(part)
    clearTimeout(timer)
    timer = setTimeout(() => {
      screen.line(`Changed: ${[...due].map((part) => part.name).join(', ')}`)
      for (const part of due) part.restart()
      due.clear()
    }, QUIET_MS)
  }
  const watched = [
    ...services.map((part) => ({
      folder: join(root, 'services', part.name, part.name === 'ai' ? 'ai' : 'src'),
      parts: [part],
    })),
    ...SHARED.map((name) => ({
      folder: join(root, name, 'src'),
      parts: services.filter((part) => part.name !== 'ai'),
    })),
  ]
  const watchers = watched
    .filter(({ folder }) => existsSync(folder))
    .map(({ folder, parts: touched }) =>
      watch(folder, { recursive: true }, (_event, file) => {
        if (file && /\.(ts|json|py)$/.test(file) && !/\.test\.ts$/.test(file)) changed(touched)
      }),
    )
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}
