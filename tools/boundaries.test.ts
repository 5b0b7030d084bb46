import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Who may import whom: packages ← services ← apps ← e2e, bench. What is not listed is not allowed. */
const may: Record<string, string[]> = {
  'packages/contracts': [],
  'packages/resources': ['contracts'],
  'packages/client': ['contracts'],
  'packages/kit': ['contracts'],
  'services/auth': ['contracts', 'kit'],
  'services/organization': ['contracts', 'kit'],
  'services/document': ['contracts', 'kit', 'resources'],
  'services/collaboration': ['contracts', 'kit', 'resources', 'client'],
  // The gateway knows paths and upstreams, and no business word.
  'services/gateway': ['contracts', 'kit'],
  // `client` is how the doctor tries the socket.
  'apps/platform': ['contracts', 'kit', 'client', 'auth', 'organization', 'document', 'collaboration', 'gateway'],
  'apps/web': ['contracts', 'resources', 'client'],
}
/** The upper floor, where everything meets. */
const upper = ['e2e', 'bench', 'tools']
/** Tests of the platform drive it as a client does. */
const inTests: Record<string, string[]> = { 'apps/platform': ['resources'] }

const root = fileURLToPath(new URL('..', import.meta.url))
const MADE = new Set(['node_modules', '.next', '.data', '.venv', 'database'])

const files = [...Object.keys(may), ...upper].flatMap((folder) =>
  sources(join(root, folder)).map((file) => ({ folder, file: relative(root, file), imports: importsOf(file) })),
)

test('imports are found at all', () => {
  expect(files.length).toBeGreaterThan(20)
  expect(files.some(({ imports }) => imports.includes('@realtime/contracts'))).toBe(true)
})

test('every package of the workspace is in the table', () => {
  const found = ['packages', 'services', 'apps'].flatMap((floor) =>
    readdirSync(join(root, floor))
      .map((name) => `${floor}/${name}`)
      .filter((folder) => existsSync(join(root, folder, 'package.json'))),
  )
  expect(found.sort()).toEqual(Object.keys(may).sort())
})

test('nothing imports what it may not', () => {
  const wrong = files.flatMap(({ folder, file, imports }) => {
    const allowed = may[folder]
    if (!allowed) return []
    const more = /\.test\.tsx?$|\/tests?\//.test(file) ? (inTests[folder] ?? []) : []
    const own = folder.split('/')[1]
    return imports
      .map((name) => /^@realtime\/([^/]+)/.exec(name)?.[1])
      .filter((name) => name !== undefined && name !== own && !allowed.includes(name) && !more.includes(name))
      .map((name) => `${file} imports @realtime/${name}`)
  })
  expect(wrong).toEqual([])
})

test('no relative path leaves its package', () => {
  const outside = (folder: string, path: string) => relative(join(root, folder), path).startsWith('..')
  const wrong = files.flatMap(({ folder, file, imports }) =>
    imports
      .filter((name) => name.startsWith('.') || name.startsWith('/'))
      .map((name) => ({ name, path: resolve(root, dirname(file), name) }))
      // The tools belong to no package: the upper floor may use them as they are.
      .filter(({ path }) => outside(folder, path) && !(upper.includes(folder) && !outside('tools', path)))
      .map(({ name }) => `${file} imports ${name}`),
  )
  expect(wrong).toEqual([])
})

test('the allowed imports have no circle', () => {
  const folders = Object.fromEntries(Object.keys(may).map((folder) => [folder.split('/')[1] ?? '', may[folder] ?? []]))
  const reach = (name: string, path: string[]): string[] => {
    if (path.includes(name)) return [...path, name]
    return (folders[name] ?? []).flatMap((next) => reach(next, [...path, name]))
  }
  expect(Object.keys(folders).flatMap((name) => reach(name, []))).toEqual([])
})

/** What a file imports, by `import`, `export … from`, `import()` and `require`. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const pattern = /\b(?:from|import)\s*['"]([^'"]+)['"]|\b(?:import|require(?:\.resolve)?)\(\s*['"]([^'"]+)['"]/g
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? '')
}

function sources(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (MADE.has(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.(ts|tsx|mjs|js|css)$/.test(entry.name) ? [path] : []
  })
}
