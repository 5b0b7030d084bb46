// The fonts of the canvas, which the web app serves itself: no page asks another origin for anything.
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hashOf, isFresh, writeStamp } from './stamps.mjs'
import { root, say } from './step.mjs'

const source = 'apps/web/node_modules/@excalidraw/excalidraw'
const target = join(root, 'apps/web/public/excalidraw')

/** Copies the fonts of the installed Excalidraw to where the web app serves them from. */
export function prepareFonts() {
  const hash = hashOf(root, [`${source}/package.json`])
  const stamp = join(target, '.prepared')
  if (isFresh(stamp, hash)) return
  rmSync(target, { recursive: true, force: true })
  // Dereferenced: the installed package is a link into pnpm's store.
  cpSync(join(root, source, 'dist/prod/fonts'), join(target, 'fonts'), { recursive: true, dereference: true })
  writeStamp(stamp, hash)
  say('The fonts of the canvas are in place')
}
