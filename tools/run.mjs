// node tools/run.mjs <command>: the root scripts. Needs nothing but Node; each command prepares what it needs first.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { prepareFonts } from './fonts.mjs'
import { checkNode, prepareClients, preparePackages, prepareWeb } from './prepare.mjs'
import { preparePython } from './python.mjs'
import { interruptible, Refused, root } from './step.mjs'

const [command = '', ...rest] = process.argv.slice(2)

async function packages() {
  await preparePackages()
  await prepareClients()
  prepareFonts()
}

/** Runs TypeScript in this very process, so that signals reach it as they come. */
async function load(path, args) {
  const { register } = await import('tsx/esm/api')
  register()
  const file = join(root, path)
  process.argv = [process.execPath, file, ...args]
  await import(pathToFileURL(file).href)
}

/** Runs a tool of node_modules with our streams; its exit status becomes ours. */
function tool(name, args) {
  const bin = join(root, 'node_modules/.bin', name)
  const child = spawn(bin, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  return new Promise((resolve) => {
    child.once('close', (code) => {
      process.exitCode = code ?? 1
      resolve()
    })
  })
}

/** Preparing may be interrupted; afterwards signals belong to the command. */
async function prepared(...steps) {
  const release = interruptible()
  for (const step of steps) await step()
  release()
}

const platform = 'apps/platform/src/main.ts'
const commands = {
  /** What `start` would make at its first start, for an image. */
  async prepare() {
    await prepared(packages, () => preparePython({ required: true }), prepareWeb)
  },
  async start() {
    await prepared(packages, preparePython, prepareWeb)
    await load(platform, rest)
  },
  async dev() {
    await prepared(packages, preparePython)
    await load(platform, ['--dev', ...rest])
  },
  async test() {
    await prepared(packages)
    const { testAll } = await import('./suite.mjs')
    process.exitCode = await testAll()
  },
  async check() {
    await prepared(packages)
    const { checkAll } = await import('./suite.mjs')
    process.exitCode = await checkAll()
  },
  async doctor() {
    await prepared(packages)
    await load('tools/doctor.ts', rest)
  },
  /** Puts what can be read of a document, or a state from a file, in its place: npm run repair <document> [file] */
  async repair() {
    await prepared(packages)
    await load('tools/repair.ts', rest)
  },
  async generate() {
    await prepared(packages)
    await load('tools/generate.ts', rest)
  },
  async migrate() {
    await prepared(packages)
    await load('tools/migrate.ts', rest)
  },
  /** The pictures in the README. */
  async pictures() {
    await prepared(packages, preparePython, prepareWeb)
    const { prepareChromium } = await import('./chromium.mjs')
    process.env.CHROMIUM_PATH = await prepareChromium()
    await load('e2e/pictures/pictures.ts', rest)
  },
  /** Measures, and prints ratios: npm run bench [what] [-- --json] */
  async bench() {
    // The real-time core is measured without a page.
    if (rest[0] === 'realtime') await prepared(packages)
    else {
      await prepared(packages, preparePython, prepareWeb)
      const { prepareChromium } = await import('./chromium.mjs')
      process.env.CHROMIUM_PATH = await prepareChromium()
    }
    await load('bench/main.ts', rest)
  },
  /** Breaks the platform under those who write, and looks whether anything was lost: npm run chaos [-- --minutes 10] */
  async chaos() {
    await prepared(packages)
    await load('e2e/chaos/main.ts', rest)
  },
  async format() {
    await prepared(preparePackages)
    await tool('biome', ['check', '--write', ...rest])
    if (existsSync(join(root, 'services/ai/.venv/bin/ruff'))) {
      const ruff = spawn(join(root, 'services/ai/.venv/bin/ruff'), ['format', 'services/ai'], {
        cwd: root,
        stdio: 'inherit',
      })
      await new Promise((resolve) => ruff.once('close', resolve))
    }
  },
}

try {
  checkNode()
  process.chdir(root)
  if (existsSync('.env')) process.loadEnvFile('.env')
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined
  if (!run) throw new Refused(`npm run ${Object.keys(commands).join(' | ')}`)
  await run()
} catch (error) {
  if (!(error instanceof Refused)) throw error
  console.error(error.message)
  process.exitCode = 1
}
