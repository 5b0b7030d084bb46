// The checks and tests: every step runs, also after one that failed, and a single line counts them all.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { prepareChromium } from './chromium.mjs'
import { prepareOffice } from './office.mjs'
import { prepareWeb } from './prepare.mjs'
import { inVenv, preparePython } from './python.mjs'
import { Refused, root, say } from './step.mjs'

/** @typedef {{ name: string, passed: number, failed: number, details: string[], seconds: number }} Result */

const node = process.execPath
const bin = (name) => join(root, 'node_modules/.bin', name)
const scratch = mkdtempSync(join(tmpdir(), 'realtime-suite-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

const check = [
  single('lint', bin('biome'), ['ci', '--reporter=summary']),
  single('types', bin('tsc'), ['--noEmit', '-p', '.']),
  // The types of Next's routes are generated, too.
  single('types of routes', node, ['node_modules/next/dist/bin/next', 'typegen'], { cwd: join(root, 'apps/web') }),
  single('types (web)', bin('tsc'), ['--noEmit', '-p', 'apps/web']),
  single('migrations', node, ['--import', 'tsx', 'tools/migrate.ts', 'check']),
  single('generated files', node, ['--import', 'tsx', 'tools/generate.ts', '--check']),
]

const ai = join(root, 'services/ai')
const python = [
  single('python packages', null, [], { before: () => preparePython({ dev: true, required: true }) }),
  single('python lint', inVenv('ruff'), ['check'], { cwd: ai }),
  single('python format', inVenv('ruff'), ['format', '--check'], { cwd: ai }),
  single('python types', bin('pyright'), [], { cwd: ai }),
  pytest(),
]

/** Lint, types, migrations, boundaries and generated files. */
export async function checkAll() {
  return report([...check, vitest('boundaries', ['--project', 'unit', 'tools/boundaries.test.ts'])])
}

/** Everything there is. */
export async function testAll() {
  // A step of its own: where it cannot be had, all that does not need it is tested still.
  const office = single('office programs', null, [], {
    before: async () => {
      process.env.OFFICE_PATH = await prepareOffice()
    },
  })
  const browser = async () => {
    process.env.CHROMIUM_PATH = await prepareChromium()
    await preparePython()
    await prepareWeb()
  }
  const inside = ['unit', 'web', 'pg'].flatMap((project) => ['--project', project])
  const inVitest = [vitest('vitest', inside), ...python, vitest('e2e', ['--project', 'e2e'], browser)]
  return report([...check, office, ...inVitest])
}

async function report(steps) {
  const results = []
  for (const step of steps) {
    say(step.name)
    const began = performance.now()
    const result = await step.run().catch((error) => {
      const told = error instanceof Refused ? error.message : (error.stack ?? String(error))
      return { passed: 0, failed: 1, details: [told] }
    })
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    const counts = `${result.passed} passed, ${result.failed} failed`
    console.log(`  ${result.failed > 0 ? 'FAILED' : 'ok'}  ${step.name}: ${counts} (${seconds} s)`)
    results.push({ ...result, name: step.name })
  }
  const failures = results.flatMap(({ name, details }) => details.map((detail) => `${name}: ${detail}`))
  if (failures.length > 0) console.log(`\nFailures:\n${failures.map((text) => `- ${text}`).join('\n')}`)
  const sum = (key) => results.reduce((total, result) => total + result[key], 0)
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`)
  return sum('failed') > 0 ? 1 : 0
}

/** A step that passes or fails as one. */
function single(name, command, args, { cwd = root, before } = {}) {
  return {
    name,
    async run() {
      await before?.()
      const { code, reason } = command ? await execute(command, args, cwd) : { code: 0, reason: '' }
      return code === 0 ? { passed: 1, failed: 0, details: [] } : { passed: 0, failed: 1, details: [reason] }
    },
  }
}

/** Tests by vitest, counted one by one. */
function vitest(name, args, before) {
  return {
    name,
    async run() {
      await before?.()
      const file = join(scratch, `${name}.json`)
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
      const { code, reason } = await execute(bin('vitest'), ['run', ...args, ...reporters], root)
      if (!existsSync(file)) return { passed: 0, failed: 1, details: [`${reason}, without results`] }
      return withStatus(countVitest(JSON.parse(readFileSync(file, 'utf8'))), code, reason)
    },
  }
}

/** Passed and failed of vitest's JSON; a file that failed outside of its tests counts as one. */
export function countVitest(json) {
  const details = []
  for (const file of json.testResults) {
    const path = relative(root, file.name)
    const failed = file.assertionResults.filter((test) => test.status === 'failed')
    for (const test of failed) details.push(`${path}: ${test.fullName}: ${firstLine(test.failureMessages[0])}`)
    if (file.status === 'failed' && failed.length === 0) details.push(`${path}: ${firstLine(file.message)}`)
  }
  return { passed: json.numPassedTests, failed: details.length, details }
}

function pytest() {
  return {
    name: 'python tests',
    async run() {
      const file = join(scratch, 'pytest.xml')
      const { code, reason } = await execute(inVenv(), ['-m', 'pytest', '-q', `--junit-xml=${file}`], ai)
      if (!existsSync(file)) return { passed: 0, failed: 1, details: [`${reason}, without results`] }
      return withStatus(countJunit(readFileSync(file, 'utf8')), code, reason)
    },
  }
}

/** Passed and failed of pytest's JUnit file. */
export function countJunit(xml) {
  const cases = [...xml.matchAll(/<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)]
  const named = cases.map(([, attributes, body = '']) => ({
    name: ['classname', 'name'].map((key) => new RegExp(`(?:^| )${key}="([^"]*)"`).exec(attributes)?.[1]).join('.'),
    failed: /<(failure|error)\b/.test(body),
    skipped: /<skipped\b/.test(body),
  }))
  const details = named.filter((test) => test.failed).map((test) => test.name)
  const passed = named.filter((test) => !test.failed && !test.skipped).length
  return { passed, failed: details.length, details }
}

/** A tool that found nothing wrong with any test, and yet failed, counts as one failure. */
function withStatus(result, code, reason) {
  if (code === 0 || result.failed > 0) return result
  return { ...result, failed: 1, details: [`${reason}, though no test failed`] }
}

/** Runs a tool with its output shown; one that is missing has failed. */
function execute(command, args, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }) },
      shell: process.platform === 'win32',
    })
    child.once('error', (error) => resolve({ code: 127, reason: error.message }))
    child.once('close', (code, signal) => resolve({ code: code ?? 1, reason: signal ?? `exit ${code}` }))
  })
}

function firstLine(text = '') {
  return text.trim().split('\n', 1)[0]
}
