import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { type Client, connectClient, type Door, whileThere } from '../load/client.ts'
import { hocuspocus } from '../load/protocol/hocuspocus.ts'
import { yWebsocket } from '../load/protocol/y-websocket.ts'
import { freshClientId } from '../load/typing.ts'
import { freePort } from './ports.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import type { Target } from './target.ts'

/** What a process needs of the environment to run at all. */
export function plainEnv(): NodeJS.ProcessEnv {
  const keep = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'USER'].map((name) => [name, process.env[name]] as const)
  return { ...Object.fromEntries(keep.filter(([, value]) => value !== undefined)), NODE_ENV: 'production' }
}

/** Starts one of the programs beside this file on a free port. */
export async function startProgram(name: string, folder: string): Promise<{ server: ServerProcess; port: number }> {
  const port = await freePort()
  const file = fileURLToPath(new URL(`./${name}.mjs`, import.meta.url))
  const server = startServer(name, [file], { ...plainEnv(), PORT: String(port) }, folder)
  await server.listens
  return { server, port }
}

/** Starts a peer, with nothing in it. */
export async function startPeer(name: 'Hocuspocus' | 'y-websocket', folder: string): Promise<Target> {
  const { server, port } = await startProgram(name.toLowerCase(), folder)
  const door: Door = { host: '127.0.0.1', port, protocol: name === 'Hocuspocus' ? hocuspocus : yWebsocket }
  return {
    name,
    door,
    server,
    beside: () => ({}),
    async prepare({ state }) {
      const document = randomUUID()
      const holder = await seed(door, document, state)
      return { name: document, release: () => holder.close() }
    },
    stop: () => server.stop(),
  }
}

/** Writes a state into a document as a client; resolves when the server has it, which one confirms and both echo. */
async function seed(door: Door, document: string, state: Uint8Array): Promise<Client> {
  let taken: () => void = () => undefined
  const echoed = new Promise<void>((resolve) => {
    taken = resolve
  })
  const holder = connectClient(door, { document, clientId: freshClientId() }, { update: () => taken() })
  await holder.joined
  holder.send(state)
  await whileThere(holder, echoed)
  return holder
}
