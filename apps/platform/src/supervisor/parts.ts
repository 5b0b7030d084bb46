import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serviceNames } from '../services.ts'
import type { PartSpec } from './child.ts'
import { aiCommand, aiDirectory } from './python.ts'
import { root } from './root.ts'
import { environmentOf, type Ports, partVariables } from './wiring.ts'

/** The groups in which parts are stopped, callers before those they call; PostgreSQL comes after all. */
export const stopOrder = [['gateway'], ['web', 'collaboration', 'ai'], ['document'], ['organization'], ['auth']]

/** How each part is run. AI is missing where there is no Python environment. */
export function partSpecs(
  wiring: Record<string, string>,
  ports: Ports,
  env: NodeJS.ProcessEnv,
  dev: boolean,
): PartSpec[] {
  const variables = partVariables()
  const internal: Record<string, number> = {
    auth: ports.AUTH_INTERNAL,
    organization: ports.ORGANIZATION_INTERNAL,
    document: ports.DOCUMENT_INTERNAL,
    collaboration: ports.COLLABORATION_INTERNAL,
    gateway: ports.GATEWAY_INTERNAL,
  }
  const python = aiCommand()
  // Without an address the gateway itself says how to switch AI on.
  const { AI_URL, ...others } = wiring
  const wired = python && AI_URL ? wiring : others
  const loader = import.meta.resolve('tsx')
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const specs: PartSpec[] = serviceNames.map((name) => ({
    name,
    command: process.execPath,
    args: ['--import', loader, main, name],
    env: environmentOf(variables[name] ?? [], wired, env, {
      SUPERVISED: '1',
      ...(dev ? { NODE_ENV: 'development' } : {}),
    }),
    cwd: root,
    lifeline: 'ipc',
    readyUrl: `http://127.0.0.1:${internal[name]}/ready`,
  }))
  specs.push({
    name: 'web',
    command: process.execPath,
    args: [fileURLToPath(new URL('../web.mjs', import.meta.url)), dev ? 'dev' : 'start'],
    env: environmentOf(variables.web ?? [], wired, env, {
      WEB_LISTEN: `127.0.0.1:${ports.WEB}`,
      NEXT_TELEMETRY_DISABLED: '1',
      ...(dev ? { NODE_ENV: 'development' } : {}),
    }),
    cwd: join(root, 'apps/web'),
    lifeline: 'ipc',
    // In development the first page would have to be compiled first.
    readyUrl: `http://127.0.0.1:${ports.WEB}/${dev ? 'icon.svg' : ''}`,
  })
  if (python) {
    specs.push({
      name: 'ai',
      command: python.file,
      args: python.args,
      env: environmentOf(variables.ai ?? [], wired, env, { PARENT_PIPE: '1', PYTHONDONTWRITEBYTECODE: '1' }),
      cwd: aiDirectory,
      lifeline: 'stdin',
      readyUrl: `http://127.0.0.1:${ports.AI}/ready`,
    })
  }
  return specs
}
