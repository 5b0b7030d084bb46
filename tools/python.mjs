// The Python environment of the AI service, made from its lock with hashes. Without Python AI is off, and nothing else.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { hashOf, isFresh, writeStamp } from './stamps.mjs'
import { Refused, root, run, say, since } from './step.mjs'

const folder = join(root, 'services/ai')
const venv = join(folder, '.venv')
const NAMES = ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3', 'python']

/** The environment's interpreter, or a tool installed into it. */
export function inVenv(tool = 'python') {
  return delimiter === ';' ? join(venv, 'Scripts', `${tool}.exe`) : join(venv, 'bin', tool)
}

/**
 * A Python ≥ 3.10 that can make environments, or why there is none.
 * @returns {{ python: string, version: string } | { missing: string }}
 */
export function findPython() {
  let incapable = ''
  let old = ''
  for (const name of NAMES) {
    const probe = 'import sys; print("%d.%d" % sys.version_info[:2]); import venv, ensurepip'
    const { status, stdout, error } = spawnSync(name, ['-c', probe], { encoding: 'utf8' })
    const version = stdout?.trim() ?? ''
    const [major = 0, minor = 0] = version.split('.').map(Number)
    if (error || major < 3) continue
    if (minor < 10) old ||= version
    else if (status === 0) return { python: name, version }
    else incapable ||= version
  }
  if (incapable) return { missing: `Python ${incapable} has no venv: install the package python3-venv` }
  if (old) return { missing: `Python ${old} is too old: install Python 3.10 or newer with python3-venv` }
  return { missing: 'Python is missing: install Python 3.10 or newer with python3-venv' }
}

/**
 * Makes the environment when it is missing or stale. Where that cannot be, says so in a line; `required` refuses then.
 * @param {{ dev?: boolean, required?: boolean }} [options] `dev` adds what the tests need
 */
export async function preparePython({ dev = false, required = false } = {}) {
  if (process.env.AI_PYTHON && !dev) return
  const locks = ['services/ai/requirements.lock', ...(dev ? ['services/ai/requirements-dev.lock'] : [])]
  const stamp = join(venv, dev ? '.complete-dev' : '.complete')
  const hash = hashOf(root, locks)
  if (isFresh(stamp, hash) && existsSync(inVenv())) return
  const found = findPython()
  if ('missing' in found) {
    if (required) throw new Refused(`${found.missing}.`)
    say(`AI is off: ${found.missing}. All else works.`)
    return
  }
  say(`Making the Python environment of the AI service (Python ${found.version})`)
  const began = performance.now()
  try {
    // A system update can take the interpreter away from under an environment.
    const broken = existsSync(venv) && spawnSync(inVenv(), ['-c', 'import pip']).status !== 0
    if (broken) rmSync(venv, { recursive: true, force: true })
    if (!existsSync(inVenv())) await run('python -m venv', found.python, ['-m', 'venv', venv], { quiet: true })
    const files = locks.filter((lock) => existsSync(join(root, lock))).flatMap((lock) => ['-r', join(root, lock)])
    const options = ['--require-hashes', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off']
    await run('Installing the Python packages', inVenv(), ['-m', 'pip', 'install', ...options, ...files], {
      quiet: !process.stdout.isTTY,
    })
    writeStamp(stamp, hash)
    // The one for running is complete, too.
    if (dev) writeStamp(join(venv, '.complete'), hashOf(root, ['services/ai/requirements.lock']))
    say(`The Python environment is ready (${since(began)})`)
  } catch (error) {
    if (required || !(error instanceof Refused)) throw error
    say(`AI is off, all else works: ${error.message}`)
  }
}

/** Why AI cannot run here; null when it can. */
export function pythonTrouble() {
  if (isFresh(join(venv, '.complete'), hashOf(root, ['services/ai/requirements.lock'])) && existsSync(inVenv()))
    return null
  const found = findPython()
  return 'missing' in found ? found.missing : 'its Python environment is not made yet: npm start makes it'
}
