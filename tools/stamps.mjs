// Whether what was made from some files is still up to date: a stamp holds the hash of what it was made from.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/** Folders that hold what is made, never what it is made from. */
const MADE = new Set(['node_modules', '.next', '.venv', '.data', '.git', '__pycache__', 'coverage', 'test-results'])

/**
 * The hash of files, and of all files below folders, by path and content; what is missing counts as missing.
 * @param {string} base paths are taken relative to it, so that a moved repository stays up to date
 * @param {string[]} paths
 * @param {{ extra?: string[], skip?: (path: string) => boolean }} [options] `extra` words to hash too
 */
export function hashOf(base, paths, { extra = [], skip = () => false } = {}) {
  const hash = createHash('sha256')
  for (const word of extra) hash.update(`${word}\0`)
  for (const path of paths.flatMap((one) => filesBelow(join(base, one))).sort()) {
    const name = relative(base, path).split(sep).join('/')
    if (skip(name)) continue
    hash.update(`${name}\0`)
    hash.update(existsSync(path) ? readFileSync(path) : 'missing')
    hash.update('\0')
  }
  return hash.digest('hex')
}

/** Whether a stamp says that its hash is this one. */
export function isFresh(stamp, hash) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === hash
}

/** Writes a stamp, once what it stands for is complete. */
export function writeStamp(stamp, hash) {
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, `${hash}\n`)
}

/** The files below a folder; a file, or what is missing, stands for itself. */
function filesBelow(path) {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (MADE.has(entry.name) || entry.name.endsWith('.tsbuildinfo')) return []
    const child = join(path, entry.name)
    return entry.isDirectory() ? filesBelow(child) : entry.isFile() ? [child] : []
  })
}
