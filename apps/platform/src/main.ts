import { isServiceName, serviceNames } from './services.ts'

// main.ts                     supervises everything
// main.ts auth organization   runs those services in this process, on environment variables alone
// main.ts web | ai            runs that part in the foreground, for a container

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const unknown = names.filter((name) => !isServiceName(name) && name !== 'web' && name !== 'ai')

if (unknown.length > 0) {
  console.error(`No part is called ${unknown.join(', ')}. There are: ${[...serviceNames, 'web', 'ai'].join(', ')}.`)
  process.exitCode = 64
} else if (names.length === 0) {
  const { supervise } = await import('./supervisor/index.ts')
  process.exitCode = await supervise({ dev: process.argv.includes('--dev') })
} else if (names.every(isServiceName)) {
  const { runServices } = await import('./process.ts')
  await runServices(names)
} else if (names.length === 1) {
  const { runForeign } = await import('./foreign.ts')
  await runForeign(names[0] === 'ai' ? 'ai' : 'web')
} else {
  console.error('web and ai each need a process of their own.')
  process.exitCode = 64
}
