// Runs Next.js in this process, listening on WEB_LISTEN. Plain JavaScript: the web needs no TypeScript loader.
// Leaves when the supervisor's channel closes, also when the supervisor was killed.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const listen = process.env.WEB_LISTEN ?? '127.0.0.1:3001'
const at = listen.lastIndexOf(':')
const mode = process.argv[2] === 'dev' ? 'dev' : 'start'
const directory = fileURLToPath(new URL('../../web', import.meta.url))

// Next finishes open requests first and may wait for an idle connection as if it were one. Under a supervisor the
// gateway has stopped before, so that nobody is cut off.
const supervised = process.channel !== undefined
const patienceMs = supervised ? 500 : 5_000
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => setTimeout(leave, patienceMs).unref())
}

if (supervised) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}

function leave() {
  // The supervisor makes this process the leader of its group, which holds the children of `next dev` too.
  if (mode === 'dev' && supervised) process.kill(-process.pid, 'SIGKILL')
  process.exit(0)
}

process.chdir(directory)
const require = createRequire(`${directory}/package.json`)
const next = require.resolve('next/dist/bin/next')
const options = ['-H', listen.slice(0, at).replace(/^\[|\]$/g, ''), '-p', listen.slice(at + 1)]
// Longer than the gateway keeps idle connections, else it would reuse one that is just closing.
if (mode === 'start') options.push('--keepAliveTimeout', '75000')
process.argv = [process.execPath, next, mode, ...options]
require(next)
