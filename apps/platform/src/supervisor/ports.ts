import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'

/** Below every system's range for outgoing connections: a port kept for a part that restarts is not taken meanwhile. */
const FIRST = 21_000
const COUNT = 11_000

/** Chooses free loopback ports, one a name. */
export async function choosePorts<Name extends string>(names: readonly Name[]): Promise<Record<Name, number>> {
  const chosen: Partial<Record<Name, number>> = {}
  let next = Math.floor(Math.random() * COUNT)
  for (const name of names) {
    let tries = 0
    do {
      next = (next + 1) % COUNT
      if (++tries > 2000) throw new Error(`no free port between ${FIRST} and ${FIRST + COUNT}`)
    } while ((await tryPort('127.0.0.1', FIRST + next)) !== null)
    chosen[name] = FIRST + next
  }
  return chosen as Record<Name, number>
}

/** Why an address cannot be listened on; null when it can. */
export function tryPort(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(port, host, () => server.close(() => resolve(null)))
  })
}

/** Why the public address cannot be had, as a line for people; null when it can. */
export async function explainPort(host: string, port: number): Promise<string | null> {
  const code = await tryPort(host, port)
  if (code === null) return null
  if (code === 'EADDRINUSE') {
    const holder = holderOf(port)
    return `Port ${port} is in use${holder ? ` by ${holder}` : ''}. End that, or choose another one: PORT=${port + 1} npm start`
  }
  if (code === 'EACCES')
    return `Listening on port ${port} is not allowed here. Choose one above 1023: PORT=3000 npm start`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `HOST=${host} is no address of this machine. 127.0.0.1 serves this machine only, 0.0.0.0 the whole network.`
  }
  return `Cannot listen on ${host}:${port}: ${code}.`
}

/** The process that listens on a port, `name (process 123)`; null where the system does not tell. */
export function holderOf(port: number): string | null {
  if (process.platform !== 'linux') return null
  const inodes = new Set(['tcp', 'tcp6'].flatMap((table) => listenersOf(`/proc/net/${table}`, port)))
  if (inodes.size === 0) return null
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (!holdsSocket(pid, inodes)) continue
    try {
      return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (process ${pid})`
    } catch {
      return `process ${pid}`
    }
  }
  return null
}

function listenersOf(table: string, port: number): string[] {
  try {
    const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
    const rows = readFileSync(table, 'utf8').split('\n').slice(1)
    const fields = rows.map((row) => row.trim().split(/\s+/))
    // 0A is LISTEN; the tenth field is the socket's inode.
    return fields.filter((row) => row[1]?.endsWith(suffix) && row[3] === '0A').flatMap((row) => row[9] ?? [])
  } catch {
    return []
  }
}

function holdsSocket(pid: string, inodes: Set<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => {
      try {
        return inodes.has(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? '')
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}
