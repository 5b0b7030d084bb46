// Makes what is missing or stale: packages, Prisma clients, the web build. Plain Node: it runs before anything else is
// there, and costs a few hashes when nothing changed.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { hashOf, isFresh, writeStamp } from './stamps.mjs'
import { Refused, root, run, say, since } from './step.mjs'

const PNPM = 'pnpm@10.34.9'
const FLOORS = ['packages', 'services', 'apps']

/** Refuses a Node that cannot run us. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new Refused(
    `Realtime Collaborator needs Node 20.19 or newer; this is ${version}. Get one at https://nodejs.org`,
  )
}

/** Installs the packages of the lockfile when it or a package.json changed. */
export async function preparePackages() {
  const manifests = FLOORS.flatMap((floor) =>
    existsSync(join(root, floor)) ? readdirSync(join(root, floor)).map((name) => `${floor}/${name}/package.json`) : [],
  )
  const files = [
    'package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    '.npmrc',
    'e2e/package.json',
    'bench/package.json',
  ]
  const hash = hashOf(root, [...files, ...manifests], { extra: [process.platform, process.arch] })
  const stamp = join(root, 'node_modules/.prepared')
  if (isFresh(stamp, hash)) return
  say('Installing the packages (once, or after an update)')
  const began = performance.now()
  const reporter = process.stdout.isTTY ? [] : ['--reporter=append-only']
  await run('Installing the packages', 'npx', ['-y', PNPM, 'install', '--frozen-lockfile', ...reporter], {
    // pnpm leaves out what building needs when NODE_ENV says production.
    env: { CI: '1', NODE_ENV: undefined, npm_config_update_notifier: 'false' },
    hint: 'It needs the npm registry once; `npm config get registry` says which. Then try again.',
  })
  writeStamp(stamp, hash)
  say(`Packages are installed (${since(began)})`)
}

/** Generates the Prisma clients of changed schemas. */
export async function prepareClients() {
  const { generateClients } = await import('./generate-clients.mjs')
  generateClients({ print: (line) => line.includes('generated') && say(line) })
}

const webStamp = join(root, 'apps/web/.next/.prepared')

function webHash() {
  return hashOf(root, ['apps/web', 'packages', 'pnpm-lock.yaml'], {
    extra: [process.versions.node.split('.')[0] ?? ''],
    // Written by the build itself or copied from a package, or without influence on it.
    skip: (path) => /(^apps\/web\/public\/excalidraw\/|(next-env\.d\.ts|\.test\.tsx?|\.md)$)/.test(path),
  })
}

/** Whether the web app is built from the sources as they are. */
export function isWebFresh(hash = webHash()) {
  return isFresh(webStamp, hash) && existsSync(join(root, 'apps/web/.next/BUILD_ID'))
}

/** Builds the web app when a source of it changed. */
export async function prepareWeb() {
  const hash = webHash()
  if (isWebFresh(hash)) return
  say('Building the web app (once, or after a change)')
  const began = performance.now()
  const next = join(root, 'apps/web/node_modules/next/dist/bin/next')
  await run('Building the web app', process.execPath, [next, 'build'], {
    cwd: join(root, 'apps/web'),
    env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  })
  writeStamp(webStamp, hash)
  say(`The web app is built (${since(began)})`)
}
