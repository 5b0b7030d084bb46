// Runs Next.js in this process, listening on WEB_LISTEN. Plain JavaScript: the web needs no TypeScript loader.
// Leaves when the supervisor's channel closes, also when the supervisor was killed.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const listen = process.env.WEB_LISTEN ?? '127.0.0.1:3001'
const at = listen.lastIndexOf(':')
const mode = process.argv[2] === 'dev' ? 'dev' : 'start'
const directory = fileURLToPath(new URL('../../web', import.meta.url))

if (process.channel) {
  process.on('disconnect', () => {
    // The supervisor makes this process the leader of its group, which holds the children of `next dev` too.
    setTimeout(() => process.kill(mode === 'dev' ? -process.pid : process.pid, 'SIGKILL'), 3_000).unref()
    process.kill(process.pid, 'SIGTERM')
  })
  process.channel.unref()
}

process.chdir(directory)
const require = createRequire(`${directory}/package.json`)
const next = require.resolve('next/dist/bin/next')
const options = ['-H', listen.slice(0, at).replace(/^\[|\]$/g, ''), '-p', listen.slice(at + 1)]
// Longer than the gateway keeps idle connections, else it would reuse one that is just closing.
if (mode === 'start') options.push('--keepAliveTimeout', '75000')
process.argv = [process.execPath, next, mode, ...options]
require(next)
